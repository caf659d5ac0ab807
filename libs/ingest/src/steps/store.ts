// Step 6: rows into the batch that gathers. Its commit answers for them.
import type { Fresh, Reading } from '../message.js';
import type { ReadingBatch } from '../reading-batch.js';
import type { Series } from '../series.js';

/** Puts the readings of one message into the batch. */
export function store(fresh: Fresh, batch: ReadingBatch): void {
  for (const reading of fresh.readings) add(reading, batch);
}

function add({ series, ts, value }: Reading, batch: ReadingBatch): void {
  if (!series.saved) batch.unsaved.add(series);
  if (typeof value === 'string') {
    addText(series, ts, value, batch);
    return;
  }
  if (ts > series.newestTs) series.newestTs = ts;
  else batch.mayRepeat = true;
  batch.series.push(series);
  batch.ts.push(ts);
  batch.values.push(value);
}

/**
 * A text is written when it changes. A late one is written always: what it stands between is not in memory. It may end
 * repetitions that were left out, so the newest of them is written too: else the late text would hold from then on.
 */
function addText(series: Series, ts: number, value: string, batch: ReadingBatch): void {
  if (ts > series.newestTs) {
    series.newestTs = ts;
    if (value === series.newestText) return;
    series.newestText = value;
    series.writtenTextTs = ts;
  } else if (series.writtenTextTs < series.newestTs && series.newestText !== undefined) {
    series.writtenTextTs = series.newestTs;
    writeText(series, series.newestTs, series.newestText, batch);
  }
  writeText(series, ts, value, batch);
}

function writeText(series: Series, ts: number, value: string, batch: ReadingBatch): void {
  batch.textSeries.push(series);
  batch.textTs.push(ts);
  batch.textValues.push(value);
}
