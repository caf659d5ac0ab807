// On which terms a session gets a message: the sum of its subscriptions that match.

import type { QoS } from '../message.js';
import type { Subscription } from '../session/session.js';

/** How one session gets a message. */
export interface Terms {
  readonly qos: QoS;
  readonly retainAsPublished: boolean;
  readonly subscriptionIdentifiers: readonly number[] | undefined;
}

/** One delivery for overlapping subscriptions: the highest QoS and every identifier. [MQTT-3.3.4-3] [MQTT-3.3.4-4] */
export function sum(subscriptions: readonly Subscription[]): Terms {
  let qos: QoS = 0;
  let retainAsPublished = false;
  const identifiers: number[] = [];
  for (const one of subscriptions) {
    if (one.qos > qos) qos = one.qos;
    retainAsPublished ||= one.retainAsPublished;
    if (one.identifier !== 0) identifiers.push(one.identifier);
  }
  const subscriptionIdentifiers = identifiers.length === 0 ? undefined : identifiers;
  return { qos, retainAsPublished, subscriptionIdentifiers };
}
