// Removes what homes no longer keep, in the background: some rows at a time and never for long, so that ingestion does not
// notice. Every step may be repeated, so it goes on after a crash wherever that was.
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { HomeId, RetentionField } from '@hearth/contracts';
import type { Logger } from 'pino';
import { CLOCK, type Clock } from '../common/clock.js';
import { LOGGER } from '../common/logger.js';
import { ReadingPartitions } from '../ingest/reading-partitions.repository.js';
import { cutsOf } from './cuts.js';
import {
  ExpiredRepository,
  STORES,
  type HomeHistory,
  type Partition,
  type Store,
} from './expired.repository.js';
import { HomeRetentionRepository } from './home-retention.repository.js';
import { HorizonKeeper } from './horizon-keeper.service.js';
import type { Horizon } from './horizons.js';

/** History ends once a day; looking more often makes up for a look that failed. */
const LOOK_EVERY_MS = 3_600_000;
/** After each statement it rests as long as that took, and at least so long: half of the time is the others'. */
const SHORTEST_REST_MS = 2;

/** A store of a setting of which a home has something from before. */
interface Due {
  readonly store: Store;
  readonly beforeMs: number;
}

interface Expired extends HomeHistory {
  readonly due: readonly Due[];
  readonly rows: number;
}

/** How far it has come with a home, in rows. */
export interface Removal {
  readonly removed: number;
  readonly total: number;
}

@Injectable()
export class Expiry implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #retention: HomeRetentionRepository;
  readonly #expired: ExpiredRepository;
  readonly #keeper: HorizonKeeper;
  readonly #partitions: ReadingPartitions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #removals = new Map<HomeId, Removal>();
  readonly #stopped: Promise<void>;
  #stop: () => void = () => undefined;
  #isStopping = false;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  /** Settings have changed since the run under way read them. */
  #isOutdated = false;
  /** They have changed, and what is expired by them is not yet known. */
  #isLooking = false;

  constructor(
    retention: HomeRetentionRepository,
    expired: ExpiredRepository,
    keeper: HorizonKeeper,
    partitions: ReadingPartitions,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#retention = retention;
    this.#expired = expired;
    this.#keeper = keeper;
    this.#partitions = partitions;
    this.#clock = clock;
    this.#logger = logger;
    this.#stopped = new Promise((resolve) => (this.#stop = resolve));
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.run(), LOOK_EVERY_MS).unref();
    void this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#isStopping = true;
    this.#stop();
    clearInterval(this.#timer);
    await this.#working;
  }

  /** What is being removed of a home at this moment; the total is 0 until it is known. */
  removalOf(homeId: HomeId): Removal | null {
    return this.#removals.get(homeId) ?? (this.#isLooking ? { removed: 0, total: 0 } : null);
  }

  /** Begins anew with settings that have changed, also in the midst of a run. */
  restart(): void {
    this.#isOutdated = true;
    this.#isLooking = true;
    void this.run();
  }

  /** Resolves when all that is expired is removed, or at a failure, after which the next look goes on. Never rejects. */
  run(): Promise<void> {
    this.#working ??= this.#run()
      .catch((error: unknown) =>
        this.#logger.warn({ err: error }, 'old history could not be removed yet'),
      )
      .finally(() => {
        this.#removals.clear();
        this.#isLooking = false;
        this.#working = undefined;
      });
    return this.#working;
  }

  async #run(): Promise<void> {
    do {
      this.#isOutdated = false;
      await this.#removeExpired();
    } while (this.#isOutdated && !this.#isStopping);
  }

  async #removeExpired(): Promise<void> {
    // So that what is found is all there is to remove.
    await this.#keeper.rollUp();
    const found = await this.#findExpired();
    if (!this.#isOutdated) this.#isLooking = false;
    const ready: Expired[] = [];
    for (const home of found) {
      if (!this.#mayGoOn()) return;
      if (await this.#keeper.advance(home, horizonOf(home), this.#stopped)) ready.push(home);
    }
    const horizons = await this.#keeper.listDetailFrom();
    await this.#dropUntil(Math.min(...horizons), (partition) => this.#expired.drop(partition));
    for (const home of ready) await this.#remove(home);
    await this.#dropUntil(Math.max(...horizons), (partition) => this.#expired.dropEmpty(partition));
  }

  async #findExpired(): Promise<Expired[]> {
    const found: Expired[] = [];
    for (const { homeId, settings } of await this.#retention.list()) {
      const cuts = cutsOf(settings, this.#clock.now());
      const home = { homeId, seriesIds: await this.#expired.listSeries(homeId) };
      const rows = new Map<RetentionField, number>();
      for (const store of STORES) {
        if (!this.#mayGoOn()) return [];
        const beforeMs = cuts[store.setting];
        if (!Number.isFinite(beforeMs)) continue;
        const old = await this.#expired.count(store, home, beforeMs);
        rows.set(store.setting, (rows.get(store.setting) ?? 0) + old);
      }
      const due = STORES.filter(({ setting }) => (rows.get(setting) ?? 0) > 0);
      if (due.length === 0) continue;
      const total = [...rows.values()].reduce((sum, old) => sum + old, 0);
      this.#removals.set(homeId, { removed: 0, total });
      found.push({
        ...home,
        due: due.map((store) => ({ store, beforeMs: cuts[store.setting] })),
        rows: total,
      });
    }
    return found;
  }

  async #remove(home: Expired): Promise<void> {
    let removed = 0;
    for (const { store, beforeMs } of home.due) {
      for (let last = 1; last > 0 && this.#mayGoOn();) {
        const startedAt = performance.now();
        last = await this.#expired.remove(store, home, beforeMs);
        removed += last;
        this.#removals.set(home.homeId, {
          removed: Math.min(removed, home.rows),
          total: home.rows,
        });
        if (last > 0) await this.#rest(performance.now() - startedAt);
      }
    }
    this.#removals.delete(home.homeId);
    this.#logger.info({ homeId: home.homeId, removed }, 'old history removed');
  }

  /** One that is in use is left for the next look, and the others as well: whoever writes readings waits meanwhile. */
  async #dropUntil(
    untilMs: number,
    drop: (partition: Partition) => Promise<boolean>,
  ): Promise<void> {
    if (!Number.isFinite(untilMs)) return;
    for (const partition of await this.#expired.listPartitions(untilMs)) {
      if (!this.#mayGoOn()) return;
      try {
        if (!(await drop(partition))) continue;
      } catch (error) {
        this.#logger.debug({ err: error, partition: partition.name }, 'a partition is in use');
        return;
      }
      this.#partitions.forget();
      this.#logger.info({ partition: partition.name }, 'old readings dropped');
    }
  }

  #mayGoOn(): boolean {
    return !this.#isOutdated && !this.#isStopping;
  }

  async #rest(tookMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const pause = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, Math.max(SHORTEST_REST_MS, tookMs));
    });
    await Promise.race([pause, this.#stopped]);
    clearTimeout(timer);
  }
}

/** Only what has something to remove: readings that come late for the rest are welcome. */
function horizonOf({ due }: Expired): Partial<Horizon> {
  const detail = due.find(({ store }) => store.setting === 'fullDetailDays');
  const hours = due.find(({ store }) => store.setting === 'hourlyDays');
  return {
    ...(detail !== undefined && { detailFromMs: detail.beforeMs }),
    ...(hours !== undefined && { hoursFromMs: hours.beforeMs }),
  };
}
