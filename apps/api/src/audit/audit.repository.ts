import { Inject, Injectable } from '@nestjs/common';
import type { Database } from '@hearth/db';
import { DATABASE } from '../database/database.js';
import { toAuditRow, type AuditEntry } from './audit-entry.js';

/** For changes that have no transaction of their own; the others write `toAuditRow` in theirs. */
@Injectable()
export class AuditRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  async add(entry: AuditEntry): Promise<void> {
    await this.#database.prisma.auditEntry.create({
      data: toAuditRow(entry),
      select: { id: true },
    });
  }
}
