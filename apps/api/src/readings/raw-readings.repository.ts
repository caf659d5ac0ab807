// Readings as they came, one by one or put into buckets of any width.
import { Inject, Injectable } from '@nestjs/common';
import type { Database } from '@hearth/db';
import { DATABASE } from '../database/database.js';
import { inBatches } from './in-batches.js';
import { mergeReadings, type RawReading } from './merge-readings.js';
import { PagedReadings } from './paged-readings.repository.js';
import type { Range } from './range.js';

/** Readings of one look into the database when many are streamed. */
const ROWS_AT_ONCE = 10_000;

@Injectable()
export class RawReadings {
  readonly #database: Database;

  readonly #pages: PagedReadings;

  constructor(@Inject(DATABASE) database: Database, pages: PagedReadings) {
    this.#database = database;
    this.#pages = pages;
  }

  /** The oldest `limit` readings of the range, in the order of time. */
  async list(seriesId: number, range: Range, limit: number): Promise<RawReading[]> {
    const [held, paged] = await Promise.all([
      this.listHeld(seriesId, range, limit),
      this.#pages.listReadings(seriesId, range, limit),
    ]);
    if (paged.ts.length === 0) return held;
    const { ts, values } = mergeReadings(paged, held);
    return Array.from(ts.subarray(0, limit), (moment, row) => ({
      ts: moment,
      value: values[row] ?? 0,
    }));
  }

  /** Those of them that are rows. */
  async listHeld(seriesId: number, range: Range, limit: number): Promise<RawReading[]> {
    const { rows } = await this.#database.pool.query<RawReading>({
      name: 'hearth-list-readings',
      text: `select (extract(epoch from ts) * 1000)::float8 as ts, value from reading
        where series_id = $1 and ts >= $2 and ts < $3 order by reading.ts limit $4`,
      values: [seriesId, new Date(range.fromMs), new Date(range.toMs), limit],
    });
    return rows;
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
