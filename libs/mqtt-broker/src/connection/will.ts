// The will: authorised when it is set and again when it is published.

import { NO_PROPERTIES, type Properties } from '../codec/properties.js';
import type { Will } from '../codec/packets.js';
import { RoutedMessage } from '../routing/routed-message.js';
import type { Core } from './core.js';
import type { Principal } from '../auth/principal.js';
import type { Sender } from '../message.js';
import type { Session } from '../session/session.js';
import type { LeftWill } from '../session/session-registry.js';
import type { StoredWill } from '../storage/storage.js';
import { deny, mayPublish } from './deny.js';
import type { Open } from './phase.js';
import { publishFrom } from './publish-message.js';

/** The will that an ending connection leaves behind, as a thing to publish after its delay. */
export function leaveWill(core: Core, open: Open, ending: { cause: string }): LeftWill | undefined {
  const { will } = open;
  if (will === undefined || ending.cause === 'client-disconnect') return undefined; // [MQTT-3.1.2-10] [MQTT-3.14.4-3] [MQTT3-3.1.2-12]
  open.will = undefined;
  return { stored: toStored(will), publish: () => publishWill(core, open, will) };
}

/** A will in the form in which it is kept. */
export function toStored({ topic, payload, qos, retain, properties }: Will): StoredWill {
  const { willDelayInterval: delaySeconds = 0 } = properties;
  const rest = withoutDelay(properties);
  return { topic: topic.name, payload, qos, retain, properties: rest, delaySeconds };
}

/** Whose will it is. */
interface Testator {
  readonly principal: Principal;
  readonly sender: Sender;
  readonly session: Session;
}

/** Publishes a will, unless its principal may not. */
export function publishWill(core: Core, testator: Testator, will: Will): void {
  const { sender, session, principal: owner } = testator;
  const topic = will.topic.name;
  // The principal may have lost the right since CONNECT.
  if (!mayPublish(owner, topic)) {
    deny(core, sender, 'will', topic);
    return;
  }
  const atMs = core.clock.now();
  const message = new RoutedMessage({
    address: will.topic,
    buffer: will.payload,
    payloadStart: 0,
    payloadEnd: will.payload.length,
    qos: will.qos,
    retain: will.retain, // [MQTT-3.1.2-14] [MQTT-3.1.2-15]
    dup: false,
    content: withoutDelay(will.properties), // [MQTT-3.1.3-10]
    receivedAtMs: atMs,
    kind: 'will',
  });
  void publishFrom(core, message, sender, session);
  const { clientId, principal } = sender;
  core.events.emit('will', { clientId, principal, topic, atMs });
}

function withoutDelay(properties: Readonly<Properties>): Readonly<Properties> {
  if (properties.willDelayInterval === undefined) return properties;
  const { willDelayInterval: _, ...rest } = properties;
  return Object.keys(rest).length === 0 ? NO_PROPERTIES : rest;
}
