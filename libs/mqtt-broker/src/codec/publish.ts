// PUBLISH: MQTT 5.0 section 3.3. The hot path: decoded in place, encoded into a slab.

import { malformed, ProtocolError, violation } from '../errors.js';
import type { ProtocolVersion, QoS } from '../message.js';
import type { Topic, TopicTable } from '../topic/topic-name.js';
import { ByteReader } from './byte-reader.js';
import { copyBytes } from './copy-bytes.js';
import type { Framer } from './framer.js';
import type { PublishPacket } from './packets.js';
import {
  encodeProperties,
  In,
  NO_PROPERTIES,
  type Properties,
  readProperties,
} from './properties.js';
import { ReasonCode } from './reason-codes.js';
import type { Slab } from './slab.js';

const NOTHING = Buffer.alloc(0);

export function makePublishPacket(): PublishPacket {
  return {
    type: 'publish',
    topic: undefined,
    topicAlias: 0,
    qos: 0,
    retain: false,
    dup: false,
    packetId: 0,
    properties: NO_PROPERTIES,
    buffer: NOTHING,
    frameStart: 0,
    payloadStart: 0,
    frameEnd: 0,
    version: 4,
  };
}

/** Fills `packet` from the framer's frame. */
export function decodePublish(
  frame: Framer,
  version: ProtocolVersion,
  topics: TopicTable,
  packet: PublishPacket,
): PublishPacket {
  const { buffer, end } = frame;
  const first = buffer[frame.start] as number;
  const qos = (first >> 1) & 3;
  if (qos === 3) throw malformed('QoS is 3'); // [MQTT-3.3.1-4]
  const dup = (first & 8) !== 0;
  if (dup && qos === 0) throw malformed('DUP at QoS 0'); // [MQTT-3.3.1-2]
  let position = frame.bodyStart;
  if (position + 2 > end) throw malformed('packet ends within a field');
  const topicStart = position + 2;
  const topicEnd =
    topicStart + (((buffer[position] as number) << 8) | (buffer[position + 1] as number));
  position = topicEnd;
  if (position + (qos === 0 ? 0 : 2) > end) throw malformed('packet ends within a field');
  packet.packetId = 0;
  if (qos !== 0) {
    packet.packetId = ((buffer[position] as number) << 8) | (buffer[position + 1] as number);
    if (packet.packetId === 0) throw malformed('packet identifier is 0', 'packet-identifier'); // [MQTT-2.2.1-3]
    position += 2;
  }
  packet.properties = NO_PROPERTIES;
  packet.topicAlias = 0;
  if (version === 5) {
    if (position < end && buffer[position] === 0) position++;
    else position = readPublishProperties(buffer, position, end, packet);
  }
  if (topicEnd === topicStart && packet.topicAlias === 0) {
    throw violation('neither a topic name nor a topic alias', 'topic'); // [MQTT-4.7.3-1]
  }
  packet.topic = topicEnd === topicStart ? undefined : topics.resolve(buffer, topicStart, topicEnd);
  packet.qos = qos as QoS;
  packet.retain = (first & 1) !== 0;
  packet.dup = dup;
  packet.buffer = buffer;
  packet.frameStart = frame.start;
  packet.payloadStart = position;
  packet.frameEnd = end;
  packet.version = version;
  return packet;
}

function readPublishProperties(
  buffer: Buffer,
  start: number,
  end: number,
  packet: PublishPacket,
): number {
  const reader = new ByteReader(buffer, start, end);
  const read = readProperties(reader, In.publish);
  if (read.subscriptionIdentifiers !== undefined) {
    throw violation('a client sent a subscription identifier in PUBLISH'); // [MQTT-3.3.4-6]
  }
  checkResponseTopic(read);
  const { topicAlias, ...forwarded } = read;
  if (topicAlias === 0) throw new ProtocolError(ReasonCode.topicAliasInvalid, 'topic alias is 0'); // [MQTT-3.3.2-8]
  packet.topicAlias = topicAlias ?? 0;
  packet.properties = topicAlias === undefined ? read : forwarded;
  return reader.position;
}

