// Removes old rows of one kind, a few at a time, now and then. Extend it with what to remove.
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Clock } from '../common/clock.js';

/** What is kept, and how the rest is removed. */
export interface RetentionRule {
  /** Plural, for the log. */
  readonly name: string;
  readonly keepMs: number;
  /** Removes at most `limit` rows from before; answers how many it removed. */
  readonly prune: (beforeMs: number, limit: number) => Promise<number>;
}

const PRUNE_EVERY_MS = 6 * 3_600_000;
/** Rows of one statement: its locks last some milliseconds. */
const ROWS_AT_ONCE = 2_000;

export abstract class Retention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rule: RetentionRule;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | undefined;
  #underWay: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(rule: RetentionRule, clock: Clock, logger: Logger) {
    this.#rule = rule;
    this.#clock = clock;
    this.#logger = logger;
  }

  onApplicationBootstrap(): void {
    this.#prune();
    this.#timer = setInterval(() => this.#prune(), PRUNE_EVERY_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    this.#isStopped = true;
    await this.#underWay;
  }

  #prune(): void {
    const { name } = this.#rule;
    this.#underWay = this.#underWay
      .then(() => this.#pruneAll())
      .catch((error: unknown) =>
        this.#logger.warn({ err: error, name }, 'could not be pruned yet'),
      );
  }

  async #pruneAll(): Promise<void> {
    const { name, keepMs, prune } = this.#rule;
    const beforeMs = this.#clock.now() - keepMs;
    let removed = 0;
    let last = ROWS_AT_ONCE;
    while (last === ROWS_AT_ONCE && !this.#isStopped) {
      last = await prune(beforeMs, ROWS_AT_ONCE);
      removed += last;
    }
    if (removed > 0) this.#logger.info({ name, removed }, 'pruned');
  }
}
