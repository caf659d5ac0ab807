import { Inject, Injectable } from '@nestjs/common';
import { DEFAULT_RETENTION, type HomeId, type RetentionSettings } from '@hearth/contracts';
import type { Database } from '@hearth/db';
import { toAuditRow, type AuditEntry } from '../audit/audit-entry.js';
import { DATABASE } from '../database/database.js';
import type { Horizon } from './horizons.js';

const SETTINGS = {
  fullDetailDays: true,
  hourlyDays: true,
  dailyDays: true,
  stateDays: true,
  eventDays: true,
} as const;

export interface HomeRetentionRow {
  readonly homeId: HomeId;
  readonly settings: RetentionSettings;
  readonly horizon: Partial<Horizon>;
}

@Injectable()
export class HomeRetentionRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  /** Every home, by when it was made. */
  async list(): Promise<HomeRetentionRow[]> {
    const rows = await this.#database.prisma.home.findMany({
      select: {
        id: true,
        retention: { select: { ...SETTINGS, detailFrom: true, hoursFrom: true } },
      },
      orderBy: { createdAt: 'asc' },
    });
    return rows.map(({ id, retention }) => {
      const { detailFrom = null, hoursFrom = null, ...settings } = retention ?? DEFAULTS;
      return {
        homeId: id as HomeId,
        settings,
        horizon: {
          ...(detailFrom !== null && { detailFromMs: detailFrom.getTime() }),
          ...(hoursFrom !== null && { hoursFromMs: hoursFrom.getTime() }),
        },
      };
    });
  }

  async getSettings(homeId: HomeId): Promise<RetentionSettings> {
    const { prisma } = this.#database;
    const row = await prisma.homeRetention.findUnique({ where: { homeId }, select: SETTINGS });
    return row ?? DEFAULT_RETENTION;
  }

  /** All of them at once: what was checked together is stored together. */
  async save(homeId: HomeId, settings: RetentionSettings, audit: AuditEntry): Promise<void> {
    const { prisma } = this.#database;
    await prisma.$transaction([
      prisma.homeRetention.upsert({
        where: { homeId },
        update: settings,
        create: { homeId, ...settings },
        select: { homeId: true },
      }),
      prisma.auditEntry.create({ data: toAuditRow(audit), select: { id: true } }),
    ]);
  }

  /** Notes that what is before will be removed. To be done before it is. */
  async advance(homeId: HomeId, { detailFromMs, hoursFromMs }: Partial<Horizon>): Promise<void> {
    const moments = {
      ...(detailFromMs !== undefined && { detailFrom: new Date(detailFromMs) }),
      ...(hoursFromMs !== undefined && { hoursFrom: new Date(hoursFromMs) }),
    };
    await this.#database.prisma.homeRetention.upsert({
      where: { homeId },
      update: moments,
      create: { homeId, ...DEFAULT_RETENTION, ...moments },
      select: { homeId: true },
    });
  }
}

const DEFAULTS: RetentionSettings & { detailFrom?: Date | null; hoursFrom?: Date | null } =
  DEFAULT_RETENTION;
