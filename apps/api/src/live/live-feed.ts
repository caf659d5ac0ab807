// The live feed: gathers what happens in each home and gives it to the browsers that look at that home.
// Nothing is gathered for a home that nobody looks at.
import type { HomeId, LiveMessage } from '@hearth/contracts';
import { encodeFrames } from './frame.js';
import type { LiveClient } from './live-client.js';
import { LiveState, type LiveNotice } from './live-state.js';

type ReadingUpdate = Extract<LiveMessage, { event: 'readings' }>['data'][number];

interface Audience {
  readonly state: LiveState;
  readonly clients: Set<LiveClient>;
}

export class LiveFeed {
  readonly #audiences = new Map<HomeId, Audience>();

  get isWatched(): boolean {
    return this.#audiences.size > 0;
  }

  join(homeId: HomeId, client: LiveClient): void {
    const audience = this.#audiences.get(homeId) ?? { state: new LiveState(), clients: new Set() };
    this.#audiences.set(homeId, audience);
    audience.clients.add(client);
  }

  leave(homeId: HomeId, client: LiveClient): void {
    const audience = this.#audiences.get(homeId);
    audience?.clients.delete(client);
    if (audience?.clients.size === 0) this.#audiences.delete(homeId);
  }

  addReading(homeId: HomeId, reading: ReadingUpdate): void {
    this.#audiences.get(homeId)?.state.addReading(reading);
  }

  addNotice(homeId: HomeId, notice: LiveNotice): void {
    this.#audiences.get(homeId)?.state.addNotice(notice);
  }

  /** For what concerns the house and not a device. */
  addNoticeToAll(notice: LiveNotice): void {
    for (const { state } of this.#audiences.values()) state.addNotice(notice);
  }

  /** Sends what was gathered since the last time; encoded once for all browsers of a home. */
  flush(): void {
    for (const { state, clients } of this.#audiences.values()) {
      const drained = state.drain();
      const frames = encodeFrames(drained);
      // Also with nothing new: a slow browser may have drained meanwhile.
      for (const client of clients) client.deliver(frames, drained);
    }
  }

  *clients(): IterableIterator<LiveClient> {
    for (const { clients } of this.#audiences.values()) yield* clients;
  }
}
