// Pages in Postgres: what a day of a series became, and how it becomes readings again.
import { Inject, Injectable } from '@nestjs/common';
import {
  inTransaction,
  listPartitions,
  type Database,
  type Partition,
  type Queries,
} from '@hearth/db';
import {
  decodePage,
  encodeMinutes,
  encodePage,
  rollUp,
  TIER_MS,
  type PageReadings,
} from '@hearth/history';
import { DATABASE } from '../database/database.js';
import { mergeReadings } from '../readings/merge-readings.js';

export type { Partition };

/** A day of a series; `dayMs` is its first moment in UTC, epoch milliseconds. */
export interface SeriesDay {
  readonly seriesId: number;
  readonly dayMs: number;
}

export interface FoundDay extends SeriesDay {
  readonly isStale: boolean;
}

export interface PackedDay extends SeriesDay {
  readonly readings: number;
}

/** A page has its minutes with it from so many readings on: fewer are rolled up in no time. */
const READINGS_WORTH_MINUTES = 5_000;
/** Whatever is moved between pages and table `reading` is no change of a reading. */
const KEEP_ROLLUPS = `set local hearth.keep_rollups = 'on'`;
/** Longest that dropping a partition waits for readers and writers, who wait behind it. */
const LOCK_PATIENCE = `set local lock_timeout = '500ms'`;
const EPOCH = `'1970-01-01T00:00:00Z'`;

@Injectable()
export class PageRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  /** The partitions of table `reading`, the oldest first; the default one is left out. */
  listPartitions(): Promise<Partition[]> {
    return listPartitions(this.#database.pool);
  }

  /** Days of the partition that have readings, with those whose roll-ups are stale marked. */
  listDays(partition: Partition): Promise<FoundDay[]> {
    return listDays(this.#database.pool, partition);
  }

  /** Those of the days that have a page. */
  async listPaged(days: readonly SeriesDay[]): Promise<SeriesDay[]> {
    const { rows } = await this.#database.pool.query<{ series_id: number; day: Date }>(
      `select series_id, day from unnest($1::int[], $2::timestamptz[]) as days (series_id, day)
       join reading_page using (series_id, day)`,
      [days.map(({ seriesId }) => seriesId), days.map(({ dayMs }) => new Date(dayMs))],
    );
    return rows.map(({ series_id, day }) => ({ seriesId: series_id, dayMs: day.getTime() }));
  }

  /** Writes the page of a day from its readings, and from the page that there is. Answers how many readings it has. */
  async pack({ seriesId, dayMs }: SeriesDay): Promise<number> {
    return inTransaction(this.#database.pool, async (queries) => {
      const [day, next] = [new Date(dayMs), new Date(dayMs + TIER_MS.day)];
      const held = await queries.query<{ ts: number; value: number }>(
        `select (extract(epoch from ts) * 1000)::float8 as ts, value from reading
         where series_id = $1 and ts >= $2 and ts < $3 order by reading.ts`,
        [seriesId, day, next],
      );
      const paged = await readPage(queries, seriesId, dayMs);
      const all = mergeReadings(paged, held.rows);
      if (all.ts.length === 0) return 0;
      const minutes =
        all.ts.length < READINGS_WORTH_MINUTES
          ? null
          : encodeMinutes(rollUp(all.ts, all.values, TIER_MS.minute), dayMs);
      await queries.query(
        `insert into reading_page (series_id, day, count, newest_at, newest, readings, minutes)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (series_id, day) do update set count = excluded.count,
           newest_at = excluded.newest_at, newest = excluded.newest,
           readings = excluded.readings, minutes = excluded.minutes`,
        [
          seriesId,
          day,
          all.ts.length,
          new Date(all.ts.at(-1) ?? dayMs),
          all.values.at(-1) ?? 0,
          encodePage(all, dayMs),
          minutes,
        ],
      );
      return all.ts.length;
    });
  }

  /** Puts the readings of a day's page back into table `reading`; their hours become stale. Answers whether there was a page. */
  async unpack({ seriesId, dayMs }: SeriesDay): Promise<boolean> {
    return inTransaction(this.#database.pool, async (queries) => {
      const page = await readPage(queries, seriesId, dayMs);
      if (page === undefined) return false;
      await queries.query(
        `insert into reading (series_id, ts, value)
         select $1, to_timestamp(ts / 1000), value
         from unnest($2::float8[], $3::float8[]) as readings (ts, value)
         on conflict (series_id, ts) do update set value = excluded.value`,
        [seriesId, [...page.ts], [...page.values]],
      );
      await queries.query('delete from reading_page where series_id = $1 and day = $2', [
        seriesId,
        new Date(dayMs),
      ]);
      return true;
    });
  }

  /**
   * Drops a partition, if it holds no other days than those that were packed, and these are as they were then; `packed` is
   * what `pack` counted. Answers whether it did. Rejects when others hold it too long.
   */
  async dropPacked(partition: Partition, packed: readonly PackedDay[]): Promise<boolean> {
    const { name } = partition;
    return inTransaction(this.#database.pool, async (queries) => {
      await queries.query(LOCK_PATIENCE);
      await queries.query(`lock table only ${name} in share row exclusive mode`);
      const days = await listDays(queries, partition);
      if (days.length !== packed.length || days.some(({ isStale }) => isStale)) return false;
      const { rows } = await queries.query<{ pages: number }>(
        `select count(*)::int as pages
         from unnest($1::int[], $2::timestamptz[], $3::int[]) as packed (series_id, day, count)
         join reading_page using (series_id, day, count)`,
        [
          packed.map(({ seriesId }) => seriesId),
          packed.map(({ dayMs }) => new Date(dayMs)),
          packed.map(({ readings }) => readings),
        ],
      );
      if (rows[0]?.pages !== packed.length) return false;
      await queries.query(`drop table ${name}`);
      return true;
    });
  }

  /** Takes the readings of packed days out of a table that stays. */
  async removePacked(
    { name, fromMs, toMs }: Partition,
    { seriesId, dayMs }: SeriesDay,
  ): Promise<void> {
    await inTransaction(this.#database.pool, async (queries) => {
      await queries.query(KEEP_ROLLUPS);
      await queries.query(
        `delete from ${name} using reading_page as page
         where page.series_id = $1 and page.day = $2 and ${name}.series_id = $1
           and ts >= greatest($2, $3) and ts < least($2 + interval '1 day', $4)
           and not exists (select from rollup_dirty as mark where mark.series_id = $1
             and hour >= $2 and hour < $2 + interval '1 day')`,
        [seriesId, new Date(dayMs), new Date(fromMs), new Date(toMs)],
      );
    });
  }

  /** The minutes and quarters of a packed day come from its page. */
  async removeFineRollups({ seriesId, dayMs }: SeriesDay): Promise<void> {
    for (const table of ['rollup_minute', 'rollup_quarter']) {
      await this.#database.pool.query(
        `delete from ${table} as fine using reading_page as page
         where page.series_id = $1 and page.day = $2 and fine.series_id = $1
           and fine.bucket >= $2 and fine.bucket < $2 + interval '1 day'`,
        [seriesId, new Date(dayMs)],
      );
    }
  }
}

