import { Inject, Injectable } from '@nestjs/common';
import type { Database } from '@hearth/db';
import { DATABASE } from '../database/database.js';

@Injectable()
export class HealthRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  /** Rejects when the database does not answer. */
  async ping(): Promise<void> {
    await this.#database.prisma.$queryRaw`select 1`;
  }
}
