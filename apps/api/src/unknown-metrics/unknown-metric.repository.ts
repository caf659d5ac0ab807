import { Inject, Injectable } from '@nestjs/common';
import { METRICS, type DeviceId, type HomeId, type MetricKind } from '@hearth/contracts';
import type { Database } from '@hearth/db';
import { toAuditRow, type AuditEntry } from '../audit/audit-entry.js';
import { DATABASE } from '../database/database.js';

/** A series of a metric that the catalogue does not have. */
export interface UnknownSeries {
  readonly id: number;
  readonly deviceId: DeviceId;
  readonly metric: string;
  readonly unit: string;
  readonly kind: MetricKind;
  readonly createdAt: Date;
}

@Injectable()
export class UnknownMetricRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  /** Of the home, by metric, at most `limit`. */
  async list(homeId: HomeId, limit: number): Promise<UnknownSeries[]> {
    const rows = await this.#database.prisma.series.findMany({
      where: { device: { homeId }, metric: { notIn: [...METRICS.keys()] } },
      orderBy: [{ metric: 'asc' }, { id: 'asc' }],
      take: limit,
      select: { id: true, deviceId: true, metric: true, unit: true, kind: true, createdAt: true },
    });
    return rows.map((row) => ({ ...row, deviceId: row.deviceId as DeviceId }));
  }

  /** Gives a series its unit, unless it has one by now; false then. */
  async setUnit(id: number, unit: string, audit: AuditEntry): Promise<boolean> {
    return this.#database.prisma.$transaction(async (transaction) => {
      const { count } = await transaction.series.updateMany({
        where: { id, unit: '' },
        data: { unit },
      });
      if (count === 0) return false;
      await transaction.auditEntry.create({ data: toAuditRow(audit), select: { id: true } });
      return true;
    });
  }
}
