import type { Bucket, History, Series } from '@hearth/contracts';
import {
  appendReading,
  gapOf,
  inDeviceOrder,
  inReadingOrder,
  isStale,
  sparkPath,
  splitAtGaps,
  trendOf,
} from './model';

const at = (ts: number, value: number): Bucket => [ts, value, value, value, 1];
const aHistory = (buckets: Bucket[], more: Partial<History> = {}): History => ({
  seriesId: 1,
  from: 0,
  to: 100,
  bucketMs: 10,
  isComplete: true,
  buckets,
  changes: [],
  ...more,
});

describe(isStale, () => {
  it.each([
    [59_000, 30, false],
    [61_000, 30, true],
    [20_000, 5, false],
    [31_000, 5, true],
    [9 * 60_000, null, false],
    [11 * 60_000, null, true],
  ])('judges an age of %i ms at an interval of %p s as %p', (age, interval, stale) => {
    expect(isStale(age, interval)).toBe(stale);
  });
});

describe(trendOf, () => {
  const hourAgo = [at(0, 20)];
  const now = (value: number) => ({ ts: 3_600_000, value });

  it('needs a change that people would feel', () => {
    expect(trendOf('temperature', hourAgo, now(20.2))).toBe('steady');
    expect(trendOf('temperature', hourAgo, now(20.5))).toBe('rising');
    expect(trendOf('temperature', hourAgo, now(19.5))).toBe('falling');
  });

  it('says nothing without a reading from an hour ago', () => {
    expect(trendOf('temperature', [at(3_000_000, 20)], now(25))).toBeUndefined();
    expect(trendOf('temperature', [], now(25))).toBeUndefined();
  });
});

describe(splitAtGaps, () => {
  it('begins a new run where readings are missing', () => {
    const runs = splitAtGaps([at(0, 1), at(10, 1), at(100, 1), at(110, 1)], 50);
    expect(runs.map((run) => run.map((bucket) => bucket[0]))).toEqual([
      [0, 10],
      [100, 110],
    ]);
  });
});

describe(gapOf, () => {
  it('is wider than the bucket and than the interval of the device', () => {
    const buckets = [at(0, 1), at(60_000, 1), at(120_000, 1)];
    expect(gapOf({ buckets, bucketMs: 60_000 }, null)).toBe(240_000);
    expect(gapOf({ buckets, bucketMs: 60_000 }, 300)).toBe(1_200_000);
  });
});

describe(appendReading, () => {
  it('merges into the bucket that the reading falls into', () => {
    const history = aHistory([[90, 1, 3, 2, 2]]);
    expect(appendReading(history, 95, 8).buckets).toEqual([[90, 1, 8, 4, 3]]);
  });

  it('opens a new bucket after the last one', () => {
    const history = appendReading(aHistory([[90, 1, 3, 2, 2]]), 104, 5);
    expect(history.buckets.at(-1)).toEqual([100, 5, 5, 5, 1]);
    expect(history.to).toBe(104);
  });

  it('leaves late arrivals and duplicates to the next fetch', () => {
    const raw = aHistory([at(50, 1)], { bucketMs: 0 });
    expect(appendReading(raw, 50, 9)).toBe(raw);
    expect(appendReading(raw, 40, 9)).toBe(raw);
  });

  it('adds a text only when it changes', () => {
    const history = aHistory([], { changes: [{ ts: 5, value: 'eco' }] });
    expect(appendReading(history, 20, 'eco')).toBe(history);
    expect(appendReading(history, 20, 'boost').changes).toHaveLength(2);
  });
});

describe(sparkPath, () => {
  const box = { width: 100, height: 20, from: 0, to: 100, gapMs: 30, floor: 1 };

  it('draws one line for each run', () => {
    const { line } = sparkPath(aHistory([at(0, 0), at(10, 10), at(90, 10)]), box);
    expect(line).toBe('M0 20L10 0M90 0l0.01 0');
  });

  it('keeps noise flat', () => {
    const { line } = sparkPath(aHistory([at(0, 20), at(10, 20.1)]), { ...box, floor: 10 });
    expect(line).toBe('M0 10.1L10 9.9');
  });

  it('draws nothing without readings', () => {
    expect(sparkPath(aHistory([]), box)).toEqual({ line: '', area: '', end: undefined });
  });
});

describe(inDeviceOrder, () => {
  it('begins with what the kind is about', () => {
    const series = ['power', 'rssi', 'heating', 'thermostat_temperature', 'target_temperature'].map(
      (metric, id): Series => ({ id, metric, unit: '', kind: 'number', latest: null }),
    );
    expect(inDeviceOrder({ kind: 'thermostat', series }).map(({ metric }) => metric)).toEqual([
      'thermostat_temperature',
      'target_temperature',
      'heating',
      'power',
      'rssi',
    ]);
  });
});

describe(inReadingOrder, () => {
  it('puts what people care about first and the technical last', () => {
    const series = ['rssi', 'soil', 'co2', 'temperature'].map((metric, id): Series => ({
      id,
      metric,
      unit: '',
      kind: 'number',
      latest: null,
    }));
    expect(inReadingOrder(series).map(({ metric }) => metric)).toEqual([
      'temperature',
      'co2',
      'soil',
      'rssi',
    ]);
  });
});
