import { Inject, Injectable } from '@nestjs/common';
import type { Bucket, DeviceId, MetricKind } from '@hearth/contracts';
import type { Database } from '@hearth/db';
import { DATABASE } from '../database/database.js';

/** From `fromMs` to just before `toMs`, epoch milliseconds. */
export interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface StateChange {
  readonly ts: number;
  readonly value: string;
}

@Injectable()
export class HistoryRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  async findSeries(
    id: number,
  ): Promise<{ readonly deviceId: DeviceId; readonly kind: MetricKind } | undefined> {
    const row = await this.#database.prisma.series.findUnique({
      where: { id },
      select: { deviceId: true, kind: true },
    });
    return row === null ? undefined : { deviceId: row.deviceId as DeviceId, kind: row.kind };
  }

  /** Single readings as buckets of one, oldest first. */
  async listReadings(seriesId: number, range: Range, limit: number): Promise<Bucket[]> {
    const { rows } = await this.#database.pool.query<{ ts: number; value: number }>(
      `select (extract(epoch from ts) * 1000)::float8 as ts, value from reading
       where series_id = $1 and ts >= $2 and ts < $3 order by reading.ts limit $4`,
      [seriesId, new Date(range.fromMs), new Date(range.toMs), limit],
    );
    return rows.map(({ ts, value }) => [ts, value, value, value, 1]);
  }

  /** Buckets of `widthMs` that begin at multiples of it since 1970, oldest first; empty ones are left out. */
  async listBuckets(seriesId: number, range: Range, widthMs: number): Promise<Bucket[]> {
    const { rows } = await this.#database.pool.query<{
      ts: number;
      low: number;
      high: number;
      mean: number;
      count: number;
    }>(
      `select (extract(epoch from bucket) * 1000)::float8 as ts, low, high, mean, count
       from (
         select date_bin(make_interval(secs => $4), ts, '1970-01-01T00:00:00Z') as bucket,
           min(value) as low, max(value) as high, avg(value) as mean, count(*)::int as count
         from reading where series_id = $1 and ts >= $2 and ts < $3
         group by 1
       ) as buckets order by bucket`,
      [seriesId, new Date(range.fromMs), new Date(range.toMs), widthMs / 1_000],
    );
    return rows.map(({ ts, low, high, mean, count }) => [ts, low, high, mean, count]);
  }

  /** The newest `limit` changes of the range, oldest first, after the one that was in force when it began. */
  async listChanges(seriesId: number, range: Range, limit: number): Promise<StateChange[]> {
    const { rows } = await this.#database.pool.query<StateChange>(
      `select (extract(epoch from ts) * 1000)::float8 as ts, value from (
         (select ts, value from state_change
          where series_id = $1 and ts < $2 order by ts desc limit 1)
         union all
         (select ts, value from state_change
          where series_id = $1 and ts >= $2 and ts < $3 order by ts desc limit $4)
       ) as changes order by changes.ts`,
      [seriesId, new Date(range.fromMs), new Date(range.toMs), limit],
    );
    return rows;
  }
}
