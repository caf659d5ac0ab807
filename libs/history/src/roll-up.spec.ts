import { combine, rollUp, TIER_MS, TIERS } from './roll-up.js';

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

it('has tiers that divide each other', () => {
  for (const [index, tier] of TIERS.slice(1).entries()) {
    const finer = TIERS[index];
    expect(TIER_MS[tier] % TIER_MS[finer ?? 'minute']).toBe(0);
  }
});
