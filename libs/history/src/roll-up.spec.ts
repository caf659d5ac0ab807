import { combine, meanOfBucket, rollUp, TIER_MS, TIERS } from './roll-up.js';

describe(rollUp, () => {
  it('keeps the extremes, the sum and both ends of each bucket, and leaves empty ones out', () => {
    const ts = [0, 10_000, 59_999, 180_000];
    expect(rollUp(ts, [3, 1, 2, 7], 60_000)).toEqual([
      { startMs: 0, min: 1, max: 3, sum: 6, count: 3, first: 3, last: 2 },
      { startMs: 180_000, min: 7, max: 7, sum: 7, count: 1, first: 7, last: 7 },
    ]);
  });

  it('has nothing to say about no readings', () => {
    expect(rollUp([], [], 60_000)).toEqual([]);
  });
});

describe(combine, () => {
  it('says of an hour what its minutes say', () => {
    const ts = Array.from({ length: 300 }, (_, i) => 1_000 + i * 37_000);
    const values = ts.map((_, i) => (i * 7) % 23);
    const minutes = rollUp(ts, values, TIER_MS.minute);
    expect(combine(minutes, TIER_MS.hour)).toEqual(rollUp(ts, values, TIER_MS.hour));
  });
});

describe(meanOfBucket, () => {
  it.each([
    ['rounding made the sum too small', Array.from({ length: 300 }, () => 0.1)],
    ['values beyond what is summed', [1.7e308, 1.7e308]],
    ['their opposites', [-1.7e308, -1.7e308]],
  ])('lies between the extremes: %s', (_, values) => {
    const [bucket] = rollUp(
      values.map((_, row) => row),
      values,
      TIER_MS.day,
    );
    expect(meanOfBucket(bucket!)).toBe(values[0]);
  });

  it('is the mean', () => {
    expect(meanOfBucket({ min: 1, max: 4, sum: 10, count: 4 })).toBe(2.5);
  });
});

it('has tiers that divide each other', () => {
  for (const [index, tier] of TIERS.slice(1).entries()) {
    const finer = TIERS[index];
    expect(TIER_MS[tier] % TIER_MS[finer ?? 'minute']).toBe(0);
  }
});
