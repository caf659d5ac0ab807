// Pages in Postgres: what a day of a series became, and how it becomes readings again. No reading may be lost on the way:
// docs/adr/0016-roll-ups-and-pages.md says why none is.
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
  MOST_PAGE_READINGS,
  rollUp,
  TIER_MS,
  type PageReadings,
} from '@hearth/history';
import { DATABASE } from '../database/database.js';
import { EPOCH } from '../readings/bucket-origin.js';
import { readingsOf } from '../readings/paged-readings.repository.js';
import { KEEP_ROLLUPS, lockDays } from '../rollups/move-locks.repository.js';
import { PageDiffers } from './errors.js';
import { areEqual, toReadings } from './held-readings.js';
import type { SeriesDay } from './series-day.js';

export type { Partition };

export interface FoundDay extends SeriesDay {
  /** Its roll-ups are stale: it is not to be packed yet. */
  readonly isStale: boolean;
  /** It has a page. Unless it is stale, nothing was changed since that was written. */
  readonly isPaged: boolean;
}

/** What there is of a day now: a new page, the page that there was, which holds exactly its readings, or rows. */
export type PackOutcome = 'packed' | 'as-it-was' | 'left';

/** What became of an attempt to drop a partition: nothing, when readings changed meanwhile. */
export interface DropOutcome {
  readonly isDropped: boolean;
  /** Days of which the page, if there is one, holds other readings than the partition. */
  readonly differing: readonly SeriesDay[];
}

/** A page has its minutes with it from so many readings on: fewer are rolled up in no time. */
const READINGS_WORTH_MINUTES = 5_000;
/** Longest that dropping a partition waits for readers and writers, who wait behind it. */
const LOCK_PATIENCE = `set local lock_timeout = '500ms'`;
const TIMES = `string_agg(timestamptz_send(ts), ''::bytea order by ts)`;
const VALUES = `string_agg(float8send(value), ''::bytea order by ts)`;
/** By which a page is known to hold exactly certain readings, to the bit. */
const DIGEST = `substring(sha256(${TIMES} || ${VALUES}) for 8)`;

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

  /** Days of the partition that have readings. It steps from one day of a series to the next by the index: a row a day is read. */
  async listDays({ name, fromMs, toMs }: Partition): Promise<FoundDay[]> {
    const { rows } = await this.#database.pool.query<FoundDay>(
      `${daysOf(name)}
       select series_id as "seriesId", (extract(epoch from day) * 1000)::float8 as "dayMs",
         ${isStale('days.series_id', 'days.day')} as "isStale",
         exists (select from reading_page as page where page.series_id = days.series_id
           and page.day = days.day and digest is not null) as "isPaged"
       from days`,
      [new Date(fromMs), new Date(toMs)],
    );
    return rows;
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

  /**
   * Writes the page of a day from its readings; its minutes and quarters come from it from now on. A day that is stale, or
   * has more readings than a page takes, is left; one whose page holds others becomes rows again, to be packed later.
   * Throws `DamagedPage`, `PageDiffers`.
   */
  async pack(day: SeriesDay): Promise<PackOutcome> {
    return inTransaction(this.#database.pool, async (queries) => {
      await lockDays(queries, [day.dayMs]);
      const held = await readHeld(queries, day);
      if (held.isStale || held.count > MOST_PAGE_READINGS) return 'left';
      if (held.page !== null) {
        if (held.digest !== null && held.page.equals(held.digest)) return 'as-it-was';
        await putBack(queries, day);
        return 'left';
      }
      if (held.times === null || held.values === null || held.digest === null) return 'left';
      await writePage(queries, day, toReadings(held.times, held.values), held.digest);
      await removeFineRollups(queries, day);
      return 'packed';
    });
  }

  /**
   * Puts the readings of a day's page back into table `reading`; its hours become stale. Answers whether there was a page.
   * Throws `DamagedPage`.
   */
  async unpack(day: SeriesDay): Promise<boolean> {
    return inTransaction(this.#database.pool, async (queries) => {
      await lockDays(queries, [day.dayMs]);
      return putBack(queries, day);
    });
  }

  /**
   * Drops a partition, if each of its days has a page of exactly the readings that the partition holds. Rejects when others
   * hold it too long.
   */
  async dropPacked(partition: Partition): Promise<DropOutcome> {
    const { name, fromMs, toMs } = partition;
    return inTransaction(this.#database.pool, async (queries) => {
      // From here on no mark is taken back, and no page changed. So a mark tells of each reading that changes after it was
      // compared, and there is no need to compare while writers wait.
      await lockDays(queries, daysFrom(fromMs, toMs));
      const { readings, differing } = await compare(queries, partition);
      if (differing.length > 0) return { isDropped: false, differing };
      await queries.query(LOCK_PATIENCE);
      await queries.query(`lock table only ${name} in share row exclusive mode`);
      const { rows } = await queries.query<{ isSame: boolean }>(
        `select (select count(*) from ${name}) = $3::bigint
           and not exists (select from rollup_dirty where hour >= $1 and hour < $2) as "isSame"`,
        [new Date(fromMs), new Date(toMs), readings],
      );
      if (rows[0]?.isSame !== true) return { isDropped: false, differing: [] };
      await queries.query(`drop table ${name}`);
      return { isDropped: true, differing: [] };
    });
  }

  /** Resolves when the database answers. */
  async ping(): Promise<void> {
    await this.#database.pool.query('select 1');
  }

  /** Takes the readings of a day out of the default partition, if its page holds exactly these. Answers whether it does. */
  async removePacked({ seriesId, dayMs }: SeriesDay): Promise<boolean> {
    return inTransaction(this.#database.pool, async (queries) => {
      await lockDays(queries, [dayMs]);
      await queries.query(KEEP_ROLLUPS);
      await queries.query('savepoint whole');
      const { rows } = await queries.query<{ isSame: boolean }>(
        `with gone as (
           delete from reading_default
           where series_id = $1 and ts >= $2 and ts < $2::timestamptz + interval '1 day'
           returning ts, value)
         select exists (select from reading_page where series_id = $1 and day = $2
           and digest = (select ${DIGEST} from gone)) as "isSame"`,
        [seriesId, new Date(dayMs)],
      );
      const isSame = rows[0]?.isSame === true;
      if (!isSame) await queries.query('rollback to savepoint whole');
      return isSame;
    });
  }
}

