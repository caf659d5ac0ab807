import { formatBytes } from './format-bytes';

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
