import { Inject, Injectable } from '@nestjs/common';
import { ensurePartition, type Database } from '@hearth/db';
import { CLOCK, type Clock } from '../common/clock.js';
import { DATABASE } from '../database/database.js';

const DAY_MS = 86_400_000;
/** How many days after the present one have their partition before they begin. */
const DAYS_AHEAD = 3;
/** Days that are remembered as covered; a backfill of more asks again. */
const MAX_KNOWN_DAYS = 4_000;
/** While somebody holds the table, no partition is asked for again for so long: rows lie in the default one as well. */
const HELD_REST_MS = 60_000;

/** Sees to it that a day has its partition before its first reading is inserted: rows in the default partition stay there. */
@Injectable()
export class ReadingPartitions {
  readonly #database: Database;
  readonly #clock: Clock;
  /** First moments of days that have a partition, epoch milliseconds. */
  readonly #known = new Set<number>();
  /** The day that was asked for last, because most readings are of now. */
  #fromMs = 0;
  #toMs = 0;
  #heldAtMs = Number.NEGATIVE_INFINITY;

  constructor(@Inject(DATABASE) database: Database, @Inject(CLOCK) clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Makes the partitions of the next days. */
  async lookAhead(): Promise<void> {
    const nowMs = this.#clock.now();
    for (let day = 0; day <= DAYS_AHEAD; day += 1) await this.#coverDay(nowMs + day * DAY_MS);
  }

  /**
   * Makes the partitions that rows of these times need. Without news it costs a comparison a row. Rows without one of their
   * own, because somebody held the table, are stored in the default partition.
   */
  async cover(timesMs: readonly number[]): Promise<void> {
    for (const timeMs of timesMs) {
      if (timeMs >= this.#fromMs && timeMs < this.#toMs) continue;
      await this.#coverDay(timeMs);
    }
  }

  /** A partition is gone: what comes later for its days needs a new one. */
  forget(): void {
    this.#known.clear();
    this.#fromMs = 0;
    this.#toMs = 0;
  }

  async #coverDay(timeMs: number): Promise<void> {
    const fromMs = Math.floor(timeMs / DAY_MS) * DAY_MS;
    if (!this.#known.has(fromMs)) {
      const nowMs = this.#clock.now();
      if (this.#isHeld(nowMs)) return;
      if (!(await ensurePartition(this.#database.pool, fromMs, nowMs))) {
        this.#heldAtMs = nowMs;
        return;
      }
      if (this.#known.size >= MAX_KNOWN_DAYS) this.#known.clear();
      this.#known.add(fromMs);
    }
    this.#fromMs = fromMs;
    this.#toMs = fromMs + DAY_MS;
  }

  #isHeld(nowMs: number): boolean {
    // A clock that was set back is no reason to rest for long.
    return nowMs >= this.#heldAtMs && nowMs < this.#heldAtMs + HELD_REST_MS;
  }
}
