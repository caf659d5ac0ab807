import { Inject, Injectable } from '@nestjs/common';
import type { HomeId } from '@hearth/contracts';
import { CLOCK, type Clock } from '../common/clock.js';
import { ExpiredRepository } from './expired.repository.js';
import { StorageFiguresRepository, type StorageFigures } from './storage-figures.repository.js';

/** Figures change slowly, and whoever tries out settings asks for them at each. */
const FRESH_FOR_MS = 30_000;

/** Measures each home now and then; requests in between share what was measured. */
@Injectable()
export class StorageGauge {
  readonly #figures: StorageFiguresRepository;
  readonly #history: ExpiredRepository;
  readonly #clock: Clock;
  readonly #measured = new Map<HomeId, { atMs: number; figures: Promise<StorageFigures> }>();

  constructor(
    figures: StorageFiguresRepository,
    history: ExpiredRepository,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#figures = figures;
    this.#history = history;
    this.#clock = clock;
  }

  read(homeId: HomeId): Promise<StorageFigures> {
    const nowMs = this.#clock.now();
    const last = this.#measured.get(homeId);
    if (last !== undefined && Math.abs(nowMs - last.atMs) < FRESH_FOR_MS) return last.figures;
    const figures = this.#measure(homeId, nowMs);
    this.#measured.set(homeId, { atMs: nowMs, figures });
    // A young home is measured quickly, and waits for its first hour to be counted.
    void figures.then(
      ({ readingsPerHour }) => readingsPerHour === null && this.forget(homeId),
      () => this.forget(homeId),
    );
    return figures;
  }

  /** Something was removed: what was measured is not true any more. */
  forget(homeId: HomeId): void {
    this.#measured.delete(homeId);
  }

  async #measure(homeId: HomeId, nowMs: number): Promise<StorageFigures> {
    const seriesIds = await this.#history.listSeries(homeId);
    return this.#figures.measure({ homeId, seriesIds }, nowMs);
  }
}
