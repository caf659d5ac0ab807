import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Database } from '@hearth/db';
import { DATABASE } from '../database/database.js';
import { decideAttempt, type AttemptDecision, type BackOffRule } from './back-off.js';

/** Counts attempts in Postgres, so that a restart forgets none and several processes count together. */
@Injectable()
export class AttemptRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  /** Decides and records in one transaction: of attempts at the same moment, each sees those before it. */
  async attempt(key: string, rule: BackOffRule, nowMs: number): Promise<AttemptDecision> {
    return this.#database.prisma.$transaction(async (transaction) => {
      await transaction.$executeRaw`
        insert into rate_limit (id, key, count, "lastRequest") values (${randomUUID()}, ${key}, 0, 0)
        on conflict (key) do nothing`;
      const [row] = await transaction.$queryRaw<{ count: number; lastRequest: bigint }[]>`
        select count, "lastRequest" from rate_limit where key = ${key} for update`;
      const record =
        row && row.count > 0
          ? { count: row.count, lastAttemptMs: Number(row.lastRequest) }
          : undefined;
      const decision = decideAttempt(record, rule, nowMs);
      if (!decision.allowed) return decision;
      await transaction.rateLimit.update({
        where: { key },
        data: { count: decision.record.count, lastRequest: decision.record.lastAttemptMs },
        select: { id: true },
      });
      return decision;
    });
  }

  async forget(keys: readonly string[]): Promise<void> {
    await this.#database.prisma.rateLimit.deleteMany({ where: { key: { in: [...keys] } } });
  }

  /** Keeps the table small: whoever guesses names leaves a row for each. */
  async forgetBefore(timeMs: number): Promise<void> {
    await this.#database.prisma.rateLimit.deleteMany({ where: { lastRequest: { lt: timeMs } } });
  }
}
