// What a meter counted in each period, also when it was reset or began again at zero. Pure.
import type { LocalPeriod } from './local-periods.js';
import type { Rollup } from './roll-up.js';

/**
 * A counter that falls by less than this share of its value was not reset: it is rounded, or corrected, and the fall counts as one.
 * Home Assistant draws the line of a `total_increasing` at the same place.
 */
export const RESET_SHARE = 0.1;

/** A rise of more than this, or a fall, counts as this: an absurd reading must not make an answer that is no number. */
const MOST_COUNTED = 1e290;

export interface CounterOptions {
  readonly widthMs: number;
  /**
   * Where the counter begins again at zero by itself, 100000 for five digits before the point. Undefined: a fall is a reset, and
   * what it shows afterwards was counted since.
   */
  readonly rollover: number | undefined;
}

/**
 * What the counter rose by in each period, in its own unit, one for each period; null where nothing is known of it. What it rose by
 * while nobody read it is spread evenly over that time, so that periods always add up to what the meter shows. In a bucket one
 * fall is seen; of more, one.
 */
export function countedByPeriod(
  rollups: readonly Rollup[],
  periods: readonly LocalPeriod[],
  { widthMs, rollover }: CounterOptions,
): (number | null)[] {
  const spread = new Spread(periods);
  let before: Rollup | undefined;
  for (const rollup of rollups) {
    const { startMs } = rollup;
    const endMs = startMs + widthMs;
    if (before !== undefined) {
      const risen = rise(before.last, rollup.first, rollover);
      const beforeEndMs = before.startMs + widthMs;
      // Next to each other, the step between them belongs to the bucket in which it was read.
      if (startMs > beforeEndMs) spread.add(risen, beforeEndMs, startMs);
      else spread.add(risen, startMs, endMs);
    }
    spread.add(riseWithin(rollup, rollover), startMs, endMs);
    before = rollup;
  }
  return spread.sums;
}

function rise(from: number, to: number, rollover: number | undefined): number {
  if (!isReset(from, to)) return to - from;
  // Beyond what it can show, the counter is not the one that was described.
  return rollover !== undefined && from <= rollover ? rollover - from + to : to;
}

function riseWithin({ first, last, min, max }: Rollup, rollover: number | undefined): number {
  const isRising = min === first && max === last;
  if (isRising || !isReset(max, min)) return last - first;
  return max - first + rise(max, min, rollover) + (last - min);
}

const isReset = (from: number, to: number): boolean => from - to > Math.abs(from) * RESET_SHARE;

/** Sums by period, of amounts that are spread over a time. They come in the order of time. */
class Spread {
  readonly sums: (number | null)[];
  readonly #periods: readonly LocalPeriod[];
  #index = 0;

  constructor(periods: readonly LocalPeriod[]) {
    this.#periods = periods;
    this.sums = periods.map(() => null);
  }

  add(risen: number, startMs: number, endMs: number): void {
    const amount = Math.min(Math.max(risen, -MOST_COUNTED), MOST_COUNTED);
    while ((this.#periods[this.#index]?.endMs ?? Infinity) <= startMs) this.#index += 1;
    for (let index = this.#index; index < this.#periods.length; index += 1) {
      const period = this.#periods[index];
      if (period === undefined || period.startMs >= endMs) return;
      const ms = Math.min(period.endMs, endMs) - Math.max(period.startMs, startMs);
      this.sums[index] = (this.sums[index] ?? 0) + (amount * ms) / (endMs - startMs);
    }
  }
}
