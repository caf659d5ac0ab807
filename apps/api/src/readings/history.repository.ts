import { Inject, Injectable } from '@nestjs/common';
import type { DeviceId, MetricKind } from '@hearth/contracts';
import type { Database } from '@hearth/db';
import { DATABASE } from '../database/database.js';
import type { Range } from './range.js';

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
