import { encodeFloat8Array, encodeInt4Array, encodeTimestampArray } from './postgres-arrays.js';

const header = (oid: string, length: string): string =>
  `00000001 00000000 ${oid} ${length} 00000001`;
const hex = (text: string): string => text.replaceAll(' ', '');

describe('arrays in the binary form of Postgres', () => {
  it('writes integers', () => {
    expect(encodeInt4Array([1, -2]).toString('hex')).toBe(
      hex(`${header('00000017', '00000002')} 00000004 00000001 00000004 fffffffe`),
    );
  });

  it('writes floats', () => {
    expect(encodeFloat8Array([1.5]).toString('hex')).toBe(
      hex(`${header('000002bd', '00000001')} 00000008 3ff8000000000000`),
    );
  });

  it.each([
    ['2000-01-01T00:00:00.000Z', 0n],
    ['2000-01-01T00:00:00.001Z', 1_000n],
    ['2026-11-21T12:34:56.789Z', 848_579_696_789_000n],
    ['1999-12-31T23:59:59.999Z', -1_000n],
    ['2284-12-31T23:59:59.999Z', 8_993_807_999_999_000n],
  ])('writes %s as microseconds since 2000', (time, micros) => {
    const bytes = encodeTimestampArray([Date.parse(time)]);
    expect(bytes.readBigInt64BE(24)).toBe(micros);
  });

  it('writes an empty array', () => {
    expect(encodeInt4Array([]).toString('hex')).toBe(hex(header('00000017', '00000000')));
  });
});
