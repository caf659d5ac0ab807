// Turns days that lie back into pages, and drops their partitions. Every step is one transaction and may be repeated, so
// it goes on after a crash wherever that was.
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { EARLIEST_TIMESTAMP_MS } from '@hearth/contracts';
import { TIER_MS } from '@hearth/history';
import type { Logger } from 'pino';
import { CLOCK, type Clock } from '../common/clock.js';
import { LOGGER } from '../common/logger.js';
import { ReadingPartitions } from '../ingest/reading-partitions.repository.js';
import { DamagedPage } from '../readings/errors.js';
import type { StaleHour } from '../rollups/rollup.repository.js';
import { RollupWorker } from '../rollups/rollup-worker.service.js';
import { PageRepository, type FoundDay, type Partition } from './page.repository.js';
import type { SeriesDay } from './series-day.js';

/** Whole days that stay rows: what boards send late from their buffers comes within days. */
const COLD_AFTER_DAYS = 7;
const LOOK_EVERY_MS = 10 * 60_000;

@Injectable()
export class Packer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #pages: PageRepository;
  readonly #partitions: ReadingPartitions;
  readonly #rollups: RollupWorker;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** Days whose page cannot be read, which was told. */
  readonly #damaged = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  #isStopping = false;
  #packedDays = 0;
  #unpackedDays = 0;

  constructor(
    pages: PageRepository,
    partitions: ReadingPartitions,
    rollups: RollupWorker,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#pages = pages;
    this.#partitions = partitions;
    this.#rollups = rollups;
    this.#clock = clock;
    this.#logger = logger;
    rollups.unpackWith((hours) => this.#unpack(hours));
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.pack(), LOOK_EVERY_MS).unref();
    void this.pack();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#isStopping = true;
    clearInterval(this.#timer);
    await this.#working;
  }

  /** Days of a series that became a page since the start; one that is packed anew counts again. */
  get packedDays(): number {
    return this.#packedDays;
  }

  /** Pages that became rows again since the start, because readings came late. */
  get unpackedDays(): number {
    return this.#unpackedDays;
  }

  /** Packs what lies back far enough and drops what was packed before. Never rejects. */
  pack(): Promise<void> {
    this.#working ??= this.#pack()
      .catch((error: unknown) =>
        this.#logger.warn({ err: error }, 'old readings could not be packed yet'),
      )
      .finally(() => (this.#working = undefined));
    return this.#working;
  }

  async #pack(): Promise<void> {
    await this.#rollups.catchUp();
    const today = Math.floor(this.#clock.now() / TIER_MS.day);
    const coldMs = (today - COLD_AFTER_DAYS) * TIER_MS.day;
    for (const partition of await this.#pages.listPartitions()) {
      if (this.#isStopping) return;
      if (partition.toMs > coldMs) continue;
      await this.#attempt(partition.name, () => this.#packPartition(partition));
    }
    await this.#packDefault(coldMs);
  }

  /** One that is held too long, or cannot be packed, does not stop the rest; a database that does not answer does. */
  async #attempt<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.#logger.warn({ err: error, name }, 'could not be packed yet');
      await this.#pages.ping();
      return undefined;
    }
  }

  /** Packs the days that have no page yet; when all have one, the partition goes. */
  async #packPartition(partition: Partition): Promise<void> {
    const days = await this.#pages.listDays(partition);
    let paged = 0;
    for (const day of days) {
      if (this.#isStopping) return;
      if (await this.#isPacked(day)) paged += 1;
    }
    if (paged < days.length) return;
    const { isDropped, differing } = await this.#pages.dropPacked(partition);
    for (const day of differing) await this.#packDay(day);
    if (!isDropped) return;
    this.#partitions.forget();
    this.#logger.info({ partition: partition.name, days: days.length }, 'packed');
  }

  /** Rows that came without a partition of their own leave the default one a day at a time. */
  async #packDefault(coldMs: number): Promise<void> {
    const rest = { name: 'reading_default', fromMs: EARLIEST_TIMESTAMP_MS, toMs: coldMs };
    for (const day of await this.#pages.listDays(rest)) {
      if (this.#isStopping) return;
      if (!(await this.#isPacked(day))) continue;
      const removed = await this.#attempt(rest.name, () => this.#pages.removePacked(day));
      if (removed === false) await this.#packDay(day);
    }
  }

  /** A day is looked at again only when something was changed: it is stale until it is rows. */
  async #isPacked(day: FoundDay): Promise<boolean> {
    if (day.isStale) return false;
    return day.isPaged || this.#packDay(day);
  }

  /** Answers whether the day is a page now. */
  async #packDay(day: SeriesDay): Promise<boolean> {
    const outcome = await this.#attempt(nameOf(day), () => this.#pages.pack(day));
    if (outcome === 'packed') this.#packedDays += 1;
    return outcome === 'packed' || outcome === 'as-it-was';
  }

  async #unpack(hours: readonly StaleHour[]): Promise<void> {
    const days = new Map<string, SeriesDay>();
    for (const { seriesId, hourMs } of hours) {
      const dayMs = Math.floor(hourMs / TIER_MS.day) * TIER_MS.day;
      days.set(`${seriesId} ${dayMs}`, { seriesId, dayMs });
    }
    for (const day of await this.#pages.listPaged([...days.values()])) await this.#unpackDay(day);
  }

  /** A page that cannot be read stays as it is, and what came late stays beside it. */
  async #unpackDay(day: SeriesDay): Promise<void> {
    await this.#partitions.cover([day.dayMs]);
    try {
      if (await this.#pages.unpack(day)) this.#unpackedDays += 1;
    } catch (error) {
      if (!(error instanceof DamagedPage)) throw error;
      if (!this.#damaged.has(nameOf(day))) this.#logger.error({ err: error }, error.message);
      this.#damaged.add(nameOf(day));
    }
  }
}

function nameOf({ seriesId, dayMs }: SeriesDay): string {
  return `series ${seriesId} on ${new Date(dayMs).toISOString().slice(0, 10)}`;
}
