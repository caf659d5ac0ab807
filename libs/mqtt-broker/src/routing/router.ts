// Message to deliveries: in-process handlers first, then sessions, then one member per shared group.

import type { QoS } from '../message.js';
import type { Session } from '../session/session.js';
import type { Delivery } from '../session/session-link.js';
import type { TopicFilter } from '../topic/topic-filter.js';
import type { SubscriptionIndex } from './subscription-index.js';
import type { Terms } from './terms.js';
import type { RoutedMessage } from './routed-message.js';

/** Counts what became of a message. */
export interface Tally {
  matched: number;
  sent: number;
  queued: number;
}

export class Router {
  readonly #index: SubscriptionIndex;
  readonly #onError: (error: unknown) => void;
  #pressed: Session | undefined;
  #hadReceivers = false;

  constructor(index: SubscriptionIndex, onError: (error: unknown) => void) {
    this.#index = index;
    this.#onError = onError;
  }

  /** The receiver that falls behind, of those that the last messages went to. Asking forgets it. */
  takePressed(): Session | undefined {
    const pressed = this.#pressed;
    this.#pressed = undefined;
    return pressed;
  }

  /** Whether the last message that was routed had a subscription that it matched. */
  get hadReceivers(): boolean {
    return this.#hadReceivers;
  }

  /** `publisher` is undefined for the embedding program. */
  route(message: RoutedMessage, publisher: Session | undefined, tally?: Tally): void {
    const match = this.#index.match(message.address); // [MQTT-3.3.2-3] [MQTT-4.5.0-1]
    this.#hadReceivers =
      match.targets.length > 0 || match.groups.length > 0 || match.handlers.length > 0;
    for (const handler of match.handlers) {
      try {
        handler(message);
      } catch (error) {
        this.#onError(error);
      }
    }
    for (const { session, terms, own } of match.targets) {
      if (session !== publisher) this.#deliver(session, message, terms, tally);
      else if (own !== undefined) this.#deliver(session, message, own, tally);
    }
    for (const group of match.groups) {
      const member = group.pick();
      if (member === undefined) continue;
      const { session, subscription, terms } = member; // [MQTT-3.3.4-5] [MQTT-4.8.2-3]
      this.#deliver(session, message, terms, tally, subscription.filter);
    }
  }

  /**
   * Gives a delivery of a shared subscription to another of its members. False when there is none, or (unless
   * `mayWait`) none that is connected and has room.
   */
  redeliver({ message, share }: Delivery, from: Session, mayWait: boolean): boolean {
    const member = share === undefined ? undefined : this.#index.findGroup(share)?.pick(from);
    if (member === undefined) return false;
    const { session, subscription, terms } = member;
    if (!mayWait && (session.link === undefined || !session.queue.hasRoom)) return false;
    this.#deliver(session, message, terms, undefined, subscription.filter);
    return true;
  }

  #deliver(
    session: Session,
    message: RoutedMessage,
    terms: Terms,
    tally?: Tally,
    share?: TopicFilter,
  ): void {
    const isLower = message.qos < terms.qos && !session.terms.upgradeOutgoingQos;
    const qos: QoS = isLower ? message.qos : terms.qos; // [MQTT-3.8.4-8]
    const retain = message.retain && terms.retainAsPublished; // [MQTT-3.3.1-12] [MQTT-3.3.1-13]
    const { subscriptionIdentifiers } = terms;
    const handed =
      qos === 0
        ? session.deliverQos0(message, retain, subscriptionIdentifiers)
        : session.deliver({
            message,
            qos,
            retain,
            subscriptionIdentifiers,
            share,
            recordId: 0,
          });
    if (handed === 'queued' && session.isPressed) this.#pressed = session;
    if (tally === undefined) return;
    tally.matched++;
    if (handed === 'sent') tally.sent++;
    else if (handed === 'queued') tally.queued++;
  }
}
