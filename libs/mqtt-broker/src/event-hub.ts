import type { BrokerEvents } from './events.js';

type Handlers = { [E in keyof BrokerEvents]: Set<(payload: BrokerEvents[E]) => void> };

/** Hands events to the embedding program. A handler that throws is its own bug, reported and survived. */
export class EventHub {
  readonly #onError: (error: unknown) => void;
  readonly #handlers: Handlers = {
    connected: new Set(),
    disconnected: new Set(),
    reauthenticated: new Set(),
    refused: new Set(),
    denied: new Set(),
    dropped: new Set(),
    subscribed: new Set(),
    unsubscribed: new Set(),
    restored: new Set(),
    settled: new Set(),
    will: new Set(),
  };

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  on<E extends keyof BrokerEvents>(
    event: E,
    handler: (payload: BrokerEvents[E]) => void,
  ): () => void {
    // A wrapper of its own per call, so that one function may be registered twice.
    const own = (payload: BrokerEvents[E]): void => handler(payload);
    this.#handlers[event].add(own);
    return () => this.#handlers[event].delete(own);
  }

  emit<E extends keyof BrokerEvents>(event: E, payload: BrokerEvents[E]): void {
    for (const handler of this.#handlers[event]) {
      try {
        handler(payload);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
