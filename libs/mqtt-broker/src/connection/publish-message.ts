// What happens to an authorised message, whoever sent it: accept, retain, route.

import { NO_PROPERTIES } from '../codec/properties.js';
import { ReasonCode } from '../codec/reason-codes.js';
import type { Sender } from '../message.js';
import type {
  InMemoryRetainedStore,
  RetainedMessage,
} from '../retained/in-memory-retained-store.js';
import type { RoutedMessage } from '../routing/routed-message.js';
import type { Tally } from '../routing/router.js';
import type { Session } from '../session/session.js';
import type { Outcome } from './acceptance.js';
import type { Core } from './core.js';
import { isSys } from './deny.js';

/**
 * From a client: asks `accept` first. Live routing does not wait for its promise. What the message leaves to be kept
 * is in the journal afterwards.
 */
export function publishFrom(
  core: Core,
  message: RoutedMessage,
  sender: Sender,
  session: Session,
): Outcome {
  if (message.qos > 0 && core.journal.uncommittedBytes > core.limits.maxUncommittedBytes) {
    return ReasonCode.quotaExceeded;
  }
  const accepted = core.acceptance.ask(message, sender);
  if (typeof accepted === 'number' && accepted >= 0x80) return accepted;
  const retained = message.retain ? retain(core, message, session) : ReasonCode.success; // [MQTT-3.3.1-8]
  core.router.route(message, session);
  return typeof accepted === 'number' ? retained : accepted;
}

/** From the embedding program: no `accept`. */
export function publishOwn(core: Core, message: RoutedMessage, tally: Tally): void {
  if (message.retain) retain(core, message, undefined);
  core.router.route(message, undefined, tally);
}

/** Replaces or (empty payload) removes the topic's retained message. [MQTT-3.3.1-5] [MQTT-3.3.1-6] */
function retain(core: Core, message: RoutedMessage, publisher: Session | undefined): number {
  const { limits } = core;
  const { topic } = message;
  const isOwn = isSys(topic);
  const retained = retainedFor(core, topic);
  const bytes = message.payloadEnd - message.payloadStart;
  if (bytes === 0) {
    forgetRetained(core, topic); // [MQTT-3.3.1-7]
    return ReasonCode.success;
  }
  const isFull =
    retained.bytes + message.heldBytes > limits.maxRetainedBytes ||
    (retained.size >= limits.maxRetainedMessages && retained.find(topic) === undefined);
  if (!isOwn && (isFull || bytes > limits.maxRetainedPayloadBytes)) {
    core.drops.report(publisher?.clientId ?? '', topic, 'retained-full');
    return ReasonCode.quotaExceeded;
  }
  const kept: RetainedMessage = {
    topic,
    payload: message.keep().payload,
    qos: message.qos,
    properties: message.content === NO_PROPERTIES ? NO_PROPERTIES : message.content,
    storedAtMs: message.receivedAtMs,
    publisher: publisher?.key,
  };
  retained.store(kept);
  // What the broker says of itself is said anew at every start.
  if (!isOwn) core.journal.append({ type: 'retained', message: kept });
  return ReasonCode.success;
}

/** Removes the topic's retained message, if it has one. */
export function forgetRetained(core: Core, topic: string): void {
  if (isSys(topic)) core.retainedSys.remove(topic);
  else if (core.retained.remove(topic)) core.journal.append({ type: 'retained-end', topic });
}

/** The retained messages that a filter or a topic is about. */
export function retainedFor(core: Core, filterOrTopic: string): InMemoryRetainedStore {
  return isSys(filterOrTopic) ? core.retainedSys : core.retained;
}
