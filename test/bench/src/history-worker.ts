// Makes the rows of one day of all series, beside the thread that hands them to Postgres.
import { parentPort } from 'node:worker_threads';
import { combine, encodePage, rollUp, TIER_MS, type Rollup } from '@hearth/history';
import { CopyRows } from './copy-rows.js';
import { readingsOf } from './history-waves.js';

export interface DayJob {
  /** Identifiers by the number of the series. */
  readonly seriesIds: readonly number[];
  readonly dayMs: number;
  readonly everyMs: number;
  /** No reading is later. */
  readonly endMs: number;
  /** Cold days become pages, others stay rows with all their roll-ups. */
  readonly isCold: boolean;
}

export interface DayRows {
  readonly readings: number;
  /** Rows by the name of their table. */
  readonly tables: readonly (readonly [table: string, rows: Uint8Array])[];
}

parentPort?.on('message', (job: DayJob) => {
  const rows = makeDay(job);
  const memory = rows.tables.map(([, { buffer }]) => buffer as ArrayBuffer);
  parentPort?.postMessage(rows, memory);
});

function makeDay({ seriesIds, dayMs, everyMs, endMs, isCold }: DayJob): DayRows {
  const all = seriesIds.map((id, series) => {
    const { ts, values } = readingsOf(series, dayMs, everyMs, endMs);
    const minutes = rollUp(ts, values, TIER_MS.minute);
    const quarters = combine(minutes, TIER_MS.quarter);
    // The hour that is open is not rolled up.
    const hours = combine(quarters, TIER_MS.hour).filter(
      ({ startMs }) => startMs + TIER_MS.hour <= endMs,
    );
    return { id, ts, values, minutes, quarters, hours, days: combine(hours, TIER_MS.day) };
  });
  const tables: [string, Uint8Array][] = [];
  const add = (table: string, fill: (rows: CopyRows) => void): void => {
    const rows = new CopyRows();
    fill(rows);
    tables.push([table, rows.finish()]);
  };
  const addRollups = (table: string, of: (one: (typeof all)[number]) => Rollup[]): void =>
    add(table, (rows) => {
      // As they come about: hour by hour, in each all series.
      const sorted = all.flatMap((one) => of(one).map((rollup) => ({ id: one.id, rollup })));
      sorted.sort((a, b) => a.rollup.startMs - b.rollup.startMs || a.id - b.id);
      for (const { id, rollup } of sorted) writeRollup(rows, id, rollup);
    });
  if (isCold) {
    add('reading_page', (rows) => {
      for (const one of all) if (one.ts.length > 0) writePage(rows, one, dayMs);
    });
  } else {
    const isOver = ({ startMs }: Rollup): boolean =>
      Math.floor(startMs / TIER_MS.hour) < Math.floor(endMs / TIER_MS.hour);
    add('reading', (rows) => writeReadings(rows, all));
    addRollups('rollup_minute', ({ minutes }) => minutes.filter(isOver));
    addRollups('rollup_quarter', ({ quarters }) => quarters.filter(isOver));
  }
  addRollups('rollup_hour', ({ hours }) => hours);
  addRollups('rollup_day', ({ days }) => days);
  return { readings: all.reduce((sum, { ts }) => sum + ts.length, 0), tables };
}

interface SeriesDay {
  readonly id: number;
  readonly ts: Float64Array;
  readonly values: Float64Array;
}

function writePage(rows: CopyRows, { id, ts, values }: SeriesDay, dayMs: number): void {
  rows.row(8);
  rows.int(id);
  rows.timestamp(dayMs);
  rows.int(ts.length);
  rows.timestamp(ts.at(-1) ?? dayMs);
  rows.float(values.at(-1) ?? 0);
  rows.bytes(encodePage({ ts, values }, dayMs));
  rows.null();
  rows.null();
}

function writeReadings(rows: CopyRows, all: readonly SeriesDay[]): void {
  const readings = all.flatMap(({ id, ts, values }) =>
    Array.from(ts, (moment, row) => ({ id, moment, value: values[row] ?? 0 })),
  );
  readings.sort((a, b) => a.moment - b.moment);
  for (const { id, moment, value } of readings) {
    rows.row(3);
    rows.int(id);
    rows.timestamp(moment);
    rows.float(value);
  }
}

function writeRollup(rows: CopyRows, id: number, rollup: Rollup): void {
  rows.row(8);
  rows.int(id);
  rows.timestamp(rollup.startMs);
  for (const value of [rollup.min, rollup.max, rollup.sum]) rows.float(value);
  rows.int(rollup.count);
  for (const value of [rollup.first, rollup.last]) rows.float(value);
}
