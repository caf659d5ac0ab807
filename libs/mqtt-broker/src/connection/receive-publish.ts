// PUBLISH: resolve the alias, validate, authorise, accept, retain, route, acknowledge. In that order.

import type { PublishPacket } from '../codec/packets.js';
import { ReasonCode } from '../codec/reason-codes.js';
import { malformed, ProtocolError } from '../errors.js';
import type { ResolvedSettings } from '../listener-settings.js';
import { RoutedMessage } from '../routing/routed-message.js';
import type { Topic } from '../topic/topic-name.js';
import type { Outcome } from './acceptance.js';
import { AckQueue } from './ack-queue.js';
import type { Connection } from './connection.js';
import type { Core } from './core.js';
import { deny, mayPublish } from './deny.js';
import { mountTopic } from './mount.js';
import type { Open } from './phase.js';
import { publishFrom } from './publish-message.js';
import { policyOf } from './version-policy.js';

export function receivePublish(connection: Connection, open: Open, packet: PublishPacket): void {
  const { core, settings } = connection;
  checkAvailable(settings, packet);
  if (settings.dialect === 'mosquitto') checkTopic(packet);
  const topic = mountTopic(core, settings.mountPoint, resolveAlias(connection, open, packet));
  core.counters.messagesIn[packet.qos]++;
  const bytes = packet.frameEnd - packet.payloadStart;
  core.counters.payloadBytesIn += bytes;
  const isTooLarge = bytes > settings.maxPayloadBytes;
  if (packet.qos === 0) {
    if (isTooLarge) core.drops.report(open.session.clientId, topic.name, 'payload-too-large');
    else if (isAllowed(connection, open, topic)) {
      void publishFrom(core, toMessage(connection, packet, topic), open.sender, open.session);
    } else void refuseDenied(connection, open);
    return;
  }
  if (packet.qos === 2 && open.session.incoming.has(packet.packetId)) {
    repeatPubrec(connection, open, packet.packetId); // [MQTT-4.3.3-10]
    holdBack(connection, open);
    return;
  }
  admit(connection, open, packet.qos);
  const { qos, packetId } = packet;
  if (isTooLarge) {
    core.drops.report(open.session.clientId, topic.name, 'payload-too-large');
    answer(connection, open, qos, packetId, 0, noFor(open, ReasonCode.quotaExceeded));
    return;
  }
  if (!isAllowed(connection, open, topic)) {
    if (refuseDenied(connection, open) === 'ended') return;
    answer(connection, open, qos, packetId, 0, noFor(open, ReasonCode.notAuthorized));
    return;
  }
  const message = toMessage(connection, packet, topic);
  // Its own copy of a QoS 2 message comes behind the PUBREC, as it does from brokers that wait for the PUBREL.
  if (qos === 2) open.session.hold();
  try {
    publish(connection, open, message, qos, packetId, bytes);
  } finally {
    if (qos === 2) open.session.release();
  }
  const pressed = core.router.takePressed();
  // One's own acknowledgements must be read, or the wait would never end.
  if (pressed !== undefined && pressed !== open.session) connection.waitFor(pressed);
}

/** Accept, retain, route, and acknowledge in turn. */
function publish(
  connection: Connection,
  open: Open,
  message: RoutedMessage,
  qos: 1 | 2,
  packetId: number,
  bytes: number,
): void {
  const { core, settings } = connection;
  const before = core.journal.position;
  const accepted = publishFrom(core, message, open.sender, open.session);
  const isRefused = typeof accepted === 'number' && accepted >= 0x80;
  if (qos === 2 && !isRefused) open.session.record?.received(packetId);
  const outcome = core.journal.position === before ? accepted : afterCommit(core, accepted);
  const nobody = qos === 1 && settings.tellsNoSubscribers && !core.router.hadReceivers;
  const success = nobody ? ReasonCode.noMatchingSubscribers : ReasonCode.success;
  answer(connection, open, qos, packetId, bytes, outcome, success);
}

/** Of characters that should not be there, Mosquitto's choice. (1.5.4) */
function checkTopic({ topic }: PublishPacket): void {
  if (topic?.isDiscouraged === true) throw malformed('topic name has a control character');
}

/** What the client was told that it cannot have; 3.x is disconnected without a word. */
function checkAvailable(
  { maximumQos, retainAvailable }: ResolvedSettings,
  { qos, retain }: PublishPacket,
): void {
  if (qos > maximumQos) {
    throw new ProtocolError(ReasonCode.qosNotSupported, `QoS is above ${maximumQos}`); // [MQTT-3.2.2-11]
  }
  if (retain && !retainAvailable) {
    throw new ProtocolError(ReasonCode.retainNotSupported, 'no message is retained here'); // [MQTT-3.2.2-14]
  }
}

/** What the message left to be kept must be durable too. A refusal before it was routed left nothing. */
function afterCommit(core: Core, outcome: Outcome): Outcome {
  if (typeof outcome !== 'number') return core.acceptance.both(outcome, core.journal.committed());
  return outcome < 0x80 ? core.journal.committed() : outcome;
}

/** The one function from outcome to acknowledgement: PUBACK or PUBREC, in turn, after acceptance. */
function answer(
  connection: Connection,
  open: Open,
  qos: 1 | 2,
  packetId: number,
  bytes: number,
  outcome: Outcome,
  success: number = ReasonCode.success,
): void {
  const promise = typeof outcome === 'number' ? undefined : outcome;
  if (qos === 2) open.session.incoming.set(packetId, promise); // [MQTT-4.3.2-5]
  const acks = acksOf(connection, open);
  if (typeof outcome === 'number') acks.addSettled(qos, packetId, outcome || success);
  else acks.add(qos, packetId, bytes, outcome, success);
  holdBack(connection, open);
}

