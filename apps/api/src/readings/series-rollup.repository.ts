// Roll-ups of one series with both their ends, fresh where the stored ones are, and else out of the readings: in one snapshot,
// as `bucket.repository.ts` has it.
import { Inject, Injectable } from '@nestjs/common';
import { inSnapshot, type Database } from '@hearth/db';
import { combine, TIER_MS, type Rollup, type Tier } from '@hearth/history';
import { DATABASE } from '../database/database.js';
import { EPOCH } from './bucket-origin.js';
import { listPackedDays } from './packed-rollups.repository.js';
import type { Range } from './range.js';
import { summable } from './summable.js';

/** Tiers that a stale hour does not reach across. */
export type ShortTier = Extract<Tier, 'quarter' | 'hour'>;

const listOf = (tier: ShortTier): string => `
  with stale as materialized (
    select distinct hour from rollup_dirty
    where series_id = $1 and hour > $2::timestamptz - interval '1 hour' and hour < $3)
  select (extract(epoch from bucket) * 1000)::float8 as "startMs", min, max, sum, count, first, last
  from (
    select bucket, min, max, sum, count, first, last from rollup_${tier}
    where series_id = $1 and bucket >= $2 and bucket < $3
      and date_bin('1 hour', bucket, ${EPOCH}) not in (select hour from stale)
      and date_bin('1 day', bucket, ${EPOCH}) <> all ($4::timestamptz[])
    union all
    select of_hour.*
    from stale cross join lateral (
      select date_bin('${TIER_MS[tier] / 1_000} seconds', ts, ${EPOCH}), min(value), max(value),
        sum(${summable('value')} order by ts), count(*)::int,
        (array_agg(value order by ts))[1], (array_agg(value order by ts))[count(*)]
      from reading
      where series_id = $1 and ts >= $2 and ts < $3
        and ts >= stale.hour and ts < stale.hour + interval '1 hour'
        and date_bin('1 day', stale.hour, ${EPOCH}) <> all ($4::timestamptz[])
      group by 1) as of_hour
  ) as rollups order by bucket`;

@Injectable()
export class SeriesRollupRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  /** In the order of time; empty ones are left out. The range is one of whole buckets. Throws `DamagedPage`. */
  async list(seriesId: number, range: Range, tier: ShortTier): Promise<Rollup[]> {
    const { pool } = this.#database;
    const [packed, rows] = await inSnapshot(pool, 'reading', async (queries) => {
      const packed = await listPackedDays(queries, seriesId, range, tier);
      const { rows } = await queries.query<Rollup>({
        name: `hearth-rollups-of-${tier}`,
        text: listOf(tier),
        values: [seriesId, new Date(range.fromMs), new Date(range.toMs), packed.days],
      });
      return [packed, rows] as const;
    });
    if (packed.days.length === 0) return rows;
    const all = [...rows, ...packed.rollUp(TIER_MS[tier])].sort((a, b) => a.startMs - b.startMs);
    return combine(all, TIER_MS[tier]);
  }
}