/** Steps from one day of a series to the next by the index: it reads a row a day. */
async function listDays(queries: Queries, { name, fromMs, toMs }: Partition): Promise<FoundDay[]> {
  const { rows } = await queries.query<{ series_id: number; day: Date; stale: boolean }>(
    `with recursive held as (
       (select series_id, ${dayOf('ts')} as day from ${name} order by series_id, ts limit 1)
       union all
       select next.* from held cross join lateral (
         select series_id, ${dayOf('ts')} as day from ${name}
         where (series_id, ts) >= (held.series_id, held.day + interval '1 day')
         order by series_id, ts limit 1) as next)
     select series_id, day, exists (
       select from rollup_dirty where rollup_dirty.series_id = held.series_id
         and hour >= day and hour < day + interval '1 day') as stale
     from held where day >= $1 and day < $2`,
    [new Date(fromMs), new Date(toMs)],
  );
  return rows.map(({ series_id, day, stale }) => ({
    seriesId: series_id,
    dayMs: day.getTime(),
    isStale: stale,
  }));
}

function dayOf(time: string): string {
  return `date_bin('1 day', ${time}, ${EPOCH})`;
}

async function readPage(
  queries: Queries,
  seriesId: number,
  dayMs: number,
): Promise<PageReadings | undefined> {
  const { rows } = await queries.query<{ readings: Buffer }>(
    'select readings from reading_page where series_id = $1 and day = $2 for update',
    [seriesId, new Date(dayMs)],
  );
  const [page] = rows;
  return page === undefined ? undefined : decodePage(page.readings, dayMs);
}