/** A recursive query `days` of the table's days from `$1` to before `$2`. */
function daysOf(table: string): string {
  const day = `date_bin('1 day', ts, ${EPOCH}) as day`;
  return `with recursive held as (
      (select series_id, ${day} from ${table} order by series_id, ts limit 1)
      union all
      select next.* from held cross join lateral (
        select series_id, ${day} from ${table}
        where (series_id, ts) >= (held.series_id, held.day + interval '1 day')
        order by series_id, ts limit 1) as next),
    days as (select * from held where day >= $1 and day < $2)`;
}

function isStale(seriesId: string, day: string): string {
  return `exists (select from rollup_dirty where rollup_dirty.series_id = ${seriesId}
    and hour >= ${day} and hour < ${day} + interval '1 day')`;
}

function* daysFrom(fromMs: number, toMs: number): Iterable<number> {
  for (let dayMs = fromMs; dayMs < toMs; dayMs += TIER_MS.day) yield dayMs;
}

interface HeldReadings {
  readonly count: number;
  readonly times: Buffer | null;
  readonly values: Buffer | null;
  readonly digest: Buffer | null;
  readonly isStale: boolean;
  /** Null when there is no page; empty when nobody knows what it is a page of. */
  readonly page: Buffer | null;
}

/** One statement, and so one moment. */
async function readHeld(queries: Queries, { seriesId, dayMs }: SeriesDay): Promise<HeldReadings> {
  const { rows } = await queries.query<HeldReadings>(
    `select count(*)::int as count, ${TIMES} as times, ${VALUES} as values, ${DIGEST} as digest,
       ${isStale('$1', '$2::timestamptz')} as "isStale",
       (select coalesce(digest, '') from reading_page where series_id = $1 and day = $2) as page
     from (select ts, value from reading
       where series_id = $1 and ts >= $2 and ts < $2::timestamptz + interval '1 day'
       order by ts limit $3) as held`,
    [seriesId, new Date(dayMs), MOST_PAGE_READINGS + 1],
  );
  const [held] = rows;
  if (held === undefined) throw new Error('a query without groups gives a row');
  return held;
}

