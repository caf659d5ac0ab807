// What one session writes into the journal. A session that ends with its connection has no record, and writes nothing.

import type { Delivery } from '../session/session-link.js';
import type { Journal } from './journal.js';
import type { DeliveryStep, StoredSession, StoredSubscription } from './storage.js';

type SessionData = Omit<StoredSession, 'key'>;

export class SessionRecord {
  readonly #journal: Journal;
  readonly #key: string;

  constructor(journal: Journal, key: string) {
    this.#journal = journal;
    this.#key = key;
  }

  /** The session's own data, written anew. */
  session({ clientId, principalId, expirySeconds, disconnectedAtMs, will }: SessionData): void {
    this.#journal.append({
      type: 'session',
      session: {
        key: this.#key,
        clientId,
        principalId,
        expirySeconds,
        disconnectedAtMs,
        will,
      },
    });
  }

  /** The session ends, and with it what was `left` of its deliveries. */
  end(left: Iterable<Delivery>): void {
    this.#journal.append({ type: 'session-end', key: this.#key });
    for (const delivery of left) {
      if (delivery.recordId === 0) continue;
      delivery.recordId = 0;
      this.#journal.release(delivery.message);
    }
  }

  subscribed(subscription: StoredSubscription): void {
    this.#journal.append({ type: 'subscription', key: this.#key, subscription });
  }

  unsubscribed(filter: string): void {
    this.#journal.append({ type: 'subscription-end', key: this.#key, filter });
  }

  /** A delivery waits, or went on by a step. QoS 0 is not kept. */
  delivery(delivery: Delivery, step: DeliveryStep, packetId: number): void {
    const { message, qos, retain, subscriptionIdentifiers, share } = delivery;
    if (qos === 0) return;
    if (delivery.recordId === 0) {
      this.#journal.hold(message);
      delivery.recordId = this.#journal.nextDeliveryId();
    }
    this.#journal.append({
      type: 'delivery',
      delivery: {
        id: delivery.recordId,
        key: this.#key,
        messageId: message.storedId,
        qos,
        retain,
        subscriptionIdentifiers,
        share: share?.text,
        step,
        packetId,
      },
    });
  }

  /** A delivery is done, one way or the other. */
  done(delivery: Delivery): void {
    if (delivery.recordId === 0) return;
    this.#journal.append({ type: 'delivery-end', key: this.#key, id: delivery.recordId });
    delivery.recordId = 0;
    this.#journal.release(delivery.message);
  }

  received(packetId: number): void {
    this.#journal.append({ type: 'incoming', key: this.#key, packetId });
  }

  released(packetId: number): void {
    this.#journal.append({ type: 'incoming-end', key: this.#key, packetId });
  }

  /** See `Journal.afterCommit`. */
  afterCommit(act: () => void): void {
    this.#journal.afterCommit(act);
  }
}
