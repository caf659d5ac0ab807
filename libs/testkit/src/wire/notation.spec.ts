import { wire } from './notation.js';

const hex = (text: string): string => wire(text).toString('hex');

describe('wire', () => {
  it('writes hexadecimal, texts, MQTT strings and numbers as they stand', () => {
    expect(hex(`10 003c 'ab' "ab" u16:60 u32:7 vbi:321`)).toBe(
      '10003c616200026162003c00000007c102',
    );
  });

  it('puts the length before a group, also a nested one', () => {
    expect(hex(`30 < "a" < 01 01 > 'x' >`)).toBe('300700016102010178');
  });

  it('writes a length of several bytes for a long group', () => {
    expect(hex('30 < 61*200 >').slice(0, 10)).toBe('30c8016161');
  });

  it('keeps blanks and brackets inside quotes', () => {
    expect(hex(`'a <b> *'`)).toBe(Buffer.from('a <b> *').toString('hex'));
  });

  it.each(['1', 'xyz', '<', '>', '"open', 'u16:x'])('refuses %s', (text) => {
    expect(() => wire(text)).toThrow(text);
  });
});
