// Recomputes roll-ups in Postgres, beside the event loop. docs/adr/0016-roll-ups-and-pages.md says why they are right whatever
// happens meanwhile.
import { Inject, Injectable } from '@nestjs/common';
import { TIER_MS, TIERS } from '@hearth/history';
import { inTransaction, type Database, type Queries } from '@hearth/db';
import { DATABASE } from '../database/database.js';
import { EPOCH } from '../readings/bucket-origin.js';
import { summable } from '../readings/summable.js';
import { lockDays } from './move-locks.repository.js';

/** An hour of a series. */
export interface StaleHour {
  readonly seriesId: number;
  /** Epoch milliseconds. */
  readonly hourMs: number;
}

const HOURS_OF = (parameter: number): string =>
  `(select * from unnest($${parameter}::int[], $${parameter + 1}::timestamptz[]) as hours (series_id, hour)) as hours`;
const HOURS = HOURS_OF(1);
/** The days of the hours. */
const DAYS = `(select distinct series_id, date_bin('1 day', hour, ${EPOCH}) as hour from ${HOURS}) as hours`;

/** Of readings, and of finer roll-ups, in the order of time: so that sums are the same for everybody. */
const OF_READINGS = `min(value), max(value), sum(${summable('value')} order by ts), count(*)::int,
  (array_agg(value order by ts))[1], (array_agg(value order by ts))[count(*)]`;
const OF_ROLLUPS = `min(min), max(max), sum(sum order by bucket), sum(count)::int,
  (array_agg(first order by bucket))[1], (array_agg(last order by bucket))[count(*)]`;

const RECOMPUTE: readonly string[] = TIERS.flatMap((tier, index) => {
  const finer = TIERS[index - 1];
  const [spans, span] = tier === 'day' ? [DAYS, '1 day'] : [HOURS, '1 hour'];
  const within = (time: string): string =>
    `series_id = hours.series_id and ${time} >= hours.hour and ${time} < hours.hour + interval '${span}'`;
  const source =
    finer === undefined
      ? `select series_id, ts, value, ts as at from reading where ${within('ts')}`
      : `select *, bucket as at from rollup_${finer} where ${within('bucket')}`;
  return [
    `delete from rollup_${tier} as old using ${spans} where old.${within('bucket')}`,
    `insert into rollup_${tier}
     select hours.series_id, date_bin('${TIER_MS[tier] / 1_000} seconds', at, ${EPOCH}),
       ${finer === undefined ? OF_READINGS : OF_ROLLUPS}
     from ${spans} cross join lateral (${source} order by at) as finer
     group by 1, 2`,
  ];
});

