// Buckets of a chart out of roll-ups where they are fresh, and out of the readings where they are stale. One snapshot, and
// so one moment: a roll-up and the mark that it is stale cannot disagree, nor can rows and pages.
import { Inject, Injectable } from '@nestjs/common';
import { inSnapshot, type Database } from '@hearth/db';
import { chooseTier, combine, type Tier } from '@hearth/history';
import { DATABASE } from '../database/database.js';
import { EPOCH } from './bucket-origin.js';
import { listPackedDays } from './packed-rollups.repository.js';
import type { Range } from './range.js';
import { findStaleFrom, STALE_BOUNDS, type StaleBounds } from './stale-bounds.repository.js';
import { summable } from './summable.js';

/** At least one reading; `startMs` in epoch milliseconds. */
export interface PlainBucket {
  readonly startMs: number;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly count: number;
}

export interface Buckets {
  /** In the order of time; empty ones are left out. */
  readonly buckets: readonly PlainBucket[];
  /** False when so much is stale that some of it is missing, until it is rolled up. */
  readonly isComplete: boolean;
}

const DAY_OF = (time: string): string => `date_bin('1 day', ${time}, ${EPOCH})`;
/** The days of `$5` are left out: they come from their pages. */
const IN_RANGE = (time: string): string =>
  `series_id = $1 and ${time} >= $2 and ${time} < $3 and ${DAY_OF(time)} <> all ($5::timestamptz[])`;
/** The width of the answer is `$4`, in seconds. */
const AS_BUCKETS = (parts: string): string => `
  select (extract(epoch from start) * 1000)::float8 as "startMs",
    min(min) as min, max(max) as max, sum(sum) as sum, sum(count)::int as count
  from (select date_bin(make_interval(secs => $4), bucket, ${EPOCH}) as start, * from (${parts}) as parts) as parts
  group by start order by start`;
const HOUR_OF = (time: string): string => `date_bin('1 hour', ${time}, ${EPOCH})`;

/** Hours of the series that are stale, of which at least a moment is in the range, from `$6` on. */
const STALE = `with stale as materialized (
  select distinct hour from rollup_dirty
  where series_id = $1 and hour > $2::timestamptz - interval '1 hour' and hour < $3
    and hour >= $6::timestamptz)`;
const FRESH = (tier: Tier): string => `
  select bucket, min, max, sum, count from rollup_${tier}
  where ${IN_RANGE('bucket')}`;
/** The readings of stale hours, one bucket each for as much of the answer's bucket as lies in the hour. */
const fromReadings = (perHour: string): string => `
  select ts as bucket, min, max, sum, count
  from stale cross join lateral (
    select min(ts) as ts, min(value) as min, max(value) as max, sum(${summable('value')}) as sum, count(*)::int as count
    from reading
    where ${IN_RANGE('ts')} and ts >= stale.hour and ts < stale.hour + interval '1 hour'
    ${perHour}) as of_hour`;
const IN_BUCKETS = `group by date_bin(make_interval(secs => $4), ts, ${EPOCH})`;
/** An hour lies in one bucket of whole hours: nothing has to be sorted. */
const AS_ONE = 'having count(*) > 0';

const FROM_TIER: Readonly<Record<Tier, string>> = {
  minute: finerThanDay('minute', IN_BUCKETS),
  quarter: finerThanDay('quarter', IN_BUCKETS),
  hour: finerThanDay('hour', AS_ONE),
  day: `${STALE}, stale_days as materialized (select distinct ${DAY_OF('hour')} as day from stale)
    ${AS_BUCKETS(`
      ${FRESH('day')} and bucket not in (select day from stale_days)
      union all
      select hours.* from stale_days cross join lateral (
        ${FRESH('hour')} and bucket >= day and bucket < day + interval '1 day'
          and bucket not in (select hour from stale)) as hours
      union all ${fromReadings(AS_ONE)}`)}`,
};

function finerThanDay(tier: Tier, perHour: string): string {
  return `${STALE} ${AS_BUCKETS(`
    ${FRESH(tier)} and ${HOUR_OF('bucket')} not in (select hour from stale)
    union all ${fromReadings(perHour)}`)}`;
}

const FROM_ALL_READINGS = AS_BUCKETS(`
  select ts as bucket, value as min, value as max, ${summable('value')} as sum, 1 as count
  from reading where ${IN_RANGE('ts')}`);

@Injectable()
export class BucketRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  /** Buckets of `widthMs`. The range is one of whole buckets. Throws `DamagedPage`. */
  async list(
    seriesId: number,
    range: Range,
    widthMs: number,
    bounds: StaleBounds = STALE_BOUNDS,
  ): Promise<Buckets> {
    const tier = chooseTier(widthMs);
    const { pool } = this.#database;
    const { packed, rows, isComplete } = await inSnapshot(pool, 'reading', async (queries) => {
      const staleFromMs =
        tier === undefined ? undefined : await findStaleFrom(queries, seriesId, range, bounds);
      const packed = await listPackedDays(queries, seriesId, range, tier, staleFromMs);
      const within = [seriesId, new Date(range.fromMs), new Date(range.toMs)];
      const staleFrom = staleFromMs === undefined ? '-infinity' : new Date(staleFromMs);
      const { rows } = await queries.query<PlainBucket>({
        name: `hearth-buckets-of-${tier ?? 'readings'}`,
        text: tier === undefined ? FROM_ALL_READINGS : FROM_TIER[tier],
        values: [
          ...within,
          widthMs / 1_000,
          packed.days,
          ...(tier === undefined ? [] : [staleFrom]),
        ],
      });
      return { packed, rows, isComplete: staleFromMs === undefined };
    });
    if (packed.days.length === 0) return { buckets: rows, isComplete };
    const buckets = together([...rows, ...packed.rollUp(widthMs)], widthMs);
    return { buckets, isComplete };
  }
}

/** Buckets that may lie in one another become one. */
function together(buckets: readonly PlainBucket[], widthMs: number): PlainBucket[] {
  const sorted = buckets.toSorted((a, b) => a.startMs - b.startMs);
  return combine(
    sorted.map((bucket) => ({ ...bucket, first: 0, last: 0 })),
    widthMs,
  );
}
