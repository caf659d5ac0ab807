import { Inject, Injectable } from '@nestjs/common';
import { ensurePartitions, type Database } from '@hearth/db';
import { DATABASE } from '../database/database.js';

/** How many months after the present one have their partition before they begin. */
const MONTHS_AHEAD = 2;

/** Sees to it that a month has its partition before its first reading is inserted: rows in the default partition stay there. */
@Injectable()
export class ReadingPartitions {
  readonly #database: Database;
  /** First moments of months that have a partition, epoch milliseconds. Bounded: times before 2000 are refused. */
  readonly #known = new Set<number>();
  /** The month that was asked for last, because most readings are of now. */
  #fromMs = 0;
  #toMs = 0;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  /** Makes the partitions of the next months. */
  async lookAhead(nowMs: number): Promise<void> {
    const now = new Date(nowMs);
    const last = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + MONTHS_AHEAD, 1);
    await ensurePartitions(this.#database.pool, nowMs, last);
  }

  /** Makes the partitions that rows of these times need. Without news it costs a comparison a row. */
  async cover(timesMs: readonly number[]): Promise<void> {
    for (const timeMs of timesMs) {
      if (timeMs >= this.#fromMs && timeMs < this.#toMs) continue;
      await this.#coverMonth(timeMs);
    }
  }

  async #coverMonth(timeMs: number): Promise<void> {
    const date = new Date(timeMs);
    const fromMs = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
    if (!this.#known.has(fromMs)) {
      await ensurePartitions(this.#database.pool, fromMs, fromMs);
      this.#known.add(fromMs);
    }
    this.#fromMs = fromMs;
    this.#toMs = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  }
}
