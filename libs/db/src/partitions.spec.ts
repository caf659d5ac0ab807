import { parsePartitionName, partitionsFor } from './partitions.js';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const names = (time: string): string[] =>
  partitionsFor(Date.parse(time), NOW).map(({ name }) => name);

describe(partitionsFor, () => {
  it('gives each day of a month that is not over a partition of its own, in UTC', () => {
    expect(names('2026-11-25T23:59:59.999Z')).toEqual(['reading_2026_11_25']);
    expect(names('2026-11-25T23:30:00-02:00')).toEqual(['reading_2026_11_26']);
    expect(names('2026-12-31T00:00:00Z')).toEqual(['reading_2026_12_31']);
  });

  it('prefers one for all of a month that is over', () => {
    expect(names('2026-10-31T23:59:59.999Z')).toEqual(['reading_2026_10', 'reading_2026_10_31']);
  });
});

describe(parsePartitionName, () => {
  it('knows what a name stands for', () => {
    expect(parsePartitionName('reading_2026_12')).toEqual({
      name: 'reading_2026_12',
      fromMs: Date.UTC(2026, 11, 1),
      toMs: Date.UTC(2027, 0, 1),
    });
    expect(parsePartitionName('reading_2026_02_28')?.toMs).toBe(Date.UTC(2026, 2, 1));
    expect(parsePartitionName('reading_default')).toBeUndefined();
    expect(parsePartitionName('reading_page')).toBeUndefined();
  });
});
