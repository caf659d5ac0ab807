// What happens to an authorised message, whoever sent it: accept, retain, route.

import { NO_PROPERTIES } from '../codec/properties.js';
import { ReasonCode } from '../codec/reason-codes.js';
import type { Sender } from '../message.js';
import type { RoutedMessage } from '../routing/routed-message.js';
import type { Tally } from '../routing/router.js';
import type { Session } from '../session/session.js';
import type { Outcome } from './acceptance.js';
import type { Core } from './core.js';

/** From a client: asks `accept` first. Live routing does not wait for its promise. */
export function publishFrom(
  core: Core,
  message: RoutedMessage,
  sender: Sender,
  session: Session,
): Outcome {
  const accepted = core.acceptance.ask(message, sender);
  if (typeof accepted === 'number' && accepted >= 0x80) return accepted;
  const retained = message.retain ? retain(core, message, session) : undefined;
  core.router.route(message, session);
  if (retained === undefined) return accepted;
  if (typeof retained === 'number') return typeof accepted === 'number' ? retained : accepted;
  if (typeof accepted === 'number') return core.acceptance.surviving(retained);
  return core.acceptance.surviving(Promise.all([accepted, retained]).then(() => undefined));
}

/** From the embedding program: no `accept`. */
export function publishOwn(core: Core, message: RoutedMessage, tally: Tally): void {
  if (message.retain) {
    const stored = retain(core, message, undefined);
    if (typeof stored === 'object') stored.catch(core.onError);
  }
  core.router.route(message, undefined, tally);
}

/** Replaces or (empty payload) removes the topic's retained message. [MQTT-3.3.1-5] [MQTT-3.3.1-6] */
function retain(
  core: Core,
  message: RoutedMessage,
  publisher: Session | undefined,
): number | void | Promise<void> {
  const { retained, limits } = core;
  const bytes = message.payloadEnd - message.payloadStart;
  if (bytes === 0) return retained.remove(message.topic); // [MQTT-3.3.1-7]
  const isFull =
    retained.bytes + bytes > limits.maxRetainedBytes ||
    (retained.size >= limits.maxRetainedMessages && retained.find(message.topic) === undefined);
  if (isFull || bytes > limits.maxRetainedPayloadBytes) {
    core.drops.report(publisher?.clientId ?? '', message.topic, 'retained-full');
    return ReasonCode.quotaExceeded;
  }
  return retained.store({
    topic: message.topic,
    payload: message.keep().payload,
    qos: message.qos,
    properties: message.content === NO_PROPERTIES ? NO_PROPERTIES : message.content,
    storedAtMs: message.receivedAtMs,
    publisher: publisher?.key,
  });
}
