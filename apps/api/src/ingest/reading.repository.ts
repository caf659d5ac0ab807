// The hot path into Postgres. docs/adr says why the statements are as they are.
import { Inject, Injectable } from '@nestjs/common';
import type { Database } from '@hearth/db';
import type { ReadingBatch, ReadingStore } from '@hearth/ingest';
import type { Logger } from 'pino';
import { LOGGER } from '../common/logger.js';
import { DATABASE } from '../database/database.js';
import { encodeFloat8Array, encodeInt4Array, encodeTimestampArray } from './postgres-arrays.js';
import { ReadingPartitions } from './reading-partitions.repository.js';
import { SeriesRepository } from './series.repository.js';

const ROWS = 'select * from unnest($1::int[], $2::timestamptz[], $3::float8[])';
const INSERT_NEW = {
  name: 'hearth-insert-new-readings',
  text: `insert into reading (series_id, ts, value) ${ROWS}`,
};
const INSERT_MISSING = {
  name: 'hearth-insert-missing-readings',
  text: `insert into reading (series_id, ts, value) ${ROWS} on conflict do nothing`,
};
/** Joined with series, because a device may be deleted while its batch is on its way. */
const INSERT_CHANGES = {
  name: 'hearth-insert-state-changes',
  text: `insert into state_change (series_id, ts, value)
    select n.series_id, n.ts, n.value
    from unnest($1::int[], $2::timestamptz[], $3::text[]) as n (series_id, ts, value)
    join series on series.id = n.series_id
    on conflict do nothing`,
};
const UNIQUE_VIOLATION = '23505';
/** Classes of SQLSTATE that blame the data: 22 data exception, 23 integrity, 54 program limit. Trying again will not help. */
const DATA_ERROR = /^(?:22|23|54)/;

/** Rows of known series, as columns. */
interface Columns<Value> {
  readonly ids: number[];
  readonly ts: number[];
  readonly values: Value[];
}

@Injectable()
export class ReadingRepository implements ReadingStore {
  readonly #database: Database;
  readonly #series: SeriesRepository;
  readonly #partitions: ReadingPartitions;
  readonly #logger: Logger;

  constructor(
    @Inject(DATABASE) database: Database,
    @Inject(LOGGER) logger: Logger,
    series: SeriesRepository,
    partitions: ReadingPartitions,
  ) {
    this.#database = database;
    this.#logger = logger;
    this.#series = series;
    this.#partitions = partitions;
  }

  /** Not one transaction: each statement can be repeated, and after a failure the whole batch is tried again. */
  async store(batch: ReadingBatch): Promise<number> {
    if (batch.unsaved.size > 0) await this.#series.save(batch.unsaved);
    const numbers = columnsOf(batch.series, batch.ts, batch.values);
    const texts = columnsOf(batch.textSeries, batch.textTs, batch.textValues);
    let inserted = 0;
    if (numbers.ids.length > 0) {
      await this.#partitions.cover(numbers.ts);
      const insert = batch.mayRepeat ? this.#insertMissing : this.#insertNew;
      inserted += await this.#aroundBadRows(numbers, insert);
    }
    if (texts.ids.length > 0) inserted += await this.#aroundBadRows(texts, this.#insertChanges);
    return inserted;
  }

  readonly #insertMissing = async ({ ids, ts, values }: Columns<number>): Promise<number> => {
    const columns = [encodeInt4Array(ids), encodeTimestampArray(ts), encodeFloat8Array(values)];
    const { rowCount } = await this.#database.pool.query({ ...INSERT_MISSING, values: columns });
    return rowCount ?? 0;
  };

  /** Conflicts cannot happen, except after a commit whose answer was lost, or with a second process. */
  readonly #insertNew = async (rows: Columns<number>): Promise<number> => {
    const { ids, ts, values } = rows;
    const columns = [encodeInt4Array(ids), encodeTimestampArray(ts), encodeFloat8Array(values)];
    try {
      const { rowCount } = await this.#database.pool.query({ ...INSERT_NEW, values: columns });
      return rowCount ?? 0;
    } catch (error) {
      if (codeOf(error) !== UNIQUE_VIOLATION) throw error;
      return this.#insertMissing(rows);
    }
  };

  readonly #insertChanges = async ({ ids, ts, values }: Columns<string>): Promise<number> => {
    const columns = [encodeInt4Array(ids), encodeTimestampArray(ts), values];
    const { rowCount } = await this.#database.pool.query({ ...INSERT_CHANGES, values: columns });
    return rowCount ?? 0;
  };

  /**
   * The pipeline lets nothing through that Postgres could refuse. Should it happen all the same, one row must not hold
   * up all others for ever: halves are tried until it is found, and it is left out and told.
   */
  async #aroundBadRows<Value>(
    rows: Columns<Value>,
    insert: (rows: Columns<Value>) => Promise<number>,
  ): Promise<number> {
    try {
      return await insert(rows);
    } catch (error) {
      if (!DATA_ERROR.test(codeOf(error))) throw error;
      const size = rows.ids.length;
      if (size === 1) {
        const [seriesId, ts] = [rows.ids[0], rows.ts[0]];
        this.#logger.error({ err: error, seriesId, ts }, 'a reading cannot be stored');
        return 0;
      }
      const middle = size >> 1;
      const first = await this.#aroundBadRows(cut(rows, 0, middle), insert);
      return first + (await this.#aroundBadRows(cut(rows, middle, size), insert));
    }
  }
}

/** Leaves out rows of series that have no row of their own: their device was deleted meanwhile. */
function columnsOf<Value>(
  series: readonly { readonly id: number }[],
  ts: readonly number[],
  values: readonly Value[],
): Columns<Value> {
  const columns: Columns<Value> = { ids: [], ts: [], values: [] };
  for (let row = 0; row < series.length; row += 1) {
    const id = series[row]?.id ?? 0;
    if (id === 0) continue;
    columns.ids.push(id);
    columns.ts.push(ts[row] as number);
    columns.values.push(values[row] as Value);
  }
  return columns;
}

function cut<Value>({ ids, ts, values }: Columns<Value>, from: number, to: number): Columns<Value> {
  return { ids: ids.slice(from, to), ts: ts.slice(from, to), values: values.slice(from, to) };
}

/** SQLSTATE of an error; empty for one that does not come from the server. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
