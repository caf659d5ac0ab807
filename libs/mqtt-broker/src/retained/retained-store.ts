// The port behind which retained messages are kept.

import type { PublishProperties, QoS } from '../message.js';

/** The newest retained message of one topic. The payload is the store's own copy. */
export interface RetainedMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: QoS;
  readonly properties: PublishProperties;
  readonly storedAtMs: number;
  /** The publishing session, for No Local; undefined for the embedding program. */
  readonly publisher: string | undefined;
}

/**
 * Keeps one message per topic. Reads are synchronous; a write that returns a promise delays the
 * publisher's acknowledgement until it settles.
 */
export interface RetainedStore {
  readonly size: number;
  /** Payload and topic bytes of all. */
  readonly bytes: number;
  find(topic: string): RetainedMessage | undefined;
  store(message: RetainedMessage): void | Promise<void>;
  remove(topic: string): void | Promise<void>;
  /** Every retained message whose topic the filter's levels match. Expired ones may be among them. */
  match(filterLevels: readonly string[]): Iterable<RetainedMessage>;
}
