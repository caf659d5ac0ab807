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
  /** What was lost since the last announcement, by client and reason. */
  readonly #open = new Map<string, BrokerEvents['dropped']>();

  constructor(clock: Clock, events: EventHub, counters: Counters) {
    this.#clock = clock;
    this.#events = events;
    this.#counters = counters;
  }

  report(clientId: string, topic: string, reason: DropReason): void {
    this.#counters.dropped[reason]++;
    const key = `${reason} ${clientId}`;
    const sum = this.#open.get(key);
    if (sum !== undefined) {
      sum.count++;
      sum.topic = topic;
      return;
    }
    this.#open.set(key, { clientId, topic, reason, count: 0 });
    this.#clock.after(WINDOW_MS, () => this.#close(key));
    this.#events.emit('dropped', { clientId, topic, reason, count: 1 });
  }

  #close(key: string): void {
    const sum = this.#open.get(key);
    this.#open.delete(key);
    if (sum !== undefined && sum.count > 0) this.#events.emit('dropped', sum);
  }
}
