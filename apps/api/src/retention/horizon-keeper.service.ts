// Moves on from when a home has its history, before anything is removed.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Ingest, SeriesBook } from '@hearth/ingest';
import { RollupWorker } from '../rollups/rollup-worker.service.js';
import { ExpiredRepository, type HomeHistory } from './expired.repository.js';
import { HomeRetentionRepository } from './home-retention.repository.js';
import { Horizons, type Horizon } from './horizons.js';

@Injectable()
export class HorizonKeeper implements OnModuleInit {
  readonly #retention: HomeRetentionRepository;
  readonly #expired: ExpiredRepository;
  readonly #rollups: RollupWorker;
  readonly #ingest: Pick<Ingest, 'join'>;
  readonly #book: SeriesBook;
  readonly #horizons: Horizons;

  constructor(
    retention: HomeRetentionRepository,
    expired: ExpiredRepository,
    rollups: RollupWorker,
    ingest: Ingest,
    book: SeriesBook,
    horizons: Horizons,
  ) {
    this.#retention = retention;
    this.#expired = expired;
    this.#rollups = rollups;
    this.#ingest = ingest;
    this.#book = book;
    this.#horizons = horizons;
  }

  /** Before the first reading comes. */
  async onModuleInit(): Promise<void> {
    for (const { homeId, horizon } of await this.#retention.list()) {
      this.#horizons.advance(homeId, horizon);
      this.#book.keepFrom(homeId, this.#horizons.of(homeId).detailFromMs);
    }
  }

  /** The moments before which homes have no readings any more, epoch milliseconds; `-Infinity` for one that has all. */
  async listDetailFrom(): Promise<number[]> {
    const homes = await this.#retention.list();
    return homes.map(({ homeId }) => this.#horizons.of(homeId).detailFromMs);
  }

  /** Resolves when no hour that is over waits to be rolled up, or at a failure. */
  async rollUp(): Promise<void> {
    // The first may have been under way, with its last look behind it.
    await this.#rollups.catchUp();
    await this.#rollups.catchUp();
  }

  /**
   * Answers whether what is before may be removed; otherwise it is to be tried again. In this order: refuse readings of
   * before, see those to the end that were accepted, roll up what waits, and only then write down that nothing can be
   * rolled up any more. `stopped` resolves when it is time to stop.
   */
  async advance(
    home: HomeHistory,
    to: Partial<Horizon>,
    stopped: Promise<unknown>,
  ): Promise<boolean> {
    const { homeId } = home;
    const { detailFromMs } = to;
    if (detailFromMs !== undefined) {
      const heldMs = this.#horizons.of(homeId).detailFromMs;
      this.#book.keepFrom(homeId, Math.max(detailFromMs, heldMs));
      const accepted = this.#ingest.join().settled.then(() => true);
      if ((await Promise.race([accepted, stopped])) !== true) return false;
      await this.rollUp();
      // Hours of a page that cannot be read never become fresh: they must not keep the home from ever removing anything.
      if (await this.#expired.isStale(home, detailFromMs, this.#rollups.stuck)) return false;
    }
    await this.#retention.advance(homeId, to);
    this.#horizons.advance(homeId, to);
    // Who began to roll up before that was written down has all readings until it is done.
    await this.#rollups.catchUp();
    return true;
  }
}
