// What is older than a home keeps, in Postgres: counted, and removed some rows at a time.
import { Inject, Injectable } from '@nestjs/common';
import type { HomeId, RetentionField } from '@hearth/contracts';
import {
  inTransaction,
  listPartitions,
  type Database,
  type Partition,
  type Queries,
} from '@hearth/db';
import { DATABASE } from '../database/database.js';
import { KEEP_ROLLUPS } from '../rollups/move-locks.repository.js';
import type { StaleHour } from '../rollups/rollup.repository.js';

export type { Partition };

/** A table, and the setting that it goes by. In its statements `$1` is the home, `$2` its series, `$3` the moment. */
export interface Store {
  readonly name: string;
  readonly setting: RetentionField;
  /** Rows of one statement: some ten milliseconds, in which nobody waits who does not want the same rows. */
  readonly rowsAtOnce: number;
  /** The expression of how many rows are older. */
  readonly count: string;
  /** Removes the oldest `$4`. */
  readonly remove: string;
}

/** What a home has, to be removed from. */
export interface HomeHistory {
  readonly homeId: HomeId;
  readonly seriesIds: readonly number[];
}

const ROWS_AT_ONCE = 2_000;
/** A page of a day with a reading a second is 150 kB. */
const PAGES_AT_ONCE = 100;
/** Longest that dropping a partition waits for who reads it; who writes readings waits behind it. */
const LOCK_PATIENCE = `set local lock_timeout = '200ms'`;

/** Reads one series after the other along the index and stops at the limit, however much there is. */
function ofSeries(
  name: string,
  setting: RetentionField,
  { time = 'bucket', before = '$3', rowsAtOnce = ROWS_AT_ONCE } = {},
): Store {
  const of = (what: string, rest = ''): string => `
    select ${what} from unnest($2::int[]) as mine (id) cross join lateral (
      select series_id, ${time} as at from ${name}
      where series_id = mine.id and ${time} < ${before} ${rest}) as old`;
  return {
    name,
    setting,
    rowsAtOnce,
    count: `(${of('count(*)')} where $1::uuid is not null)`,
    remove: `with oldest as materialized (${of('old.*', 'order by 2 limit $4')} limit $4),
      old as (select series_id, max(at) as until from oldest group by series_id)
      delete from ${name} as kept using old
      where kept.series_id = old.series_id and kept.${time} <= old.until and kept.${time} < $3
        and $1::uuid is not null`,
  };
}

function ofDevices(name: string, setting: RetentionField, where: string): Store {
  const from = `from ${name} as old join device on device.id = old.device_id
    where device."homeId" = $1 and $2::int[] is not null and ${where}`;
  return {
    name,
    setting,
    rowsAtOnce: ROWS_AT_ONCE,
    count: `(select count(*) ${from})`,
    remove: `delete from ${name} where id in (select old.id ${from} limit $4)`,
  };
}

/** The finest first: where a crash comes between, the coarser ones are still there. */
export const STORES: readonly Store[] = [
  ofSeries('reading', 'fullDetailDays', { time: 'ts' }),
  ofSeries('rollup_minute', 'fullDetailDays'),
  ofSeries('rollup_quarter', 'fullDetailDays'),
  ofSeries('reading_page', 'fullDetailDays', { time: 'day', rowsAtOnce: PAGES_AT_ONCE }),
  ofSeries('rollup_hour', 'hourlyDays'),
  ofSeries('rollup_day', 'dailyDays'),
  // The text that was in force when the kept time began stays.
  ofSeries('state_change', 'stateDays', {
    time: 'ts',
    before: '(select max(ts) from state_change where series_id = mine.id and ts < $3)',
  }),
  ofDevices(
    'presence_change',
    'eventDays',
    `old.at < $3 and exists (
      select from presence_change as newer
      where newer.device_id = old.device_id and newer.at < $3
        and (newer.at, newer.id) > (old.at, old.id))`,
  ),
  ofDevices('command', 'eventDays', 'old.created_at < $3 and old.finished_at is not null'),
];

