import { Inject, Injectable } from '@nestjs/common';
import { homeSchema, type Home, type HomeId } from '@hearth/contracts';
import type { Database } from '@hearth/db';
import { toAuditRow, type AuditEntry } from '../audit/audit-entry.js';
import { DATABASE } from '../database/database.js';
import { SetupDone, SetupRefused } from './errors.js';

/** As better-auth 1.7 looks a password's account up: see `createLocalAccountIssuer` there. */
const PASSWORD_PROVIDER = 'credential';
const PASSWORD_ISSUER = `local:${PASSWORD_PROVIDER}`;

export interface FirstOwner {
  readonly userId: string;
  readonly accountId: string;
  readonly name: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly home: Home;
}

@Injectable()
export class SetupRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  async isNeeded(): Promise<boolean> {
    const user = await this.#database.prisma.user.findFirst({ select: { id: true } });
    return user === null;
  }

  /** Makes this the only valid token. */
  async replaceToken(tokenHash: string): Promise<void> {
    const { prisma } = this.#database;
    await prisma.$transaction([
      prisma.setupToken.deleteMany(),
      prisma.setupToken.create({ data: { tokenHash }, select: { tokenHash: true } }),
    ]);
  }

  async listTokenHashes(): Promise<string[]> {
    const rows = await this.#database.prisma.setupToken.findMany({ select: { tokenHash: true } });
    return rows.map((row) => row.tokenHash);
  }

  /** Spends the token and makes owner and home, or neither. Throws `SetupRefused` or `SetupDone`. */
  async finish(tokenHash: string, owner: FirstOwner, audit: AuditEntry): Promise<Home> {
    return this.#database.prisma.$transaction(async (transaction) => {
      // Of two requests with the same token, the second waits here for the first, and then finds no row.
      const { count } = await transaction.setupToken.deleteMany({ where: { tokenHash } });
      if (count !== 1) throw new SetupRefused();
      if (await transaction.user.findFirst({ select: { id: true } })) throw new SetupDone();
      await transaction.user.create({
        data: { id: owner.userId, name: owner.name, email: owner.email },
        select: { id: true },
      });
      await transaction.account.create({
        data: {
          id: owner.accountId,
          userId: owner.userId,
          accountId: owner.userId,
          providerId: PASSWORD_PROVIDER,
          issuer: PASSWORD_ISSUER,
          password: owner.passwordHash,
        },
        select: { id: true },
      });
      const home = await transaction.home.create({
        data: owner.home,
        select: { id: true, name: true, timeZone: true, units: true },
      });
      await transaction.membership.create({
        data: { userId: owner.userId, homeId: home.id as HomeId, role: 'owner' },
        select: { role: true },
      });
      await transaction.auditEntry.create({ data: toAuditRow(audit), select: { id: true } });
      return homeSchema.parse(home);
    });
  }
}
