// What a list of changes amounts to. Pure.

import type {
  Change,
  StoredDelivery,
  StoredMessage,
  StoredRetained,
  StoredSession,
  StoredSubscription,
} from './storage.js';

/** A session with all that belongs to it. */
export interface SessionState {
  session: StoredSession;
  readonly subscriptions: Map<string, StoredSubscription>;
  readonly deliveries: Map<number, StoredDelivery>;
  readonly incoming: Set<number>;
}

export class StoredState {
  readonly sessions = new Map<string, SessionState>();
  readonly messages = new Map<number, StoredMessage>();
  readonly retained = new Map<string, StoredRetained>();
  lastMessageId = 0;
  lastDeliveryId = 0;

  apply(change: Change): void {
    switch (change.type) {
      case 'session':
        this.#putSession(change.session);
        return;
      case 'session-end':
        this.sessions.delete(change.key);
        return;
      case 'subscription':
        this.sessions
          .get(change.key)
          ?.subscriptions.set(change.subscription.filter, change.subscription);
        return;
      case 'subscription-end':
        this.sessions.get(change.key)?.subscriptions.delete(change.filter);
        return;
      case 'message':
        this.messages.set(change.id, change.message);
        this.lastMessageId = Math.max(this.lastMessageId, change.id);
        return;
      case 'message-end':
        this.messages.delete(change.id);
        return;
      case 'delivery':
        this.sessions.get(change.delivery.key)?.deliveries.set(change.delivery.id, change.delivery);
        this.lastDeliveryId = Math.max(this.lastDeliveryId, change.delivery.id);
        return;
      case 'delivery-end':
        this.sessions.get(change.key)?.deliveries.delete(change.id);
        return;
      case 'incoming':
        this.sessions.get(change.key)?.incoming.add(change.packetId);
        return;
      case 'incoming-end':
        this.sessions.get(change.key)?.incoming.delete(change.packetId);
        return;
      case 'retained':
        this.retained.set(change.message.topic, change.message);
        return;
      case 'retained-end':
        this.retained.delete(change.topic);
        return;
    }
  }

  #putSession(session: StoredSession): void {
    const known = this.sessions.get(session.key);
    if (known !== undefined) known.session = session;
    else {
      const empty = {
        subscriptions: new Map(),
        deliveries: new Map(),
        incoming: new Set<number>(),
      };
      this.sessions.set(session.key, { session, ...empty });
    }
  }
}
