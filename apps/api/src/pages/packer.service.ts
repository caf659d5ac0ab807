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
import type { StaleHour } from '../rollups/rollup.repository.js';
import { RollupWorker } from '../rollups/rollup-worker.service.js';
import {
  PageRepository,
  type PackedDay,
  type Partition,
  type SeriesDay,
} from './page.repository.js';

/** Whole days that stay rows: what boards send late from their buffers comes within days. */
const COLD_AFTER_DAYS = 7;
const LOOK_EVERY_MS = 10 * 60_000;
/** A partition stays so long after its pages were written: a reader that looked for pages before may look into it after. */
const GRACE_MS = 60_000;

@Injectable()
export class Packer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #pages: PageRepository;
  readonly #partitions: ReadingPartitions;
  readonly #rollups: RollupWorker;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** Partitions whose days are all packed, and since when. */
  readonly #packed = new Map<string, { days: readonly PackedDay[]; sinceMs: number }>();
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
    const nowMs = this.#clock.now();
    const coldMs = (Math.floor(nowMs / TIER_MS.day) - COLD_AFTER_DAYS) * TIER_MS.day;
    for (const partition of await this.#pages.listPartitions()) {
      if (this.#isStopping) return;
      if (partition.toMs > coldMs) continue;
      if (this.#isDue(partition, nowMs)) await this.#drop(partition);
      else await this.#packPartition(partition, nowMs);
    }
    await this.#packDefault(coldMs);
  }

  #isDue({ name }: Partition, nowMs: number): boolean {
    const packed = this.#packed.get(name);
    return packed !== undefined && nowMs - packed.sinceMs >= GRACE_MS;
  }

  async #packPartition(partition: Partition, nowMs: number): Promise<void> {
    const days: PackedDay[] = [];
    let isWhole = true;
    for (const day of await this.#pages.listDays(partition)) {
      if (this.#isStopping) return;
      if (day.isStale) isWhole = false;
      else days.push({ ...day, readings: await this.#packDay(day) });
    }
    if (isWhole) this.#packed.set(partition.name, { days, sinceMs: nowMs });
  }

  async #packDay(day: SeriesDay): Promise<number> {
    const readings = await this.#pages.pack(day);
    this.#packedDays += 1;
    return readings;
  }

  async #drop(partition: Partition): Promise<void> {
    const days = this.#packed.get(partition.name)?.days ?? [];
    this.#packed.delete(partition.name);
    if (!(await this.#pages.dropPacked(partition, days))) return;
    this.#partitions.forget();
    for (const day of days) await this.#pages.removeFineRollups(day);
    this.#logger.info({ partition: partition.name, days: days.length }, 'packed');
  }

  /** Rows that came without a partition of their own leave the default one a day at a time. */
  async #packDefault(coldMs: number): Promise<void> {
    const rest = { name: 'reading_default', fromMs: EARLIEST_TIMESTAMP_MS, toMs: coldMs };
    for (const day of await this.#pages.listDays(rest)) {
      if (this.#isStopping) return;
      if (day.isStale) continue;
      await this.#packDay(day);
      await this.#pages.removeFineRollups(day);
      await this.#pages.removePacked(rest, day);
    }
  }

  async #unpack(hours: readonly StaleHour[]): Promise<void> {
    const days = new Map<string, SeriesDay>();
    for (const { seriesId, hourMs } of hours) {
      const dayMs = Math.floor(hourMs / TIER_MS.day) * TIER_MS.day;
      days.set(`${seriesId} ${dayMs}`, { seriesId, dayMs });
    }
    for (const day of await this.#pages.listPaged([...days.values()])) {
      await this.#partitions.cover([day.dayMs]);
      if (await this.#pages.unpack(day)) this.#unpackedDays += 1;
    }
  }
}
