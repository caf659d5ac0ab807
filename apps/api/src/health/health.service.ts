// Whether the parts of the process work. Asked by monitors, told to the live feed when it changes.
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Health } from '@hearth/contracts';
import type { Logger } from 'pino';
import { BrokerService } from '../broker/broker.service.js';
import { LOGGER } from '../common/logger.js';
import { DiskWatch } from '../database/disk-watch.js';
import { HearthEventBus } from '../events/hearth-events.js';
import { HealthRepository } from './health.repository.js';
import { VERSION } from './version.js';

/** A database that takes longer than this to answer counts as down, milliseconds. */
const PING_TIMEOUT_MS = 2_000;
const CHECK_EVERY_MS = 5_000;

@Injectable()
export class HealthService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #repository: HealthRepository;
  readonly #broker: BrokerService;
  readonly #disk: DiskWatch;
  readonly #events: HearthEventBus;
  readonly #logger: Logger;
  #checking: Promise<Health> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #last: Health | undefined;

  constructor(
    repository: HealthRepository,
    broker: BrokerService,
    disk: DiskWatch,
    events: HearthEventBus,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#repository = repository;
    this.#broker = broker;
    this.#disk = disk;
    this.#events = events;
    this.#logger = logger;
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.check(), CHECK_EVERY_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#checking;
  }

  /** Looks now; never rejects. Requests that come together share one look. */
  check(): Promise<Health> {
    this.#checking ??= this.#look().finally(() => (this.#checking = undefined));
    return this.#checking;
  }

  async #look(): Promise<Health> {
    const database = (await this.#answers()) ? 'up' : 'down';
    const broker = this.#broker.isRunning ? 'up' : 'down';
    const problem = await this.#nameProblem(database, broker);
    const status = problem === null ? 'ok' : 'degraded';
    const health: Health = { status, database, broker, problem, version: VERSION };
    if (this.#last && this.#last.problem !== problem) {
      this.#logger.warn(health, 'health changed');
      this.#events.emit('health', health);
    }
    this.#last = health;
    return health;
  }

  /** A database that cannot start for want of room says nothing itself. */
  async #nameProblem(
    database: Health['database'],
    broker: Health['broker'],
  ): Promise<Health['problem']> {
    if (this.#disk.isFull) return 'disk-full';
    if (database === 'down') {
      return (await this.#disk.isFolderFull()) ? 'disk-full' : 'database-away';
    }
    return broker === 'down' ? 'broker-down' : null;
  }

  async #answers(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), PING_TIMEOUT_MS);
    });
    const answer = this.#repository.ping().then(
      () => true,
      () => false,
    );
    const isUp = await Promise.race([answer, tooLate]);
    clearTimeout(timer);
    return isUp;
  }
}
