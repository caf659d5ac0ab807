// Removes the readings of deleted devices, a few at a time, and goes on after a restart.
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Logger } from 'pino';
import { CLOCK, type Clock } from '../common/clock.js';
import { LOGGER } from '../common/logger.js';
import { HearthEventBus } from '../events/hearth-events.js';
import { ForgottenReadingsRepository } from './forgotten-readings.repository.js';

/** Rows of one statement: some ten milliseconds, in which ingestion waits for nobody. */
const BATCH_ROWS = 5_000;
/** Series of one look into the database. */
const BATCH_SERIES = 100;
/** A batch of readings that was on its way when the device was deleted is committed by then. */
const SETTLED_AFTER_MS = 60_000;
const SWEEP_EVERY_MS = 60_000;

@Injectable()
export class ForgottenReadings implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #repository: ForgottenReadingsRepository;
  readonly #events: HearthEventBus;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #sweeping: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #unsubscribe: (() => void) | undefined;
  #stopping = false;

  constructor(
    repository: ForgottenReadingsRepository,
    events: HearthEventBus,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#repository = repository;
    this.#events = events;
    this.#clock = clock;
    this.#logger = logger;
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.sweep(), SWEEP_EVERY_MS).unref();
    this.#unsubscribe = this.#events.on('credentials-revoked', ({ reason }) => {
      if (reason === 'deleted') void this.sweep();
    });
    void this.sweep();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#timer);
    this.#unsubscribe?.();
    await this.#sweeping;
  }

  /** Resolves when all that was forgotten before is removed; never rejects. Calls during a sweep join it. */
  sweep(): Promise<void> {
    this.#sweeping ??= this.#sweep()
      .catch((error: unknown) => {
        this.#logger.warn({ err: error }, 'readings of deleted devices could not be removed yet');
      })
      .finally(() => (this.#sweeping = undefined));
    return this.#sweeping;
  }

  async #sweep(): Promise<void> {
    for (const { seriesId, forgottenAtMs } of await this.#repository.list(BATCH_SERIES)) {
      let removed = BATCH_ROWS;
      while (removed === BATCH_ROWS) {
        if (this.#stopping) return;
        removed = await this.#repository.removeReadings(seriesId, BATCH_ROWS);
      }
      if (this.#clock.now() - forgottenAtMs >= SETTLED_AFTER_MS) {
        await this.#repository.finish(seriesId);
      }
    }
  }
}
