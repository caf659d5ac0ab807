// The broker's present state as changes: what a storage writes when it compacts.

import type { Core } from '../connection/core.js';
import type { Session } from '../session/session.js';
import type { RoutedMessage } from '../routing/routed-message.js';
import type { Change } from './storage.js';

/** The changes that lead from nothing to the present state. */
export function* snapshotOf({ sessions, retained }: Core): Iterable<Change> {
  const told = new Set<number>();
  for (const session of sessions.all()) yield* sessionChanges(session, told);
  for (const message of retained.all()) {
    yield { type: 'retained', message };
  }
}

function* sessionChanges(session: Session, told: Set<number>): Iterable<Change> {
  const { key, clientId, principalId, expirySeconds, disconnectedAtMs, will } = session;
  if (session.record === undefined) return;
  yield {
    type: 'session',
    session: { key, clientId, principalId, expirySeconds, disconnectedAtMs, will },
  };
  for (const subscription of session.subscriptions.values()) {
    const filter = subscription.filter.text;
    yield { type: 'subscription', key, subscription: { ...subscription, filter } };
  }
  for (const { delivery, step, packetId } of session.deliveries()) {
    const { message, qos, retain, subscriptionIdentifiers, share, recordId: id } = delivery;
    if (id === 0 || qos === 0) continue;
    const messageId = message.storedId;
    if (!told.has(messageId)) {
      told.add(messageId);
      yield { type: 'message', id: messageId, message: toStoredMessage(message) };
    }
    yield {
      type: 'delivery',
      delivery: {
        id,
        key,
        messageId,
        qos,
        retain,
        subscriptionIdentifiers,
        share: share?.text,
        step,
        packetId,
      },
    };
  }
  for (const packetId of session.incoming.keys()) yield { type: 'incoming', key, packetId };
}

function toStoredMessage(message: RoutedMessage): Extract<Change, { type: 'message' }>['message'] {
  const { topic, qos, retain, content, receivedAtMs } = message;
  const { payload } = message.keep();
  return { topic, payload, qos, retain, properties: content, receivedAtMs };
}