/** It will be a topic name: of a PUBLISH or, with a will, of one that we send. */
export function checkResponseTopic({ responseTopic: topic }: Readonly<Properties>): void {
  if (topic === undefined || (topic.length > 0 && !/[+#]/.test(topic))) return;
  throw violation('response topic has a wildcard or is empty'); // [MQTT-3.3.2-14]
}

/** What of a PUBLISH is the same for all receivers. */
export interface PublishContent {
  readonly address: Topic;
  readonly buffer: Buffer;
  readonly payloadStart: number;
  readonly payloadEnd: number;
  readonly content: Readonly<Properties>;
}

/** What of a PUBLISH is one receiver's own. */
export interface PublishHeader {
  /** The topic name behind two length bytes, where this receiver knows it by another. */
  ownTopic?: Buffer | undefined;
  version: ProtocolVersion;
  qos: QoS;
  retain: boolean;
  dup: boolean;
  packetId: number;
  /** 0 for none. */
  topicAlias: number;
  /** Whether the alias already stands for the topic, so that the name is left out. */
  aliasKnown: boolean;
  /** Undefined, or those of the receiver's matching subscriptions. */
  subscriptionIdentifiers: readonly number[] | undefined;
  /** Seconds left of the message, when it has an expiry. */
  messageExpiryInterval: number | undefined;
}

const NO_BYTES = Buffer.from([0]); // [MQTT-2.2.2-1]

/**
 * Writes a PUBLISH into the slab and answers its size; the bytes end at slab.position. Answers 0, having
 * written nothing, when it would be larger than `maxBytes`.
 */
export function encodePublish(
  slab: Slab,
  message: PublishContent,
  header: PublishHeader,
  maxBytes: number,
): number {
  const topic = header.ownTopic ?? message.address.wire;
  const named = !header.aliasKnown;
  const properties = header.version === 5 ? propertyBytes(message.content, header) : undefined;
  const length =
    (named ? topic.length : 2) +
    (header.qos === 0 ? 0 : 2) +
    (properties?.length ?? 0) +
    (message.payloadEnd - message.payloadStart);
  const size = 1 + varintBytes(length) + length;
  if (size > maxBytes) return 0; // [MQTT-3.1.2-24]
  slab.reserve(size);
  const { buffer } = slab;
  let at = slab.position;
  buffer[at++] = 0x30 | (header.dup ? 8 : 0) | (header.qos << 1) | (header.retain ? 1 : 0);
  let rest = length;
  while (rest > 0x7f) {
    buffer[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  buffer[at++] = rest;
  if (named) at = copyBytes(topic, 0, topic.length, buffer, at);
  else {
    buffer[at++] = 0;
    buffer[at++] = 0;
  }
  if (header.qos !== 0) {
    // [MQTT-2.2.1-2]
    buffer[at++] = header.packetId >> 8;
    buffer[at++] = header.packetId & 0xff;
  }
  if (properties !== undefined) at = copyBytes(properties, 0, properties.length, buffer, at);
  slab.position = copyBytes(message.buffer, message.payloadStart, message.payloadEnd, buffer, at);
  return size;
}

/** The property list with its length. */
function propertyBytes(content: Readonly<Properties>, header: PublishHeader): Buffer {
  const { topicAlias, subscriptionIdentifiers, messageExpiryInterval } = header;
  if (content === NO_PROPERTIES && topicAlias === 0 && subscriptionIdentifiers === undefined) {
    return NO_BYTES;
  }
  const all: Properties = { ...content }; // [MQTT-3.3.2-4] [MQTT-3.3.2-15] [MQTT-3.3.2-16] [MQTT-3.3.2-17] [MQTT-3.3.2-20]
  if (topicAlias !== 0) all.topicAlias = topicAlias;
  if (subscriptionIdentifiers !== undefined)
    all.subscriptionIdentifiers = [...subscriptionIdentifiers];
  if (messageExpiryInterval !== undefined) all.messageExpiryInterval = messageExpiryInterval; // [MQTT-3.3.2-6]
  const body = encodeProperties(all);
  const bytes = Buffer.allocUnsafe(varintBytes(body.length) + body.length);
  let at = 0;
  let rest = body.length;
  while (rest > 0x7f) {
    bytes[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  bytes.set(body, at);
  return bytes;
}

function varintBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  return value < 0x200000 ? 3 : 4;
}
