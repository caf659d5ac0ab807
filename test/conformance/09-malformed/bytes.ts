// The primitive types of MQTT 5.0 section 1.5, right and wrong.

export const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(' ', ''), 'hex');
export const concat = (...parts: readonly Buffer[]): Buffer => Buffer.concat(parts);
export const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);
export const binary = (bytes: Buffer): Buffer => concat(u16(bytes.length), bytes);
export const text = (characters: string): Buffer => binary(Buffer.from(characters));

/** A variable byte integer of its own length, or of `bytes` bytes where that is more than it needs. */
export function varint(value: number, bytes = 1): Buffer {
  const digits: number[] = [];
  for (let rest = value; rest > 0 || digits.length < Math.max(bytes, 1); rest >>>= 7) {
    digits.push(rest & 0x7f);
  }
  return Buffer.from(digits.map((digit, i) => (i < digits.length - 1 ? digit | 0x80 : digit)));
}

/** What no UTF-8 string may have within it. [MQTT-1.5.4-1] [MQTT-1.5.4-2] */
export const badText: readonly [name: string, bytes: Buffer][] = [
  ['U+0000', hex('00')],
  ['U+0000 between others', hex('61 00 62')],
  ['U+0000 in two bytes', hex('c080')],
  ['a slash in two bytes', hex('c0af')],
  ['a slash in three bytes', hex('e080af')],
  ['a slash in four bytes', hex('f08080af')],
  ['a DEL in two bytes', hex('c1bf')],
  ['the surrogate U+D800', hex('eda080')],
  ['the surrogate U+DFFF', hex('edbfbf')],
  ['a pair of surrogates', hex('eda080 edb080')],
  ['U+110000', hex('f4908080')],
  ['U+1FFFFF', hex('f7bfbfbf')],
  ['five bytes', hex('f888808080')],
  ['six bytes', hex('fc8480808080')],
  ['a continuation byte alone', hex('80')],
  ['half of two bytes', hex('c3')],
  ['two of three bytes', hex('e282')],
  ['three of four bytes', hex('f09f98')],
  ['a lead byte before a letter', hex('c328')],
  ['0xFE', hex('fe')],
  ['0xFF', hex('ff')],
];