@Injectable()
export class RollupRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  /**
   * Claims at most `limit` stale hours that begin before `beforeMs`, the newest first, and those that a crash left claimed,
   * but for some of these. A change of their readings leaves a mark of its own from now on.
   */
  async claim(
    beforeMs: number,
    limit: number,
    except: readonly StaleHour[] = [],
  ): Promise<StaleHour[]> {
    const { pool } = this.#database;
    await pool.query(
      `with due as (
         select series_id, hour from rollup_dirty
         where not claimed and hour < $1 order by hour desc, series_id limit $2
       ), gone as (
         delete from rollup_dirty as mark using due
         where mark.series_id = due.series_id and mark.hour = due.hour and not mark.claimed
         returning mark.series_id, mark.hour
       )
       insert into rollup_dirty select series_id, hour, true from gone on conflict do nothing`,
      [new Date(beforeMs), limit],
    );
    const { rows } = await pool.query<{ series_id: number; hour: Date }>(
      `select series_id, hour from rollup_dirty as mark
       where claimed and not exists (
         select from ${HOURS_OF(2)} where hours.series_id = mark.series_id and hours.hour = mark.hour)
       order by hour desc, series_id limit $1`,
      [limit, ...toColumns(except)],
    );
    return rows.map(({ series_id, hour }) => ({ seriesId: series_id, hourMs: hour.getTime() }));
  }

  /** What tells whether every transaction that is under way now has ended: to be given to `hasPassed`. */
  async now(): Promise<string> {
    const { rows } = await this.#database.pool.query<{ xmax: string }>(
      'select pg_snapshot_xmax(pg_current_snapshot())::text as xmax',
    );
    return rows[0]?.xmax ?? '0';
  }

  /** True when all that was under way at `moment` is committed or undone. */
  async hasPassed(moment: string): Promise<boolean> {
    const { rows } = await this.#database.pool.query<{ passed: boolean }>(
      'select pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8 as passed',
      [moment],
    );
    return rows[0]?.passed === true;
  }

  /**
   * Takes back the claims of hours whose readings the home has removed: what is rolled up of them is all there is. Answers
   * the other hours.
   */
  async passOverRemoved(hours: readonly StaleHour[]): Promise<StaleHour[]> {
    const { rows } = await this.#database.pool.query<{ series_id: number; hour: Date }>(
      `delete from rollup_dirty as mark using ${HOURS}, series, device, home_retention
       where mark.series_id = hours.series_id and mark.hour = hours.hour and mark.claimed
         and series.id = mark.series_id and device.id = series.device_id
         and home_retention.home_id = device."homeId" and mark.hour < home_retention.detail_from
       returning mark.series_id, mark.hour`,
      [hours.map(({ seriesId }) => seriesId), hours.map(({ hourMs }) => new Date(hourMs))],
    );
    const gone = new Set(rows.map(({ series_id, hour }) => `${series_id} ${hour.getTime()}`));
    return hours.filter(({ seriesId, hourMs }) => !gone.has(`${seriesId} ${hourMs}`));
  }

  /**
   * Computes all tiers of claimed hours anew and takes their claims back, in one transaction. Answers which: hours of a day
   * that is a page are left claimed, because their readings are elsewhere.
   */
  async recompute(hours: readonly StaleHour[]): Promise<StaleHour[]> {
    return inTransaction(this.#database.pool, async (queries) => {
      await lockDays(
        queries,
        hours.map(({ hourMs }) => hourMs),
      );
      await preferIndexes(queries);
      const held = await withoutPage(queries, hours);
      const columns = toColumns(held);
      for (const statement of RECOMPUTE) await queries.query(statement, columns);
      await queries.query(
        `delete from rollup_dirty as mark using ${HOURS}
         where mark.series_id = hours.series_id and mark.hour = hours.hour and mark.claimed`,
        columns,
      );
      return held;
    });
  }

  /** Hours that wait; of more than `most` it says `most`. */
  async countStale(most: number): Promise<number> {
    const { rows } = await this.#database.pool.query<{ count: number }>(
      'select count(*)::int as count from (select from rollup_dirty limit $1) as marks',
      [most],
    );
    return rows[0]?.count ?? 0;
  }
}

/** Some hundred hours out of years are a look into the index each, whatever Postgres believes of a table that it never analysed. */
async function preferIndexes(queries: Queries): Promise<void> {
  await queries.query('set local enable_hashjoin = off');
  await queries.query('set local enable_mergejoin = off');
  await queries.query('set local enable_seqscan = off');
}

async function withoutPage(queries: Queries, hours: readonly StaleHour[]): Promise<StaleHour[]> {
  const { rows } = await queries.query<{ place: number }>(
    `select place::int - 1 as place
     from unnest($1::int[], $2::timestamptz[]) with ordinality as hours (series_id, hour, place)
     where not exists (select from reading_page as page
       where page.series_id = hours.series_id and page.day = date_bin('1 day', hours.hour, ${EPOCH}))`,
    toColumns(hours),
  );
  return rows.flatMap(({ place }) => hours[place] ?? []);
}

function toColumns(hours: readonly StaleHour[]): [number[], Date[]] {
  return [hours.map(({ seriesId }) => seriesId), hours.map(({ hourMs }) => new Date(hourMs))];
}
