// A long range, some rows at a time.
import type { Range } from './range.js';

/** The time that is looked at first; then as much as makes a batch. Milliseconds. */
const FIRST_WINDOW_MS = 24 * 3_600_000;

/**
 * What `list` gives for the range, in the order of time, at most `limit` rows at once; their times differ by whole milliseconds.
 * By windows of time, because a limit alone lets Postgres sort all that is left of the range for each batch. Who stops listening
 * stops the reading.
 */
export async function* inBatches<Row extends { readonly ts: number }>(
  { fromMs, toMs }: Range,
  limit: number,
  list: (window: Range, limit: number) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[], void> {
  let [startMs, widthMs] = [fromMs, FIRST_WINDOW_MS];
  while (startMs < toMs) {
    const endMs = Math.min(startMs + widthMs, toMs);
    const rows = await list({ fromMs: startMs, toMs: endMs }, limit);
    if (rows.length > 0) yield rows;
    if (rows.length < limit / 2) widthMs *= 2;
    if (rows.length === limit) widthMs = Math.ceil(widthMs / 2);
    startMs = rows.length === limit ? (rows.at(-1)?.ts ?? endMs) + 1 : endMs;
  }
}
