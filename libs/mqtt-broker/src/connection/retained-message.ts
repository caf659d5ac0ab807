import type { RetainedMessage } from '../retained/in-memory-retained-store.js';
import { RoutedMessage } from '../routing/routed-message.js';
import type { Core } from './core.js';

/** A retained message as a message to deliver; its expiry counts from when it was stored. */
export function toMessage(core: Core, retained: RetainedMessage): RoutedMessage {
  const { payload } = retained;
  return new RoutedMessage({
    address: core.topics.resolveName(retained.topic),
    buffer: payload,
    payloadStart: 0,
    payloadEnd: payload.length,
    qos: retained.qos,
    retain: true,
    dup: false,
    content: retained.properties,
    receivedAtMs: retained.storedAtMs,
    kind: 'publish',
  });
}
