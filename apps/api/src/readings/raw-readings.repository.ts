// Readings as they came, one by one.
import { Inject, Injectable } from '@nestjs/common';
import { inSnapshot, type Database, type Queries } from '@hearth/db';
import { DATABASE } from '../database/database.js';
import { inBatches } from './in-batches.js';
import { mergeReadings, type RawReading } from './merge-readings.js';
import { listFirstPages, readingsOf, type Page } from './paged-readings.repository.js';
import type { Range } from './range.js';

/** Readings of one look into the database when many are streamed. */
const ROWS_AT_ONCE = 10_000;

@Injectable()
export class RawReadings {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  /** The oldest `limit` readings of the range, in the order of time. Throws `DamagedPage`. */
  async list(seriesId: number, range: Range, limit: number): Promise<RawReading[]> {
    const [held, pages] = await inSnapshot(this.#database.pool, 'reading', async (queries) => [
      await listHeld(queries, seriesId, range, limit),
      await listFirstPages(queries, seriesId, range, limit),
    ]);
    if (pages.length === 0) return held;
    const { ts, values } = mergeReadings(together(pages, range), held);
    return Array.from(ts.subarray(0, limit), (moment, row) => ({
      ts: moment,
      value: values[row] ?? 0,
    }));
  }

  /** All readings of the range in the order of time, at most `rowsAtOnce` at a time. Who stops listening stops the reading. */
  stream(
    seriesId: number,
    range: Range,
    rowsAtOnce = ROWS_AT_ONCE,
  ): AsyncGenerator<readonly RawReading[], void> {
    return inBatches(range, rowsAtOnce, (window, limit) => this.list(seriesId, window, limit));
  }
}

/** The oldest `limit` of them that are rows. */
export async function listHeld(
  queries: Queries,
  seriesId: number,
  range: Range,
  limit: number,
): Promise<RawReading[]> {
  const { rows } = await queries.query<RawReading>({
    name: 'hearth-list-readings',
    text: `select (extract(epoch from ts) * 1000)::float8 as ts, value from reading
      where series_id = $1 and ts >= $2 and ts < $3 order by reading.ts limit $4`,
    values: [seriesId, new Date(range.fromMs), new Date(range.toMs), limit],
  });
  return rows;
}

function together(pages: readonly Page[], { fromMs, toMs }: Range) {
  const ts: number[] = [];
  const values: number[] = [];
  for (const page of pages) {
    const readings = readingsOf(page);
    for (const [row, moment] of readings.ts.entries()) {
      if (moment < fromMs || moment >= toMs) continue;
      ts.push(moment);
      values.push(readings.values[row] ?? 0);
    }
  }
  return { ts: Float64Array.from(ts), values: Float64Array.from(values) };
}
