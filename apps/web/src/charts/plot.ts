// From histories to what a line chart draws: lines broken at gaps, min–max bands, steps, ribbons. Pure.
import type { Bucket } from '@hearth/contracts';

/** A point of a line; `y` is NaN where the line breaks. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** One line of a chart, in shown units. */
export interface PlotLine {
  readonly name: string;
  readonly unit: string;
  /** Name of the colour token, without the dashes. */
  readonly colour: string;
  readonly shape: 'line' | 'step';
  readonly mean: readonly Point[];
  /** Empty where every bucket is a single reading. */
  readonly band: { readonly low: readonly Point[]; readonly high: readonly Point[] };
  /** How a value of this line is written. */
  readonly write: (value: number) => string;
}

/** A stretch of time with a meaning of its own. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export type RibbonStretch = Stretch & { readonly kind: 'heat' | 'cool' };

/** Buckets as a line and its band; pauses longer than `gapMs` break both. */
export function toLine(
  buckets: readonly Bucket[],
  gapMs: number,
  toShown: (value: number) => number,
): Pick<PlotLine, 'mean' | 'band'> {
  const mean: Point[] = [];
  const low: Point[] = [];
  const high: Point[] = [];
  let previous: number | undefined;
  let hasBand = false;
  for (const [start, min, max, average] of buckets) {
    if (previous !== undefined && start - previous > gapMs) {
      for (const points of [mean, low, high]) points.push({ x: previous + gapMs / 2, y: NaN });
    }
    mean.push({ x: start, y: toShown(average) });
    low.push({ x: start, y: toShown(min) });
    high.push({ x: start, y: toShown(max) });
    hasBand ||= max > min;
    previous = start;
  }
  return { mean, band: hasBand ? { low, high } : { low: [], high: [] } };
}

/** Carries the last known value to `until`: a setpoint holds until it is changed. */
export function holdUntil(points: readonly Point[], until: number): Point[] {
  const last = points.at(-1);
  return last === undefined || last.x >= until ? [...points] : [...points, { x: until, y: last.y }];
}

/** When a boolean was on: buckets that saw a one, joined where they touch. */
export function stretchesOn(buckets: readonly Bucket[], gapMs: number, until: number): Stretch[] {
  const stretches: { from: number; to: number }[] = [];
  buckets.forEach(([start, , max], index) => {
    if (max < 0.5) return;
    const next = buckets[index + 1]?.[0] ?? until;
    const to = Math.min(next, start + gapMs);
    const last = stretches.at(-1);
    if (last !== undefined && last.to >= start) last.to = to;
    else stretches.push({ from: start, to });
  });
  return stretches;
}

/** The instants at which there is something to read, for the crosshair. */
export function instantsOf(lines: readonly PlotLine[]): number[] {
  const all = new Set<number>();
  for (const line of lines) {
    if (line.shape === 'step') continue;
    for (const point of line.mean) if (!Number.isNaN(point.y)) all.add(point.x);
  }
  return [...all].sort((a, b) => a - b);
}

/** Index of the instant nearest to `ms` in a sorted list; -1 for an empty one. */
export function nearestIndex(instants: readonly number[], ms: number): number {
  let low = 0;
  let high = instants.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((instants[middle] ?? 0) < ms) low = middle + 1;
    else high = middle;
  }
  const here = instants[low];
  const before = instants[low - 1];
  if (here === undefined) return -1;
  return before !== undefined && ms - before < here - ms ? low - 1 : low;
}

/** What a line says at an instant: its value and, where there is a band, its ends. */
export function readAt(
  line: PlotLine,
  ms: number,
): { value: number; low?: number; high?: number } | undefined {
  const index = line.shape === 'step' ? lastIndexUpTo(line.mean, ms) : indexOf(line.mean, ms);
  const value = line.mean[index]?.y;
  if (value === undefined || Number.isNaN(value)) return undefined;
  const low = line.band.low[index]?.y;
  const high = line.band.high[index]?.y;
  return low === undefined || high === undefined || low === high ? { value } : { value, low, high };
}

function indexOf(points: readonly Point[], ms: number): number {
  const index = lastIndexUpTo(points, ms);
  return points[index]?.x === ms ? index : -1;
}

function lastIndexUpTo(points: readonly Point[], ms: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.x ?? Infinity) <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Bounds of the value axis: all that is drawn, with air, and never so narrow that noise fills the plot. */
export function valueBounds(
  lines: readonly PlotLine[],
  range: Stretch,
  leastSpan: number,
): { min: number; max: number } {
  let min = Infinity;
  let max = -Infinity;
  for (const line of lines) {
    for (const points of [line.mean, line.band.low, line.band.high]) {
      for (const { x, y } of points) {
        if (Number.isNaN(y) || x < range.from || x > range.to) continue;
        min = Math.min(min, y);
        max = Math.max(max, y);
      }
    }
  }
  if (min > max) return { min: 0, max: 1 };
  const span = Math.max(max - min, leastSpan);
  const middle = (min + max) / 2;
  const half = span * 0.56;
  // A plot of amounts keeps the ground in sight when it is near.
  const floor = min >= 0 && middle - half < 0 ? 0 : middle - half;
  return { min: floor, max: middle + half };
}
