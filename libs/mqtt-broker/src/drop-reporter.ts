// Announces lost messages. The first of a kind at once, the rest summed up, so that a slow client under a
// flood costs the embedding program one event a second and not one per message.

import type { Clock } from './clock.js';
import type { Counters } from './counters.js';
import type { EventHub } from './event-hub.js';
import type { BrokerEvents, DropReason } from './events.js';

const WINDOW_MS = 1000;

export class DropReporter {
  readonly #clock: Clock;
  readonly #events: EventHub;
  readonly #counters: Counters;
  /** What was lost since the last announcement. Two maps: a key of both would be a new string for every loss. */
  readonly #open = new Map<DropReason, Map<string, BrokerEvents['dropped']>>();

  constructor(clock: Clock, events: EventHub, counters: Counters) {
    this.#clock = clock;
    this.#events = events;
    this.#counters = counters;
  }

  report(clientId: string, topic: string, reason: DropReason): void {
    this.#counters.dropped[reason]++;
    let byClient = this.#open.get(reason);
    if (byClient === undefined) {
      byClient = new Map();
      this.#open.set(reason, byClient);
    }
    const sum = byClient.get(clientId);
    if (sum !== undefined) {
      sum.count++;
      sum.topic = topic;
      return;
    }
    byClient.set(clientId, { clientId, topic, reason, count: 0 });
    this.#clock.after(WINDOW_MS, () => this.#close(reason, clientId));
    this.#events.emit('dropped', { clientId, topic, reason, count: 1 });
  }

  #close(reason: DropReason, clientId: string): void {
    const byClient = this.#open.get(reason);
    const sum = byClient?.get(clientId);
    byClient?.delete(clientId);
    if (sum !== undefined && sum.count > 0) this.#events.emit('dropped', sum);
  }
}
