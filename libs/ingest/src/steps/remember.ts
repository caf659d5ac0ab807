// Step 7: after the commit, the newest value of each series.
import type { ReadingBatch } from '../reading-batch.js';
import type { Series } from '../series.js';

/** Keeps the newest values of a committed batch; returns the series that got one. */
export function remember(batch: ReadingBatch): Set<Series> {
  const changed = new Set<Series>();
  keepNewest(batch.series, batch.ts, batch.values, changed);
  keepNewest(batch.textSeries, batch.textTs, batch.textValues, changed);
  return changed;
}

function keepNewest(
  series: readonly Series[],
  ts: readonly number[],
  values: readonly (number | string)[],
  changed: Set<Series>,
): void {
  for (let row = 0; row < series.length; row += 1) {
    const one = series[row];
    const at = ts[row];
    const value = values[row];
    if (one === undefined || at === undefined || value === undefined) continue;
    // Of two rows with one time the first is stored, so the first counts.
    if (at <= one.latestTs) continue;
    one.latestTs = at;
    one.latestValue = value;
    changed.add(one);
  }
}
