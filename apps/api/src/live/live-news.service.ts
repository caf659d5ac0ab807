// Turns the facts of the event bus into news of the live feed.
import { isDeepStrictEqual } from 'node:util';
import { Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { IngestStats } from '@hearth/contracts';
import { Directory } from '../directory/directory.js';
import { HearthEventBus } from '../events/hearth-events.js';
import { IngestService } from '../ingest/ingest.service.js';
import { LiveFeed } from './live-feed.js';
import type { LiveNotice } from './live-state.js';

/** How often the counters of ingestion are told while they change, milliseconds. */
const STATS_EVERY_MS = 1_000;

@Injectable()
export class LiveNews implements OnModuleInit, BeforeApplicationShutdown {
  readonly #events: HearthEventBus;
  readonly #directory: Directory;
  readonly #feed: LiveFeed;
  readonly #ingest: IngestService;
  #toldStats: IngestStats | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(events: HearthEventBus, directory: Directory, feed: LiveFeed, ingest: IngestService) {
    this.#events = events;
    this.#directory = directory;
    this.#feed = feed;
    this.#ingest = ingest;
  }

  onModuleInit(): void {
    this.#events.on('readings', (readings) => {
      if (!this.#feed.isWatched) return;
      for (const reading of readings) {
        const homeId = this.#directory.findDevice(reading.deviceId)?.homeId;
        if (homeId) this.#feed.addReading(homeId, reading);
      }
    });
    this.#events.on('presence', (data) => this.#tell(data.deviceId, { event: 'presence', data }));
    this.#events.on('command', ({ command }) =>
      this.#tell(command.deviceId, { event: 'command', data: command }),
    );
    this.#events.on('device-climate', ({ deviceId, state, atMs }) => {
      const reportedAt = new Date(atMs).toISOString();
      this.#tell(deviceId, { event: 'climate', data: { deviceId, state, reportedAt } });
    });
    // To everybody: the device may be gone from the directory, and all that is said is "fetch again".
    this.#events.on('changed', (data) => this.#feed.addNoticeToAll({ event: 'changed', data }));
    this.#events.on('health', (data) => this.#feed.addNoticeToAll({ event: 'health', data }));
    this.#timer = setInterval(() => this.#tellStats(), STATS_EVERY_MS).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  #tellStats(): void {
    if (!this.#feed.isWatched) return;
    const stats = this.#ingest.stats();
    if (isDeepStrictEqual(stats, this.#toldStats)) return;
    this.#toldStats = stats;
    this.#feed.addNoticeToAll({ event: 'ingest', data: stats });
  }

  #tell(deviceId: string, notice: LiveNotice): void {
    const homeId = this.#directory.findDevice(deviceId)?.homeId;
    if (homeId) this.#feed.addNotice(homeId, notice);
  }
}
