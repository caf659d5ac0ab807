// SUBSCRIBE and UNSUBSCRIBE: each filter judged by itself, retained messages after the SUBACK.

import type {
  SubackPacket,
  SubscribePacket,
  SubscriptionRequest,
  UnsubscribePacket,
} from '../codec/packets.js';
import { ReasonCode } from '../codec/reason-codes.js';
import { NO_PROPERTIES } from '../codec/properties.js';
import { ProtocolError, violation } from '../errors.js';
import type { ResolvedSettings } from '../listener-settings.js';
import type { Subscription } from '../session/session.js';
import type { TopicFilter } from '../topic/topic-filter.js';
import type { Connection } from './connection.js';
import { deny, maySubscribe } from './deny.js';
import { checkFilter } from './dialect.js';
import { parseMounted } from './mount.js';
import type { Open } from './phase.js';
import { replayRetained } from './replay.js';
import { policyOf } from './version-policy.js';

export function receiveSubscribe(
  connection: Connection,
  open: Open,
  packet: SubscribePacket,
): void {
  const identifier = packet.properties.subscriptionIdentifiers?.[0] ?? 0;
  if (identifier !== 0 && !connection.settings.subscriptionIdentifierAvailable) {
    const reason = 'subscription identifiers are not available';
    throw new ProtocolError(ReasonCode.subscriptionIdentifiersNotSupported, reason);
  }
  const reasonCodes: number[] = [];
  const replays: Subscription[] = [];
  for (const request of packet.requests) {
    // [MQTT-3.8.4-5]
    reasonCodes.push(subscribe(connection, open, request, identifier, replays)); // [MQTT-3.8.4-6]
  }
  open.session.afterCommit(() => {
    answer(connection, open, {
      type: 'suback',
      packetId: packet.packetId, // [MQTT-3.8.4-2] [MQTT-2.2.1-6]
      reasonCodes, // [MQTT-3.9.3-1] [MQTT-3.9.2-1] [MQTT-3.9.2-2]
      properties: NO_PROPERTIES,
    });
    replayRetained(connection, open, replays); // [MQTT-3.8.4-4]
  });
}

/** Makes one subscription and answers its reason code. */
function subscribe(
  { core, settings }: Connection,
  { session, principal, sender, version }: Open,
  request: SubscriptionRequest,
  identifier: number,
  replays: Subscription[],
): number {
  const filter = parseMounted(core, settings.mountPoint, request.filter);
  if (settings.dialect === 'mosquitto') checkFilter(request.filter, filter);
  if (filter === undefined) return ReasonCode.topicFilterInvalid;
  if (filter.shareName !== undefined && request.noLocal) {
    throw violation('No Local on a shared subscription'); // [MQTT-3.8.3-4]
  }
  const lack = lackFor(settings, filter);
  if (lack !== undefined) {
    // A v5 client was told.
    if (policyOf(version).refusesByAck) throw lack;
    return lack.reasonCode;
  }
  if (!maySubscribe(principal, filter.filter)) {
    deny(core, sender, 'subscribe', filter.text);
    return ReasonCode.notAuthorized;
  }
  const existed = session.subscriptions.has(filter.text);
  if (!existed && session.subscriptions.size >= core.limits.maxSubscriptionsPerClient) {
    return ReasonCode.quotaExceeded;
  }
  const { noLocal, retainAsPublished, retainHandling } = request;
  const qos = request.qos < settings.maximumQos ? request.qos : settings.maximumQos; // [MQTT-3.2.2-10]
  const subscription = { filter, qos, noLocal, retainAsPublished, identifier };
  session.subscriptions.set(filter.text, subscription); // [MQTT-3.8.4-3]
  core.index.add(session, subscription);
  session.record?.subscribed({ ...subscription, filter: filter.text });
  const wanted = retainHandling === 0 || (retainHandling === 1 && !existed); // [MQTT-3.3.1-9] [MQTT-3.3.1-10] [MQTT-3.3.1-11]
  // Shared subscriptions get no retained messages. (4.8.2)
  if (wanted && filter.shareName === undefined) replays.push(subscription);
  core.events.emit('subscribed', {
    clientId: session.clientId,
    principal,
    filter: filter.text,
    qos,
  });
  return qos; // [MQTT-3.8.4-7] [MQTT-3.9.3-2]
}

/** What kind of subscription the listener has not. */
function lackFor(
  { wildcardSubscriptionAvailable, sharedSubscriptionAvailable }: ResolvedSettings,
  { levels, shareName }: TopicFilter,
): ProtocolError | undefined {
  if (!sharedSubscriptionAvailable && shareName !== undefined) {
    const reason = 'shared subscriptions are not available';
    return new ProtocolError(ReasonCode.sharedSubscriptionsNotSupported, reason);
  }
  if (!wildcardSubscriptionAvailable && levels.some((one) => one === '+' || one === '#')) {
    const reason = 'wildcards are not available';
    return new ProtocolError(ReasonCode.wildcardSubscriptionsNotSupported, reason);
  }
  return undefined;
}

export function receiveUnsubscribe(
  connection: Connection,
  open: Open,
  packet: UnsubscribePacket,
): void {
  const { core, settings } = connection;
  const { session, principal } = open;
  const reasonCodes = packet.filters.map((written) => {
    // [MQTT-3.10.4-6]
    const filter = parseMounted(core, settings.mountPoint, written);
    if (settings.dialect === 'mosquitto') checkFilter(written, filter);
    if (filter === undefined) return ReasonCode.topicFilterInvalid; // [MQTT-3.11.3-2]
    const { text } = filter;
    const subscription = session.subscriptions.get(text); // [MQTT-3.10.4-1]
    if (subscription === undefined) return ReasonCode.noSubscriptionExisted;
    session.subscriptions.delete(text);
    session.record?.unsubscribed(text);
    core.index.remove(session, subscription.filter); // [MQTT-3.10.4-2] [MQTT-3.10.4-3]
    core.events.emit('unsubscribed', { clientId: session.clientId, principal, filter: text });
    return ReasonCode.success;
  });
  session.afterCommit(() =>
    answer(connection, open, {
      type: 'unsuback',
      packetId: packet.packetId, // [MQTT-3.10.4-4] [MQTT-3.10.4-5]
      reasonCodes, // [MQTT-3.11.3-1] [MQTT-3.11.2-1] [MQTT-3.11.2-2]
      properties: NO_PROPERTIES,
    }),
  );
}

/** A client whose Maximum Packet Size has no room for the answer would wait for it for ever. [MQTT-3.8.4-1] [MQTT-3.10.4-4] */
function answer(connection: Connection, open: Open, packet: SubackPacket): void {
  if (connection.phase !== open || connection.effects.send(packet)) return;
  const reason = `${packet.type} is larger than the client's Maximum Packet Size`;
  connection.end({ cause: 'protocol-error', reasonCode: ReasonCode.packetTooLarge, reason });
}
