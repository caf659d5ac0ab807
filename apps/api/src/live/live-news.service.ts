// Turns the facts of the event bus into news of the live feed.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Directory } from '../directory/directory.js';
import { HearthEventBus } from '../events/hearth-events.js';
import { LiveFeed } from './live-feed.js';
import type { LiveNotice } from './live-state.js';

@Injectable()
export class LiveNews implements OnModuleInit {
  readonly #events: HearthEventBus;
  readonly #directory: Directory;
  readonly #feed: LiveFeed;

  constructor(events: HearthEventBus, directory: Directory, feed: LiveFeed) {
    this.#events = events;
    this.#directory = directory;
    this.#feed = feed;
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
  }

  #tell(deviceId: string, notice: LiveNotice): void {
    const homeId = this.#directory.findDevice(deviceId)?.homeId;
    if (homeId) this.#feed.addNotice(homeId, notice);
  }
}