async function writePage(
  queries: Queries,
  { seriesId, dayMs }: SeriesDay,
  readings: PageReadings,
  digest: Buffer,
): Promise<void> {
  const { ts, values } = readings;
  const page = encodePage(readings, dayMs);
  // What cannot be read back exactly stays rows, whatever the reason.
  if (!areEqual(decodePage(page, dayMs), readings)) throw new PageDiffers({ seriesId, dayMs });
  const minutes =
    ts.length < READINGS_WORTH_MINUTES
      ? null
      : encodeMinutes(rollUp(ts, values, TIER_MS.minute), dayMs);
  await queries.query(
    `insert into reading_page (series_id, day, count, newest_at, newest, readings, minutes, digest)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      seriesId,
      new Date(dayMs),
      ts.length,
      new Date(ts.at(-1) ?? dayMs),
      values.at(-1) ?? 0,
      page,
      minutes,
      digest,
    ],
  );
}

/** Whoever sees the page takes minutes and quarters from it, and whoever does not sees the rows: it is one commit. */
async function removeFineRollups(queries: Queries, { seriesId, dayMs }: SeriesDay): Promise<void> {
  for (const table of ['rollup_minute', 'rollup_quarter']) {
    await queries.query(
      `delete from ${table}
       where series_id = $1 and bucket >= $2 and bucket < $2::timestamptz + interval '1 day'`,
      [seriesId, new Date(dayMs)],
    );
  }
}

async function putBack(queries: Queries, { seriesId, dayMs }: SeriesDay): Promise<boolean> {
  const key = [seriesId, new Date(dayMs)];
  const { rows } = await queries.query<{ readings: Buffer }>(
    'delete from reading_page where series_id = $1 and day = $2 returning readings',
    key,
  );
  const [page] = rows;
  if (page === undefined) return false;
  const { ts, values } = readingsOf({ seriesId, dayMs, readings: page.readings });
  await queries.query(KEEP_ROLLUPS);
  // Of two readings of one time the page's is the older one, and the first that is stored stays.
  await queries.query(
    `insert into reading (series_id, ts, value)
     select $1, to_timestamp(ts / 1000), value
     from unnest($2::float8[], $3::float8[]) as readings (ts, value)
     on conflict (series_id, ts) do update set value = excluded.value`,
    [seriesId, [...ts], [...values]],
  );
  // All hours: minutes and quarters of the day are nowhere now.
  await queries.query(
    `insert into rollup_dirty (series_id, hour, claimed)
     select $1, hour, false
     from generate_series($2::timestamptz, $2::timestamptz + interval '23 hours', interval '1 hour') as hour
     on conflict do nothing`,
    key,
  );
  return true;
}

/** How many readings the partition holds, and the days whose page is not one of exactly these. */
async function compare(
  queries: Queries,
  { name, fromMs, toMs }: Partition,
): Promise<{ readonly readings: number; readonly differing: SeriesDay[] }> {
  const { rows } = await queries.query<SeriesDay & { count: number; isSame: boolean }>(
    `${daysOf(name)}
     select days.series_id as "seriesId", (extract(epoch from days.day) * 1000)::float8 as "dayMs",
       held.count, coalesce(page.digest = held.digest, false) as "isSame"
     from days
     cross join lateral (
       select count(*)::int as count, ${DIGEST} as digest from ${name}
       where series_id = days.series_id and ts >= days.day and ts < days.day + interval '1 day') as held
     left join reading_page as page on page.series_id = days.series_id and page.day = days.day`,
    [new Date(fromMs), new Date(toMs)],
  );
  return {
    readings: rows.reduce((sum, { count }) => sum + count, 0),
    differing: rows.filter(({ isSame }) => !isSame),
  };
}
