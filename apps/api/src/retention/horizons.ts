// From when on each home has its history, in memory: charts and ingestion ask for it.
import { Injectable } from '@nestjs/common';
import type { HomeId } from '@hearth/contracts';
import { TIER_MS } from '@hearth/history';

/** Epoch milliseconds; `-Infinity` where nothing was removed. */
export interface Horizon {
  /** Before it there are no readings, minutes and quarters of an hour any more. */
  readonly detailFromMs: number;
  /** Before it there are no hours any more. */
  readonly hoursFromMs: number;
}

const ALL: Horizon = { detailFromMs: -Infinity, hoursFromMs: -Infinity };

/** What was removed stays removed: horizons only move on. */
@Injectable()
export class Horizons {
  readonly #homes = new Map<HomeId, Horizon>();

  of(homeId: HomeId): Horizon {
    return this.#homes.get(homeId) ?? ALL;
  }

  advance(homeId: HomeId, { detailFromMs, hoursFromMs }: Partial<Horizon>): void {
    const horizon = this.of(homeId);
    this.#homes.set(homeId, {
      detailFromMs: Math.max(horizon.detailFromMs, detailFromMs ?? -Infinity),
      hoursFromMs: Math.max(horizon.hoursFromMs, hoursFromMs ?? -Infinity),
    });
  }

  /** The narrowest bucket, in milliseconds, that there is for all of a range that begins at `fromMs`. */
  narrowest(homeId: HomeId, fromMs: number): number {
    const { detailFromMs, hoursFromMs } = this.of(homeId);
    if (fromMs < hoursFromMs) return TIER_MS.day;
    return fromMs < detailFromMs ? TIER_MS.hour : 1;
  }
}
