import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from '../common/logger.js';
import { ReadingPartitions } from './reading-partitions.repository.js';

const LOOK_EVERY_MS = 12 * 60 * 60 * 1_000;

/** Makes the partitions of coming days at start and twice a day, so that no first reading of a day waits for its table. */
@Injectable()
export class PartitionKeeper implements OnModuleInit, BeforeApplicationShutdown {
  readonly #partitions: ReadingPartitions;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(partitions: ReadingPartitions, @Inject(LOGGER) logger: Logger) {
    this.#partitions = partitions;
    this.#logger = logger;
  }

  async onModuleInit(): Promise<void> {
    await this.#partitions.lookAhead();
    this.#timer = setInterval(() => {
      this.#looking = this.#look();
    }, LOOK_EVERY_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    try {
      await this.#partitions.lookAhead();
    } catch (error) {
      // Not urgent: the insert makes a missing partition itself.
      this.#logger.warn({ err: error }, 'partitions of coming days could not be made yet');
    }
  }
}
