import { fromBase64, hexDump } from './hex-dump';

describe(hexDump, () => {
  it('shows offset, bytes and signs', () => {
    const bytes = Uint8Array.from([0x68, 0xff, 0x00, 0x7f, 0x20, 0x7e, 0x31, 0x32, 0x33]);
    expect(hexDump(bytes)).toBe(
      ['00000  68 ff 00 7f 20 7e 31 32  h··· ~12', '00008  33                       3'].join('\n'),
    );
    expect(hexDump(new Uint8Array())).toBe('');
  });
});

describe(fromBase64, () => {
  it('gives back the bytes', () => {
    expect([...fromBase64('AP9o')]).toEqual([0x00, 0xff, 0x68]);
  });
});