function acksOf(connection: Connection, open: Open): AckQueue {
  open.acks ??= new AckQueue(
    (qos, packetId, reasonCode) => finishPublish(connection, open, qos, packetId, reasonCode),
    () => connection.resumeReading(),
    () => {
      connection.core.ackPatience.watch();
      return connection.lastReceivedAtMs;
    },
  );
  return open.acks;
}

/** Also what was refused at once, or sent again, waits for its turn behind an open acceptance. */
function holdBack(connection: Connection, { acks }: Open): void {
  if (acks === undefined || acks.pending === 0) return;
  const { maxPendingAccepts, maxPendingAcceptBytes } = connection.core.limits;
  if (acks.pending >= maxPendingAccepts || acks.pendingBytes >= maxPendingAcceptBytes) {
    connection.pauseReading();
  }
}

/** The acknowledgement's turn has come. */
function finishPublish(
  connection: Connection,
  open: Open,
  qos: 1 | 2,
  packetId: number,
  reasonCode: number,
): void {
  const refused = reasonCode >= 0x80;
  const { incoming } = open.session;
  // Also when the connection is gone by now: the session goes on without it.
  if (qos === 2 && refused) {
    if (incoming.get(packetId) !== undefined) open.session.record?.released(packetId);
    incoming.delete(packetId); // [MQTT-4.3.3-9]
  } else if (qos === 2 && incoming.has(packetId)) incoming.set(packetId, undefined);
  if (connection.phase !== open) return;
  const { core, effects } = connection;
  if (refused && !policyOf(open.version).refusesByAck) {
    // 3.x cannot say no: silence, so that the client keeps the message, or (by option) a false yes.
    if (core.refusedPublish3 === 'disconnect') {
      connection.end({ cause: 'message-refused', reasonCode });
      return;
    }
  }
  effects.acknowledge(qos === 1 ? 'puback' : 'pubrec', packetId, reasonCode); // [MQTT-3.3.4-1] [MQTT-4.3.2-4] [MQTT-4.3.3-8]
}

function repeatPubrec(connection: Connection, open: Open, packetId: number): void {
  const promise = open.session.incoming.get(packetId);
  // While its acceptance is open on this connection, the first PUBREC is still to come.
  acksOf(connection, open).add(2, packetId, 0, promise);
}

function resolveAlias(connection: Connection, open: Open, packet: PublishPacket): Topic {
  const { topic, topicAlias } = packet;
  if (topicAlias === 0 && topic !== undefined) return topic;
  if (topicAlias > connection.settings.topicAliasMaximum) {
    throw new ProtocolError(ReasonCode.topicAliasInvalid, 'topic alias is over the maximum'); // [MQTT-3.3.2-9]
  }
  if (topic !== undefined) {
    open.aliases.set(topicAlias, topic); // [MQTT-3.3.2-12]
    return topic;
  }
  const known = open.aliases.get(topicAlias);
  if (known === undefined) {
    throw new ProtocolError(ReasonCode.protocolError, 'topic alias is not known');
  }
  return known;
}

function isAllowed({ core }: Connection, open: Open, topic: Topic): boolean {
  const { name } = topic;
  if (mayPublish(open.principal, name)) return true;
  deny(core, open.sender, 'publish', name);
  return false;
}

function refuseDenied(connection: Connection, { version }: Open): 'ended' | 'goes on' {
  const disconnects = connection.core.deniedPublish3 === 'disconnect';
  if (!disconnects || policyOf(version).refusesByAck) return 'goes on';
  connection.end({ cause: 'not-authorized', reasonCode: ReasonCode.notAuthorized }); // [MQTT3-3.3.5-2]
  return 'ended';
}

/** What answers a message that goes nowhere: 3.x cannot say no. */
function noFor({ version }: Open, reasonCode: number): number {
  return policyOf(version).refusesByAck ? reasonCode : ReasonCode.success;
}

/** One more QoS 1 or 2 message of this client is open: within Receive Maximum? */
function admit({ core, settings }: Connection, open: Open, qos: 1 | 2): void {
  const { incoming } = open.session;
  const outstanding = (open.acks?.pendingQos1 ?? 0) + incoming.size;
  const over =
    outstanding >= settings.receiveMaximum &&
    policyOf(open.version).knowsReceiveMaximum &&
    core.receiveMaximumExceeded === 'disconnect'; // [MQTT-3.3.4-7]
  if (over || (qos === 2 && incoming.size >= core.limits.maxIncomingQos2)) {
    const message = `${outstanding} messages are unacknowledged already`;
    throw new ProtocolError(ReasonCode.receiveMaximumExceeded, message);
  }
}

function toMessage(connection: Connection, packet: PublishPacket, topic: Topic): RoutedMessage {
  const message = new RoutedMessage({
    address: topic,
    buffer: packet.buffer,
    payloadStart: packet.payloadStart,
    payloadEnd: packet.frameEnd,
    qos: packet.qos,
    retain: packet.retain,
    dup: packet.dup,
    content: packet.properties,
    // The chunk's own time: asking the clock per message costs a tenth of the throughput.
    receivedAtMs: connection.lastReceivedAtMs,
    kind: 'publish',
  });
  // What came in as QoS 0 without more is, byte for byte, what goes out.
  if (isPlain(packet) && connection.settings.mountPoint === '') {
    const frame = { buffer: packet.buffer, start: packet.frameStart, end: packet.frameEnd };
    message.shareFrame(packet.version, frame);
  }
  return message;
}

function isPlain({ qos, retain, topicAlias }: PublishPacket): boolean {
  return qos === 0 && !retain && topicAlias === 0;
}
