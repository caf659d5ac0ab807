import { Inject, Injectable } from '@nestjs/common';
import {
  climateStateSchema,
  deviceIdSchema,
  type ClimateState,
  type DeviceId,
} from '@hearth/contracts';
import type { Database } from '@hearth/db';
import { z } from 'zod';
import { DATABASE } from '../database/database.js';

/** What a thermostat said last, and when. */
export interface ReportedClimate {
  readonly state: ClimateState;
  readonly atMs: number;
}

const reportedSchema = z.object({ climate: climateStateSchema });

@Injectable()
export class ClimateRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  async listReported(): Promise<(readonly [DeviceId, ReportedClimate])[]> {
    const rows = await this.#database.prisma.device.findMany({
      where: { reportedAt: { not: null } },
      select: { id: true, reported: true, reportedAt: true },
    });
    return rows.flatMap(({ id, reported, reportedAt }) => {
      const parsed = reportedSchema.safeParse(reported);
      if (!parsed.success || reportedAt === null) return [];
      const entry = { state: parsed.data.climate, atMs: reportedAt.getTime() };
      return [[deviceIdSchema.parse(id), entry] as const];
    });
  }

  async saveReported(entries: readonly (readonly [DeviceId, ReportedClimate])[]): Promise<void> {
    const ids = entries.map(([id]) => id);
    const states = entries.map(([, { state }]) => JSON.stringify({ climate: state }));
    const times = entries.map(([, { atMs }]) => new Date(atMs));
    await this.#database.prisma.$executeRaw`
      update device d set reported = n.state, "reportedAt" = n.at
      from unnest(${ids}::text[], ${states}::jsonb[], ${times}::timestamptz[]) as n(id, state, at)
      where d.id = n.id`;
  }
}
