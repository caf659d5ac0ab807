import { Inject, Injectable } from '@nestjs/common';
import {
  mappingSchema,
  shapeOf,
  type HomeId,
  type Mapping,
  type MappingDraft,
} from '@hearth/contracts';
import type { Database } from '@hearth/db';
import { toAuditRow, type AuditEntry } from '../audit/audit-entry.js';
import { DATABASE } from '../database/database.js';
import { isUniqueViolation } from '../database/prisma-errors.js';
import { MappingExists } from './errors.js';

const MAPPING = {
  id: true,
  filter: true,
  device: true,
  createKind: true,
  metrics: true,
  tsPath: true,
  enabled: true,
  createdAt: true,
} as const;

interface MappingRow {
  readonly id: string;
  readonly createdAt: Date;
}

const toMapping = (row: MappingRow): Mapping =>
  mappingSchema.parse({ ...row, createdAt: row.createdAt.toISOString() });

/** What of a mapping is written. */
const toData = ({ filter, device, createKind, metrics, tsPath, enabled }: MappingDraft) => ({
  filter,
  shape: shapeOf(filter),
  device,
  createKind,
  metrics: metrics.map((metric) => ({ ...metric })),
  tsPath,
  enabled,
});

@Injectable()
export class MappingRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  async list(homeId: HomeId): Promise<Mapping[]> {
    const rows = await this.#database.prisma.topicMapping.findMany({
      where: { homeId },
      select: MAPPING,
      orderBy: { filter: 'asc' },
    });
    return rows.map(toMapping);
  }

  /** Homes that have mappings. */
  async listHomes(): Promise<HomeId[]> {
    const rows = await this.#database.prisma.topicMapping.findMany({
      distinct: ['homeId'],
      select: { homeId: true },
    });
    return rows.map(({ homeId }) => homeId as HomeId);
  }

  /** Throws `MappingExists`. */
  async create(
    homeId: HomeId,
    id: string,
    draft: MappingDraft,
    audit: AuditEntry,
  ): Promise<Mapping> {
    const { prisma } = this.#database;
    return refuseDouble(draft.filter, async () => {
      const [row] = await prisma.$transaction([
        prisma.topicMapping.create({ data: { id, homeId, ...toData(draft) }, select: MAPPING }),
        prisma.auditEntry.create({ data: toAuditRow(audit), select: { id: true } }),
      ]);
      return toMapping(row);
    });
  }

  /** Throws `MappingExists`. */
  async change(id: string, draft: MappingDraft, audit: AuditEntry): Promise<Mapping> {
    const { prisma } = this.#database;
    return refuseDouble(draft.filter, async () => {
      const [row] = await prisma.$transaction([
        prisma.topicMapping.update({ where: { id }, data: toData(draft), select: MAPPING }),
        prisma.auditEntry.create({ data: toAuditRow(audit), select: { id: true } }),
      ]);
      return toMapping(row);
    });
  }

  async remove(id: string, audit: AuditEntry): Promise<void> {
    const { prisma } = this.#database;
    await prisma.$transaction([
      prisma.topicMapping.deleteMany({ where: { id } }),
      prisma.auditEntry.create({ data: toAuditRow(audit), select: { id: true } }),
    ]);
  }

  /** Makes these mappings, in the place of those for the same topics; all or none. */
  async put(
    homeId: HomeId,
    drafts: readonly { id: string; draft: MappingDraft }[],
    audit: AuditEntry,
  ): Promise<Mapping[]> {
    const { prisma } = this.#database;
    return prisma.$transaction(async (transaction) => {
      const rows: MappingRow[] = [];
      for (const { id, draft } of drafts) {
        const data = toData(draft);
        // One transaction has one connection: they go one after the other anyhow.
        // oxlint-disable-next-line no-await-in-loop
        const row = await transaction.topicMapping.upsert({
          where: { homeId_shape: { homeId, shape: data.shape } },
          create: { id, homeId, ...data },
          update: data,
          select: MAPPING,
        });
        rows.push(row);
      }
      await transaction.auditEntry.create({ data: toAuditRow(audit), select: { id: true } });
      return rows.map(toMapping);
    });
  }
}

async function refuseDouble<T>(filter: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isUniqueViolation(error)) throw new MappingExists(filter, error);
    throw error;
  }
}
