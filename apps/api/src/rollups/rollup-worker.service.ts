// Keeps roll-ups up with readings, in the background: a few hours at a time, never long enough for ingestion to notice.
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { TIER_MS } from '@hearth/history';
import type { Logger } from 'pino';
import { CLOCK, type Clock } from '../common/clock.js';
import { LOGGER } from '../common/logger.js';
import { RollupRepository, type StaleHour } from './rollup.repository.js';

/** How often it looks for hours that are over. */
const LOOK_EVERY_MS = 15_000;
/** An hour is left alone for so long after its end: most of what comes late comes soon. */
const SETTLED_AFTER_MS = 60_000;
/** Stale hours of one transaction: as many as take about so long, within these bounds. */
const AIM_MS = 100;
const FEWEST_HOURS = 10;
const MOST_HOURS = 2_000;
/** How often it asks whether those have committed who were at it when the hours were claimed. */
const ASK_EVERY_MS = 10;

/** Stale hours are counted so seldom, and up to so many: a backfill leaves millions, and counting these takes 10 ms. */
const COUNT_EVERY_MS = 10_000;
const MOST_COUNTED = 100_000;

/** Called before the hours are recomputed from table `reading`: whoever keeps readings elsewhere puts them back. */
export type Unpack = (hours: readonly StaleHour[]) => Promise<void>;

@Injectable()
export class RollupWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #repository: RollupRepository;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #unpack: Unpack = () => Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  #isStopping = false;
  #atOnce = 100;
  #recomputed = 0;
  #stuck: StaleHour[] = [];
  #stale: number | undefined;
  #countedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    repository: RollupRepository,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#repository = repository;
    this.#clock = clock;
    this.#logger = logger;
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.catchUp(), LOOK_EVERY_MS).unref();
    void this.catchUp();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#isStopping = true;
    clearInterval(this.#timer);
    await this.#working;
  }

  /** There is one. */
  unpackWith(unpack: Unpack): void {
    this.#unpack = unpack;
  }

  /** Hours recomputed since the start. */
  get recomputed(): number {
    return this.#recomputed;
  }

  /**
   * Hours that waited to be recomputed a moment ago, those that are not over included; at most 100,000 are counted. Undefined
   * until they were counted. Out of memory: whoever asks may ask while the database is away.
   */
  get stale(): number | undefined {
    return this.#stale;
  }

  /** Hours whose readings could not be put back when it last caught up: they stay stale. */
  get stuck(): readonly StaleHour[] {
    return this.#stuck;
  }

  /** Resolves when no hour that is over is stale, or at a failure, after which the next look goes on. Never rejects. */
  catchUp(): Promise<void> {
    this.#working ??= this.#catchUp()
      .catch((error: unknown) =>
        this.#logger.warn({ err: error }, 'roll-ups could not be renewed yet'),
      )
      .finally(() => (this.#working = undefined));
    return this.#working;
  }

  async #catchUp(): Promise<void> {
    // They must not hold up the others.
    this.#stuck = [];
    for (;;) {
      if (this.#isStopping) return;
      await this.#countStale();
      const beforeMs = this.#clock.now() - TIER_MS.hour - SETTLED_AFTER_MS;
      const claimed = await this.#repository.claim(beforeMs + 1, this.#atOnce, this.#stuck);
      if (claimed.length === 0) return;
      if (!(await this.#othersCommitted())) return;
      const hours = await this.#repository.passOverRemoved(claimed);
      await this.#unpack(hours);
      const startedAt = performance.now();
      const done = new Set(await this.#repository.recompute(hours));
      this.#adapt(hours.length, performance.now() - startedAt);
      this.#recomputed += done.size;
      this.#stuck.push(...hours.filter((hour) => !done.has(hour)));
    }
  }

  async #countStale(): Promise<void> {
    const nowMs = performance.now();
    if (nowMs - this.#countedAtMs < COUNT_EVERY_MS) return;
    this.#stale = await this.#repository.countStale(MOST_COUNTED);
    this.#countedAtMs = nowMs;
  }

  /** Who marked an hour before it was claimed may not have committed its readings yet. False when it is time to stop. */
  async #othersCommitted(): Promise<boolean> {
    const moment = await this.#repository.now();
    while (!(await this.#repository.hasPassed(moment))) {
      if (this.#isStopping) return false;
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    }
    return true;
  }

  #adapt(hours: number, tookMs: number): void {
    if (tookMs > AIM_MS) this.#atOnce = Math.max(FEWEST_HOURS, Math.floor(hours / 2));
    else if (hours === this.#atOnce) this.#atOnce = Math.min(MOST_HOURS, this.#atOnce * 2);
  }
}
