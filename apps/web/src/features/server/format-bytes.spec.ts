import { formatBytes, formatRoughBytes } from './format-bytes';

describe(formatBytes, () => {
  it.each([
    [0, '0\u202fB'],
    [999, '999\u202fB'],
    [1_500, '1.5\u202fkB'],
    [123_456_789, '123\u202fMB'],
    [5e15, '5000\u202fTB'],
  ])('says %i as %s', (bytes, words) => {
    expect(formatBytes(bytes)).toBe(words);
  });
});

describe(formatRoughBytes, () => {
  it.each([
    [0, '0\u202fB'],
    [7, '7\u202fB'],
    [999, '1.0\u202fkB'],
    [81_234_567, '81\u202fMB'],
    [349_000, '350\u202fkB'],
    [1_249_000_000, '1.2\u202fGB'],
    [999_900_000, '1.0\u202fGB'],
    [5e15, '5000\u202fTB'],
  ])('says %d as %s', (bytes, words) => {
    expect(formatRoughBytes(bytes)).toBe(words);
  });
});