@Injectable()
export class ExpiredRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  async listSeries(homeId: HomeId): Promise<number[]> {
    const rows = await this.#database.prisma.series.findMany({
      where: { device: { homeId } },
      select: { id: true },
      orderBy: { id: 'asc' },
    });
    return rows.map(({ id }) => id);
  }

  /** Rows of the store from before. */
  async count(store: Store, home: HomeHistory, beforeMs: number): Promise<number> {
    const { rows } = await this.#database.pool.query<{ rows: number }>(
      `select ${store.count}::int as rows`,
      [home.homeId, home.seriesIds, new Date(beforeMs)],
    );
    return rows[0]?.rows ?? 0;
  }

  /** Removes the oldest rows from before, at most as many as the store bears at once; answers how many. */
  async remove(store: Store, home: HomeHistory, beforeMs: number): Promise<number> {
    return inTransaction(this.#database.pool, async (queries) => {
      await queries.query(KEEP_ROLLUPS);
      await preferIndexes(queries);
      const { rowCount } = await queries.query(store.remove, [
        home.homeId,
        home.seriesIds,
        new Date(beforeMs),
        store.rowsAtOnce,
      ]);
      return rowCount ?? 0;
    });
  }

  /** Whether roll-ups from before wait to be computed, other than those of some hours. */
  async isStale(
    { seriesIds }: HomeHistory,
    beforeMs: number,
    except: readonly StaleHour[],
  ): Promise<boolean> {
    const { rows } = await this.#database.pool.query<{ stale: boolean }>(
      `select exists (
         select from rollup_dirty where series_id = any($1::int[]) and hour < $2
           and (series_id, hour) not in (
             select * from unnest($3::int[], $4::timestamptz[]) as hours (series_id, hour))) as stale`,
      [
        seriesIds,
        new Date(beforeMs),
        except.map(({ seriesId }) => seriesId),
        except.map(({ hourMs }) => new Date(hourMs)),
      ],
    );
    return rows[0]?.stale === true;
  }

  /** Partitions of `reading` that end by then, the oldest first. */
  async listPartitions(untilMs: number): Promise<Partition[]> {
    const partitions = await listPartitions(this.#database.pool);
    return partitions.filter(({ toMs }) => toMs <= untilMs);
  }

  /** Drops a partition, whatever is in it. Rejects when others hold it too long. */
  drop({ name }: Partition): Promise<boolean> {
    return inTransaction(this.#database.pool, async (queries) => {
      await queries.query(LOCK_PATIENCE);
      await queries.query(`drop table if exists ${name}`);
      return true;
    });
  }

  /** Drops a partition that has no rows any more; answers whether it did. Rejects when others hold it too long. */
  async dropEmpty({ name }: Partition): Promise<boolean> {
    const isEmpty = async (queries: Queries): Promise<boolean> => {
      const { rows } = await queries.query<{ empty: boolean }>(
        `select not exists (select from ${name}) as empty`,
      );
      return rows[0]?.empty === true;
    };
    // Before the lock: to look through what was removed may take a while.
    if (!(await isEmpty(this.#database.pool))) return false;
    return inTransaction(this.#database.pool, async (queries) => {
      await queries.query(LOCK_PATIENCE);
      await queries.query(`lock table only ${name} in share row exclusive mode`);
      if (!(await isEmpty(queries))) return false;
      await queries.query(`drop table ${name}`);
      return true;
    });
  }
}

/** A few thousand rows out of years are a look into the index, whatever Postgres believes of a table that it never analysed. */
async function preferIndexes(queries: Queries): Promise<void> {
  await queries.query('set local enable_hashjoin = off');
  await queries.query('set local enable_mergejoin = off');
  await queries.query('set local enable_seqscan = off');
}
