import { Inject, Injectable } from '@nestjs/common';
import { homeSchema, type Home, type HomeId, type Role } from '@hearth/contracts';
import type { Database } from '@hearth/db';
import { toAuditRow, type AuditEntry } from '../audit/audit-entry.js';
import type { Defined } from '../common/defined.js';
import { DATABASE } from '../database/database.js';

const HOME = { id: true, name: true, timeZone: true, units: true } as const;

export interface MembershipRow {
  readonly homeId: HomeId;
  readonly role: Role;
}

@Injectable()
export class HomeRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  /** The home of this installation, once it is set up. */
  async find(): Promise<Home | undefined> {
    const row = await this.#database.prisma.home.findFirst({
      select: HOME,
      orderBy: { createdAt: 'asc' },
    });
    return row ? homeSchema.parse(row) : undefined;
  }

  async get(id: HomeId): Promise<Home> {
    const row = await this.#database.prisma.home.findUniqueOrThrow({
      where: { id },
      select: HOME,
    });
    return homeSchema.parse(row);
  }

  async change(
    id: HomeId,
    change: Defined<Pick<Home, 'name' | 'timeZone' | 'units'>>,
    audit: AuditEntry,
  ): Promise<Home> {
    const { prisma } = this.#database;
    const [row] = await prisma.$transaction([
      prisma.home.update({ where: { id }, data: change, select: HOME }),
      prisma.auditEntry.create({ data: toAuditRow(audit), select: { id: true } }),
    ]);
    return homeSchema.parse(row);
  }

  async findMembership(userId: string): Promise<MembershipRow | undefined> {
    const row = await this.#database.prisma.membership.findFirst({
      where: { userId },
      select: { homeId: true, role: true },
    });
    return row ? { homeId: row.homeId as HomeId, role: row.role } : undefined;
  }
}
