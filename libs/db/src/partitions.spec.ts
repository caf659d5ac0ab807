import { monthsBetween, partitionName } from './partitions.js';

const names = (from: string, to: string): string[] =>
  monthsBetween(Date.parse(from), Date.parse(to)).map(partitionName);

describe(monthsBetween.name, () => {
  it('counts a month in as soon as the range touches it, in UTC', () => {
    expect(names('2026-01-31T23:59:59.999Z', '2026-02-01T00:00:00Z')).toEqual([
      'reading_2026_01',
      'reading_2026_02',
    ]);
    expect(names('2026-01-31T23:30:00-02:00', '2026-02-01T10:00:00Z')).toEqual(['reading_2026_02']);
  });

  it('goes on over the end of the year', () => {
    expect(names('2025-12-15T00:00:00Z', '2026-01-15T00:00:00Z')).toEqual([
      'reading_2025_12',
      'reading_2026_01',
    ]);
  });

  it('is empty for a range that ends before its first month begins', () => {
    expect(names('2026-03-01T00:00:00Z', '2026-02-01T00:00:00Z')).toEqual([]);
  });
});
