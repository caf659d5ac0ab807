// The port behind which the broker keeps what must survive the process: sessions that outlive their connection,
// their subscriptions, what is under way to and from them, and retained messages.
//
// It is a journal: an ordered list of changes. Whatever prefix of it survives a crash is a state that the broker
// was in, as long as no batch (all changes between two turns of the event loop) is torn.

import type { PublishProperties, QoS } from '../message.js';

/** A session that outlives its connection. */
export interface StoredSession {
  /** Client identifier and principal together. */
  readonly key: string;
  readonly clientId: string;
  readonly principalId: string;
  /** Seconds that it outlives a connection; always above 0. */
  readonly expirySeconds: number;
  /** When its last connection ended; undefined while it has one. */
  readonly disconnectedAtMs: number | undefined;
  /** Not published yet. */
  readonly will: StoredWill | undefined;
}

/** A will, with the time that it waits after the connection's end. */
export interface StoredWill {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly properties: PublishProperties;
  readonly delaySeconds: number;
}

export interface StoredSubscription {
  /** As the client wrote it, `$share/group/` included. */
  readonly filter: string;
  readonly qos: QoS;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  /** 0 for none. */
  readonly identifier: number;
}

/** A message that waits for at least one session. */
export interface StoredMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly properties: PublishProperties;
  readonly receivedAtMs: number;
}

/** What a delivery awaits: its turn, or one of the client's acknowledgements. */
export type DeliveryStep = 'turn' | 'puback' | 'pubrec' | 'pubcomp';

/** One message on its way to one session. */
export interface StoredDelivery {
  /** Grows: the order of a session's deliveries. */
  readonly id: number;
  /** The session's. */
  readonly key: string;
  readonly messageId: number;
  readonly qos: 1 | 2;
  readonly retain: boolean;
  readonly subscriptionIdentifiers: readonly number[] | undefined;
  /** The filter of the shared subscription that brought it. */
  readonly share: string | undefined;
  readonly step: DeliveryStep;
  /** 0 while it awaits its turn. */
  readonly packetId: number;
}

/** A retained message as it is stored. */
export interface StoredRetained {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: QoS;
  readonly properties: PublishProperties;
  readonly storedAtMs: number;
  /** The key of the publishing session, for No Local; undefined for the embedding program. */
  readonly publisher: string | undefined;
}

/** One change. Those of existing things replace them; the end of what is not there is no error. */
export type Change =
  | { readonly type: 'session'; readonly session: StoredSession }
  /** Ends its subscriptions, deliveries and incoming packet identifiers with it. */
  | { readonly type: 'session-end'; readonly key: string }
  | {
      readonly type: 'subscription';
      readonly key: string;
      readonly subscription: StoredSubscription;
    }
  | { readonly type: 'subscription-end'; readonly key: string; readonly filter: string }
  | { readonly type: 'message'; readonly id: number; readonly message: StoredMessage }
  | { readonly type: 'message-end'; readonly id: number }
  | { readonly type: 'delivery'; readonly delivery: StoredDelivery }
  | { readonly type: 'delivery-end'; readonly key: string; readonly id: number }
  /** A QoS 2 packet identifier that was received and is not released. */
  | { readonly type: 'incoming'; readonly key: string; readonly packetId: number }
  | { readonly type: 'incoming-end'; readonly key: string; readonly packetId: number }
  | { readonly type: 'retained'; readonly message: StoredRetained }
  | { readonly type: 'retained-end'; readonly topic: string };

/** Keeps changes, in order. Whoever implements it passes `describeStorage` of the tests. */
export interface Storage {
  /**
   * Answers the changes that lead to what was committed last; called once, before all else. Rejects (or throws
   * while iterating) when what is there cannot be read whole: the broker then does not start.
   * `snapshot` answers, at any time later, the changes that lead to the present state: for compaction.
   */
  open(snapshot: () => Iterable<Change>): AsyncIterable<Change> | Iterable<Change>;
  /** Takes a change. Its buffers do not change any more. Changes of one turn of the event loop are stored all or none. */
  append(change: Change): void;
  /**
   * Resolves when every change so far is durable; the same promise for all who ask about one batch. While the
   * medium is away it stays open, and nothing that rests on it is acknowledged. Rejects only once closed.
   */
  commit(): Promise<void>;
  /** Commits what is left, and lets go of everything. */
  close(): Promise<void>;
}
