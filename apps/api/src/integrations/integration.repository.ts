import { Inject, Injectable } from '@nestjs/common';
import type { HomeId, Integration } from '@hearth/contracts';
import type { Database } from '@hearth/db';
import { toAuditRow, type AuditEntry } from '../audit/audit-entry.js';
import { DATABASE } from '../database/database.js';
import type { RegisteredIntegration } from '../directory/directory.js';
import { claimUsernames } from '../directory/username.repository.js';

const INTEGRATION = {
  id: true,
  name: true,
  username: true,
  topicFilters: true,
  createdAt: true,
} as const;

@Injectable()
export class IntegrationRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  async list(homeId: HomeId): Promise<Integration[]> {
    const rows = await this.#database.prisma.integration.findMany({
      where: { homeId },
      select: INTEGRATION,
      orderBy: { name: 'asc' },
    });
    return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
  }

  /** All of the installation, with what the broker needs to let them in. */
  async listRegistered(): Promise<RegisteredIntegration[]> {
    const rows = await this.#database.prisma.integration.findMany({
      select: {
        id: true,
        homeId: true,
        name: true,
        username: true,
        topicFilters: true,
        secretHash: true,
      },
    });
    return rows.map((row) => ({ ...row, type: 'integration', homeId: row.homeId as HomeId }));
  }

  /** Throws `UsernameTaken`. */
  async create(integration: RegisteredIntegration, audit: AuditEntry): Promise<Integration> {
    const { type: _, topicFilters, ...data } = integration;
    return this.#database.prisma.$transaction(async (transaction) => {
      await claimUsernames(transaction, [integration.username]);
      const row = await transaction.integration.create({
        data: { ...data, topicFilters: [...topicFilters] },
        select: INTEGRATION,
      });
      await transaction.auditEntry.create({ data: toAuditRow(audit), select: { id: true } });
      return { ...row, createdAt: row.createdAt.toISOString() };
    });
  }

  async remove(id: string, audit: AuditEntry): Promise<void> {
    const { prisma } = this.#database;
    await prisma.$transaction([
      prisma.integration.deleteMany({ where: { id } }),
      prisma.auditEntry.create({ data: toAuditRow(audit), select: { id: true } }),
    ]);
  }
}
