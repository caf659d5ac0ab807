// What a tier keeps of the readings of a bucket. Pure: Postgres computes the same in SQL, and both must agree to the bit.

/** The tiers above single readings, the finest first. A bucket of one is a whole number of buckets of the one before. */
export const TIERS = ['minute', 'quarter', 'hour', 'day'] as const;
export type Tier = (typeof TIERS)[number];

/** Width of a tier's buckets in milliseconds. They begin at multiples of it since 1970-01-01T00:00:00Z. */
export const TIER_MS: Readonly<Record<Tier, number>> = {
  minute: 60_000,
  quarter: 900_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** A value of more than this, or less than its opposite, counts as this in a sum: no sum of readings overflows. */
export const MOST_SUMMED = 1e300;

/** A bucket with at least one reading. */
export interface Rollup {
  /** Epoch milliseconds. */
  readonly startMs: number;
  readonly min: number;
  readonly max: number;
  /** Added up in the order of time, the oldest first, so that everybody gets the same sum. */
  readonly sum: number;
  readonly count: number;
  /** The oldest and the newest reading. */
  readonly first: number;
  readonly last: number;
}

/**
 * The buckets of `widthMs` of readings that are sorted by time: `ts[i]` (epoch milliseconds) and `values[i]` are one.
 * Empty buckets are left out.
 */
export function rollUp(
  ts: ArrayLike<number>,
  values: ArrayLike<number>,
  widthMs: number,
): Rollup[] {
  const rollups: Rollup[] = [];
  let row = 0;
  while (row < ts.length) {
    const startMs = Math.floor((ts[row] ?? 0) / widthMs) * widthMs;
    const from = row;
    const first = values[row] ?? 0;
    let [min, max, sum, last] = [first, first, summable(first), first];
    for (row += 1; row < ts.length && (ts[row] ?? 0) < startMs + widthMs; row += 1) {
      last = values[row] ?? 0;
      if (last < min) min = last;
      if (last > max) max = last;
      sum += summable(last);
    }
    rollups.push({ startMs, min, max, sum, count: row - from, first, last });
  }
  return rollups;
}

/**
 * Puts finer buckets, sorted by time, together to buckets of `widthMs`, a multiple of theirs. Sums are added up in the
 * order of time.
 */
export function combine(finer: readonly Rollup[], widthMs: number): Rollup[] {
  const rollups: Rollup[] = [];
  let open: { -readonly [Key in keyof Rollup]: Rollup[Key] } | undefined;
  for (const one of finer) {
    const startMs = Math.floor(one.startMs / widthMs) * widthMs;
    if (open?.startMs !== startMs) {
      rollups.push((open = { ...one, startMs }));
      continue;
    }
    if (one.min < open.min) open.min = one.min;
    if (one.max > open.max) open.max = one.max;
    open.sum += one.sum;
    open.count += one.count;
    open.last = one.last;
  }
  return rollups;
}

/** The mean of a bucket: never outside its extremes, where the rounding of the sum, or of what overflowed, would put it. */
export function meanOfBucket({
  min,
  max,
  sum,
  count,
}: Omit<Rollup, 'startMs' | 'first' | 'last'>): number {
  return Math.min(Math.max(sum / count, min), max);
}

function summable(value: number): number {
  return Math.min(Math.max(value, -MOST_SUMMED), MOST_SUMMED);
}
