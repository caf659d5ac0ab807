// The hot path into Postgres. docs/adr says why the statements are as they are.
import { Inject, Injectable } from '@nestjs/common';
import type { Database, Queries } from '@hearth/db';
import type { ReadingBatch, ReadingStore } from '@hearth/ingest';
import type { Logger } from 'pino';
import { LOGGER } from '../common/logger.js';
import { aroundBadRows, isKeyTaken } from '../database/data-errors.js';
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
/** Rows of known series, as columns. */
interface Columns<Value> {
  readonly ids: number[];
  readonly ts: number[];
  readonly values: Value[];
}

/** The rows of a batch whose series and partitions are there. */
export interface InsertableRows {
  readonly numbers: Columns<number>;
  readonly texts: Columns<string>;
  /** Whether a row may be in the table already. */
  readonly mayRepeat: boolean;
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
    const { numbers, texts, mayRepeat } = await this.prepare(batch);
    const { pool } = this.#database;
    const insertNumbers = async (rows: Columns<number>): Promise<number> => {
      if (mayRepeat) return insertMissing(pool, rows);
      try {
        return await insertNew(pool, rows);
      } catch (error) {
        if (!isKeyTaken(error)) throw error;
        return insertMissing(pool, rows);
      }
    };
    const inserted = await this.#insertAround(numbers, insertNumbers);
    return inserted + (await this.#insertAround(texts, (rows) => insertChanges(pool, rows)));
  }

  /** Makes what the rows of a batch need. In a transaction of its own: what it makes may stay, and it waits for locks. */
  async prepare(batch: ReadingBatch): Promise<InsertableRows> {
    if (batch.unsaved.size > 0) await this.#series.save(batch.unsaved);
    const numbers = columnsOf(batch.series, batch.ts, batch.values);
    const texts = columnsOf(batch.textSeries, batch.textTs, batch.textValues);
    if (numbers.ids.length > 0) await this.#partitions.cover(numbers.ts);
    return { numbers, texts, mayRepeat: batch.mayRepeat };
  }

  /** Inserts in the transaction of whoever calls, all or nothing. */
  async insert(queries: Queries, { numbers, texts, mayRepeat }: InsertableRows): Promise<number> {
    const insertNumbers = mayRepeat ? insertMissing : insertNew;
    const inserted = await insertNumbers(queries, numbers);
    return inserted + (await insertChanges(queries, texts));
  }

  #insertAround<Value>(
    rows: Columns<Value>,
    insert: (rows: Columns<Value>) => Promise<number>,
  ): Promise<number> {
    return aroundBadRows(
      rows.ids.length,
      (from, to) => insert(to - from === rows.ids.length ? rows : cut(rows, from, to)),
      (row, error) => {
        const [seriesId, ts] = [rows.ids[row], rows.ts[row]];
        this.#logger.error({ err: error, seriesId, ts }, 'a reading cannot be stored');
      },
    );
  }
}

function insertMissing(queries: Queries, rows: Columns<number>): Promise<number> {
  return insertNumbers(queries, INSERT_MISSING, rows);
}

/** Conflicts cannot happen, except after a commit whose answer was lost, or with a second process. */
function insertNew(queries: Queries, rows: Columns<number>): Promise<number> {
  return insertNumbers(queries, INSERT_NEW, rows);
}

async function insertNumbers(
  queries: Queries,
  statement: typeof INSERT_NEW,
  { ids, ts, values }: Columns<number>,
): Promise<number> {
  if (ids.length === 0) return 0;
  const columns = [encodeInt4Array(ids), encodeTimestampArray(ts), encodeFloat8Array(values)];
  const { rowCount } = await queries.query({ ...statement, values: columns });
  return rowCount ?? 0;
}

async function insertChanges(
  queries: Queries,
  { ids, ts, values }: Columns<string>,
): Promise<number> {
  if (ids.length === 0) return 0;
  const columns = [encodeInt4Array(ids), encodeTimestampArray(ts), values];
  const { rowCount } = await queries.query({ ...INSERT_CHANGES, values: columns });
  return rowCount ?? 0;
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
