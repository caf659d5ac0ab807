// What a period says in one number: means over time, degree hours. Pure.
import type { LocalPeriod } from './local-periods.js';
import type { Rollup } from './roll-up.js';
import { cutByPeriod, type Stretch } from './stretches.js';

const HOUR_MS = 3_600_000;

export interface TimeIntegral {
  /** Milliseconds of the period of which the value is known. */
  readonly coveredMs: number;
  /** Value times hours. Divided by the covered hours, the mean over time; of watts, watt hours. */
  readonly valueHours: number;
}

/** One for each period, in order. */
export function integrate(
  stretches: Iterable<Stretch>,
  periods: readonly LocalPeriod[],
): TimeIntegral[] {
  const covered = periods.map(() => 0);
  const area = periods.map(() => 0);
  cutByPeriod(stretches, periods, ({ startMs, endMs, first, last }, index) => {
    covered[index] = (covered[index] ?? 0) + endMs - startMs;
    area[index] = (area[index] ?? 0) + ((first + last) / 2) * (endMs - startMs);
  });
  return periods.map((_, index) => ({
    coveredMs: covered[index] ?? 0,
    valueHours: (area[index] ?? 0) / HOUR_MS,
  }));
}

/** Mean over the time of which the value is known; null when that is none. For a state of 0 and 1: its share, the duty cycle. */
export function meanOf({ coveredMs, valueHours }: TimeIntegral): number | null {
  return coveredMs === 0 ? null : valueHours / (coveredMs / HOUR_MS);
}

export interface DegreeHours {
  readonly coveredMs: number;
  /** Kelvin hours below the base: what heating had to make up. A 24th of it are degree days. */
  readonly heating: number;
  /** Kelvin hours above it. */
  readonly cooling: number;
}

/** One for each period, in order. `base` in the unit of the stretches. */
export function degreeHours(
  stretches: Iterable<Stretch>,
  periods: readonly LocalPeriod[],
  base: number,
): DegreeHours[] {
  const sums = periods.map(() => ({ coveredMs: 0, heating: 0, cooling: 0 }));
  cutByPeriod(stretches, periods, ({ startMs, endMs, first, last }, index) => {
    const sum = sums[index];
    if (sum === undefined) return;
    const hours = (endMs - startMs) / HOUR_MS;
    sum.coveredMs += endMs - startMs;
    sum.heating += hours * meanAboveZero(base - first, base - last);
    sum.cooling += hours * meanAboveZero(first - base, last - base);
  });
  return sums;
}

/** Mean of what is above zero of a line from `first` to `last`. */
function meanAboveZero(first: number, last: number): number {
  if (first >= 0 && last >= 0) return (first + last) / 2;
  if (first <= 0 && last <= 0) return 0;
  const above = Math.max(first, last);
  return (above * above) / (2 * Math.abs(last - first));
}

export interface Extremes {
  readonly min: number;
  readonly max: number;
  readonly count: number;
}

/** One for each period, in order; undefined without a reading. No period cuts a bucket of the roll-ups, which are sorted by time. */
export function extremesByPeriod(
  rollups: readonly Rollup[],
  periods: readonly LocalPeriod[],
): (Extremes | undefined)[] {
  let row = rollups.findIndex(({ startMs }) => startMs >= (periods[0]?.startMs ?? Infinity));
  if (row < 0) row = rollups.length;
  return periods.map(({ endMs }) => {
    let extremes: Extremes | undefined;
    for (let next = rollups[row]; next !== undefined && next.startMs < endMs; next = rollups[row]) {
      extremes = {
        min: Math.min(extremes?.min ?? Infinity, next.min),
        max: Math.max(extremes?.max ?? -Infinity, next.max),
        count: (extremes?.count ?? 0) + next.count,
      };
      row += 1;
    }
    return extremes;
  });
}
