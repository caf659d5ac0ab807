import { Inject, Injectable } from '@nestjs/common';
import type { Bucket } from '@hearth/contracts';
import type { Database } from '@hearth/db';
import { meanOfBucket, TIER_MS } from '@hearth/history';
import { DATABASE } from '../database/database.js';
import { EPOCH } from '../readings/bucket-origin.js';
import type { Range } from '../readings/range.js';
import { summable } from '../readings/summable.js';

/** What the readings of a stale hour give: buckets of quarters, or the one of whole hours that it lies in, for which nothing has to be sorted. */
const OF_STALE_HOUR = {
  quarter: { start: `date_bin(make_interval(secs => $4), ts, ${EPOCH})`, per: 'group by 1' },
  hour: {
    start: `date_bin(make_interval(secs => $4), stale.hour, ${EPOCH})`,
    per: 'having count(*) > 0',
  },
} as const;

/** Roll-ups where they are fresh, else the readings of the hour; in one statement, as `bucket.repository.ts` has it. */
const sparklinesOf = (tier: 'quarter' | 'hour'): string => `
  with stale as materialized (
    select distinct series_id, hour from rollup_dirty
    where series_id = any($1) and hour > $2::timestamptz - interval '1 hour' and hour < $3)
  select "seriesId", (extract(epoch from start) * 1000)::float8 as "startMs",
    min(min) as min, max(max) as max, sum(sum) as sum, sum(count)::int as count
  from (
    select series_id as "seriesId", date_bin(make_interval(secs => $4), bucket, ${EPOCH}) as start,
      min, max, sum, count
    from rollup_${tier} as rollups
    where series_id = any($1) and bucket >= $2 and bucket < $3 and not exists (
      select from stale where stale.series_id = rollups.series_id
        and stale.hour = date_bin('1 hour', bucket, ${EPOCH}))
    union all
    select stale.series_id, start, min, max, sum, count
    from stale cross join lateral (
      select ${OF_STALE_HOUR[tier].start} as start, min(value) as min,
        max(value) as max, sum(${summable('value')}) as sum, count(*)::int as count
      from reading
      where series_id = stale.series_id and ts >= $2 and ts < $3
        and ts >= stale.hour and ts < stale.hour + interval '1 hour'
      ${OF_STALE_HOUR[tier].per}) as of_hour
  ) as parts group by "seriesId", start order by "seriesId", start`;

interface SparklineRow {
  readonly seriesId: number;
  readonly startMs: number;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly count: number;
}

@Injectable()
export class SparklineRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  /** Buckets by series, oldest first; a series without any is missing. `widthMs` is a multiple of a quarter of an hour. */
  async list(
    seriesIds: readonly number[],
    range: Range,
    widthMs: number,
  ): Promise<Map<number, Bucket[]>> {
    const tier = widthMs % TIER_MS.hour === 0 ? 'hour' : 'quarter';
    const { rows } = await this.#database.pool.query<SparklineRow>({
      name: `hearth-sparklines-of-${tier}`,
      text: sparklinesOf(tier),
      values: [seriesIds, new Date(range.fromMs), new Date(range.toMs), widthMs / 1_000],
    });
    const sparklines = new Map<number, Bucket[]>();
    for (const row of rows) {
      const { seriesId, startMs, min, max, count } = row;
      const buckets = sparklines.get(seriesId) ?? [];
      if (buckets.length === 0) sparklines.set(seriesId, buckets);
      buckets.push([startMs, min, max, meanOfBucket(row), count]);
    }
    return sparklines;
  }
}
