// From readings to what was in force between them: stretches of time, cut where the periods of an answer end. Pure.
import type { LocalPeriod } from './local-periods.js';
import { meanOfBucket, type Rollup } from './roll-up.js';

/** A time without a hole, in which the value goes evenly from `first` to `last`. Epoch milliseconds. */
export interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
  readonly first: number;
  readonly last: number;
}

/** A value of more than this, or less than its opposite, counts as this: its square overflows in no area, not of ten years. */
const MOST_INTEGRATED = 1e140;

/** Readings sorted by time: `ts[i]` (epoch milliseconds) and `values[i]` are one. */
export interface ReadingColumns {
  readonly ts: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** A measured value goes evenly to the next one. Where two are further apart than `longestGapMs`, nothing is known between them. */
export function* measuredStretches(
  { ts, values }: ReadingColumns,
  longestGapMs: number,
): Generator<Stretch> {
  for (let row = 1; row < ts.length; row += 1) {
    const [startMs, endMs] = [ts[row - 1] ?? 0, ts[row] ?? 0];
    if (endMs - startMs > longestGapMs) continue;
    yield { startMs, endMs, first: bounded(values[row - 1] ?? 0), last: bounded(values[row] ?? 0) };
  }
}

/**
 * A state stays until the next one comes, the last one until `untilMs`; but where two are further apart than `longestGapMs`, nothing
 * is known between them.
 */
export function* heldStretches(
  { ts, values }: ReadingColumns,
  longestGapMs: number,
  untilMs: number,
): Generator<Stretch> {
  for (let row = 0; row < ts.length; row += 1) {
    const [startMs, endMs] = [ts[row] ?? 0, ts[row + 1] ?? untilMs];
    if (endMs <= startMs || endMs - startMs > longestGapMs) continue;
    const value = bounded(values[row] ?? 0);
    yield { startMs, endMs, first: value, last: value };
  }
}

/**
 * Of buckets of `widthMs` the mean of their readings is known, and taken for the mean over time. It holds to the next bucket,
 * unless what is empty between the two is longer than `longestGapMs`.
 */
export function* rolledUpStretches(
  rollups: readonly Rollup[],
  widthMs: number,
  longestGapMs: number,
): Generator<Stretch> {
  for (const [index, rollup] of rollups.entries()) {
    const { startMs } = rollup;
    const ownEndMs = startMs + widthMs;
    const nextMs = rollups[index + 1]?.startMs ?? ownEndMs;
    const mean = bounded(meanOfBucket(rollup));
    const endMs = nextMs - ownEndMs > longestGapMs ? ownEndMs : nextMs;
    yield { startMs, endMs, first: mean, last: mean };
  }
}

/** Gives each period (they follow each other without a gap) the parts of the stretches that are in it. Both are sorted by time. */
export function cutByPeriod(
  stretches: Iterable<Stretch>,
  periods: readonly LocalPeriod[],
  take: (part: Stretch, periodIndex: number) => void,
): void {
  let index = 0;
  for (const stretch of stretches) {
    while (index < periods.length && (periods[index]?.endMs ?? 0) <= stretch.startMs) index += 1;
    for (let at = index; at < periods.length; at += 1) {
      const { startMs = 0, endMs = 0 } = periods[at] ?? {};
      if (startMs >= stretch.endMs) break;
      const part = cut(stretch, Math.max(startMs, stretch.startMs), Math.min(endMs, stretch.endMs));
      if (part.endMs > part.startMs) take(part, at);
    }
  }
}

function bounded(value: number): number {
  return Math.min(Math.max(value, -MOST_INTEGRATED), MOST_INTEGRATED);
}

function cut(stretch: Stretch, startMs: number, endMs: number): Stretch {
  if (startMs === stretch.startMs && endMs === stretch.endMs) return stretch;
  const slope = (stretch.last - stretch.first) / (stretch.endMs - stretch.startMs);
  const at = (ms: number): number => stretch.first + slope * (ms - stretch.startMs);
  return { startMs, endMs, first: at(startMs), last: at(endMs) };
}
