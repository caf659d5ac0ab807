import { Injectable } from '@nestjs/common';
import type { Series } from '@hearth/contracts';
import { SeriesBook } from '@hearth/ingest';

/** The newest committed value of every series, in memory. */
@Injectable()
export class LatestReadings {
  readonly #book: SeriesBook;

  constructor(book: SeriesBook) {
    this.#book = book;
  }

  /** The series of a device, the oldest first. */
  forDevice(deviceId: string): Series[] {
    return this.#book
      .list(deviceId)
      .filter(({ id }) => id !== 0)
      .sort((a, b) => a.id - b.id)
      .map(({ id, metric, unit, kind, latestTs, latestValue }) => ({
        id,
        metric,
        unit,
        kind,
        latest: latestTs === -Infinity ? null : { ts: latestTs, value: latestValue },
      }));
  }
}
