import { assert, nat, property, uniqueArray } from 'fast-check';
import { type Cut, PacketCutter } from './packet-cutter.js';

function cut(chunks: Buffer[], maxBytes = 1000): Cut[] {
  const cuts: Cut[] = [];
  const sut = new PacketCutter(maxBytes, (one) => void cuts.push(one));
  for (const chunk of chunks) sut.push(chunk);
  sut.end();
  return cuts;
}

const hex = (cuts: Cut[]): string[] =>
  cuts.map(({ bytes, size, problem }) =>
    `${bytes.toString('hex')} ${size} ${problem ?? ''}`.trim(),
  );

const packets = [
  Buffer.from('c000', 'hex'),
  Buffer.concat([Buffer.from('30c801', 'hex'), Buffer.alloc(200, 7)]),
  Buffer.from('d000', 'hex'),
  Buffer.from('300400016178', 'hex'),
];

describe(PacketCutter.name, () => {
  it('gives the same packets for every way of cutting the bytes', () => {
    const all = Buffer.concat(packets);
    const whole = hex(cut([all]));
    expect(whole).toEqual(packets.map((one) => `${one.toString('hex')} ${one.length}`));
    assert(
      property(uniqueArray(nat(all.length), { maxLength: 20 }), (places) => {
        const at = [0, ...places.sort((a, b) => a - b), all.length];
        const chunks = at.slice(1).map((end, i) => all.subarray(at[i], end));
        expect(hex(cut(chunks))).toEqual(whole);
      }),
    );
  });

  it('copies what it keeps', () => {
    const chunk = Buffer.from('c000', 'hex');
    const [one] = cut([chunk]);
    chunk.fill(0);
    expect(one?.bytes.toString('hex')).toBe('c000');
  });

  it('hands on the beginning of a packet that is too large, and goes on behind it', () => {
    const [, large, small] = packets as [Buffer, Buffer, Buffer];
    for (const chunks of [
      [Buffer.concat([large, small])],
      [large.subarray(0, 9), large.subarray(9), small],
    ]) {
      const [first, second] = cut(chunks, 100);
      expect(first).toMatchObject({ size: 203, problem: 'too large to be traced' });
      expect(second?.bytes).toEqual(small);
    }
  });

  it('hands on what is incomplete at the end, or has no possible length', () => {
    expect(hex(cut([Buffer.from('30ff01aa', 'hex')]))).toEqual(['30ff01aa 4 incomplete']);
    expect(hex(cut([Buffer.from('30', 'hex')]))).toEqual(['30 1 incomplete']);
    const endless = Buffer.from('30ffffffffff01', 'hex');
    expect(hex(cut([endless, endless]))).toEqual([
      `${endless.toString('hex')} 7 remaining length is malformed`,
    ]);
  });
});
