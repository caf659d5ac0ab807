// How wide a bucket of a chart is. Pure.

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Widths that people can read off an axis, and that a day is a multiple of. */
const WIDTHS_MS = [
  ...[1, 2, 3, 5, 10, 15, 20, 30].map((seconds) => seconds * SECOND_MS),
  ...[1, 2, 3, 5, 10, 15, 20, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 4, 6, 8, 12].map((hours) => hours * HOUR_MS),
];

/** The narrowest width, in milliseconds, with which `rangeMs` has at most `points` buckets. Above half a day, whole days. */
export function bucketWidth(rangeMs: number, points: number): number {
  const atLeastMs = rangeMs / points;
  const width = WIDTHS_MS.find((widthMs) => widthMs >= atLeastMs);
  return width ?? Math.ceil(atLeastMs / DAY_MS) * DAY_MS;
}
