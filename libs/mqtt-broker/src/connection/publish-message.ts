// What happens to an authorised message, whoever sent it: accept, retain, route.

import { NO_PROPERTIES } from '../codec/properties.js';
import { ReasonCode } from '../codec/reason-codes.js';
import type { Sender } from '../message.js';
import type { RoutedMessage } from '../routing/routed-message.js';
import type { Tally } from '../routing/router.js';
import type { Session } from '../session/session.js';
import { reasonOf } from './ack-queue.js';
import type { Core } from './core.js';

/** A reason code of 0x80 or above: refused before it was routed. A promise: acknowledge when it settles. */
export type Outcome = number | Promise<void>;

/** From a client: asks `accept` first. Live routing does not wait for its promise. */
export function publishFrom(
  core: Core,
  message: RoutedMessage,
  sender: Sender,
  session: Session,
): Outcome {
  let accepted: void | Promise<void> = undefined;
  if (core.accept !== undefined) {
    try {
      accepted = core.accept(message, sender);
    } catch (error) {
      core.counters.acceptFailures++;
      return reasonOf(error);
    }
  }
  const retained = message.retain ? retain(core, message, session) : undefined;
  core.router.route(message, session);
  if (typeof retained !== 'object') {
    if (accepted !== undefined) return surviving(core, accepted);
    return retained ?? ReasonCode.success;
  }
  if (accepted === undefined) return surviving(core, retained);
  return surviving(
    core,
    Promise.all([accepted, retained]).then(() => undefined),
  );
}

let lastSurviving: Promise<void> | undefined;

/** Whoever awaits it sees a rejection again; this keeps one that nobody awaits from ending the process. */
function surviving(core: Core, promise: Promise<void>): Promise<void> {
  // A batch's promise comes once per message.
  if (promise === lastSurviving) return promise;
  lastSurviving = promise;
  promise.then(undefined, () => core.counters.acceptFailures++);
  return promise;
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
  const { retained, limits, counters } = core;
  const bytes = message.payloadEnd - message.payloadStart;
  if (bytes === 0) return retained.remove(message.topic); // [MQTT-3.3.1-7]
  const isFull =
    retained.bytes + bytes > limits.maxRetainedBytes ||
    (retained.size >= limits.maxRetainedMessages && retained.find(message.topic) === undefined);
  if (isFull || bytes > limits.maxRetainedPayloadBytes) {
    counters.dropped['retained-full']++;
    const clientId = publisher?.clientId ?? '';
    core.events.emit('dropped', {
      clientId,
      topic: message.topic,
      reason: 'retained-full',
      count: 1,
    });
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
