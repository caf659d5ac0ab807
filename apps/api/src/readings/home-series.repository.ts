import { Inject, Injectable } from '@nestjs/common';
import type { DeviceId, HomeId, MetricKind } from '@hearth/contracts';
import type { Database } from '@hearth/db';
import { DATABASE } from '../database/database.js';
import { SeriesNotFound } from './errors.js';

/** A series, as somebody of its home may see it. */
export interface HomeSeries {
  readonly id: number;
  readonly deviceId: DeviceId;
  readonly metric: string;
  readonly unit: string;
  readonly kind: MetricKind;
}

const SERIES = { id: true, deviceId: true, metric: true, unit: true, kind: true } as const;

@Injectable()
export class HomeSeriesRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  /** In the order of `ids`. Throws `SeriesNotFound` when one is of another home, or of none. */
  async get(homeId: HomeId, ids: readonly number[]): Promise<HomeSeries[]> {
    const rows = await this.#database.prisma.series.findMany({
      where: { id: { in: [...ids] }, device: { homeId } },
      select: SERIES,
    });
    const found = new Map(rows.map((row) => [row.id, toSeries(row)]));
    return ids.map((id) => {
      const series = found.get(id);
      if (series === undefined) throw new SeriesNotFound();
      return series;
    });
  }

  /** Throws `SeriesNotFound` when it is of another home, or of none. */
  async getOne(homeId: HomeId, id: number): Promise<HomeSeries> {
    const [series] = await this.get(homeId, [id]);
    if (series === undefined) throw new SeriesNotFound();
    return series;
  }

  /** All of the home, or of one device of it, by device and metric. */
  async list(homeId: HomeId, deviceId?: DeviceId): Promise<HomeSeries[]> {
    const rows = await this.#database.prisma.series.findMany({
      where: { device: { homeId }, ...(deviceId !== undefined && { deviceId }) },
      orderBy: [{ deviceId: 'asc' }, { metric: 'asc' }],
      select: SERIES,
    });
    return rows.map(toSeries);
  }
}

const toSeries = (row: Omit<HomeSeries, 'deviceId'> & { deviceId: string }): HomeSeries => ({
  ...row,
  deviceId: row.deviceId as DeviceId,
});
