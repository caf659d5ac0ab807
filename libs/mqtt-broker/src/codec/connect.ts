// CONNECT and CONNACK: MQTT 5.0 sections 3.1 and 3.2.

import { about, malformed, ProtocolError, violation } from '../errors.js';
import type { ProtocolVersion, QoS } from '../message.js';
import type { TopicTable } from '../topic/topic-name.js';
import { ByteReader } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';
import type { ConnackPacket, ConnectPacket, Will } from './packets.js';
import { In, NO_PROPERTIES, readProperties, writeProperties } from './properties.js';
import { checkResponseTopic } from './publish.js';
import { ReasonCode, toConnackReasonCode, toConnackReturnCode } from './reason-codes.js';

const WILL = 0x04;
const WILL_RETAIN = 0x20;
const PASSWORD = 0x40;
const USER_NAME = 0x80;

/**
 * Reads the protocol name and level. An unknown level answers the version in which to say so;
 * an unknown name is no MQTT at all.
 */
export function decodeProtocolVersion(
  reader: ByteReader,
): ProtocolVersion | { unsupported: 4 | 5 } {
  const name = reader.string();
  const level = reader.uint8();
  // Bridges set the highest bit of a 3.x level, and take it back when they are told return code 1.
  if (name === 'MQIsdp') return level === 3 ? 3 : { unsupported: 4 };
  if (name !== 'MQTT') throw violation('protocol name is not MQTT'); // [MQTT-3.1.2-1]
  if (level === 4 || level === 5) return level;
  return { unsupported: (level & 0x7f) > 5 ? 5 : 4 }; // [MQTT-3.1.2-2]
}

/** Reads a CONNECT from behind its protocol level. */
export function decodeConnect(
  reader: ByteReader,
  protocolVersion: ProtocolVersion,
  topics: TopicTable,
): ConnectPacket {
  const flags = reader.uint8();
  // 3.1 reserves the flag, but does not say what it has to be.
  if ((flags & 1) !== 0 && protocolVersion !== 3) {
    throw malformed('the reserved connect flag is set'); // [MQTT-3.1.2-3]
  }
  if (protocolVersion < 5 && (flags & PASSWORD) !== 0 && (flags & USER_NAME) === 0) {
    throw malformed('password without user name'); // [MQTT3-3.1.2-22]
  }
  const keepAliveSeconds = reader.uint16();
  const properties = protocolVersion === 5 ? readProperties(reader, In.connect) : NO_PROPERTIES;
  if (
    properties.authenticationData !== undefined &&
    properties.authenticationMethod === undefined
  ) {
    throw violation('authentication data without a method');
  }
  const clientId = about('client-identifier', () => reader.string()); // [MQTT-3.1.3-1] [MQTT-3.1.3-3] [MQTT-3.1.3-4]
  const will = readWill(reader, flags, protocolVersion, topics);
  const [username, password] = about('connect-text', () => [
    (flags & USER_NAME) === 0 ? undefined : reader.string(), // [MQTT-3.1.2-16] [MQTT-3.1.2-17] [MQTT-3.1.3-12]
    (flags & PASSWORD) === 0 ? undefined : reader.binary(), // [MQTT-3.1.2-18] [MQTT-3.1.2-19]
  ]);
  reader.expectEnd('CONNECT');
  return {
    type: 'connect',
    protocolVersion,
    cleanStart: (flags & 2) !== 0,
    keepAliveSeconds,
    clientId,
    will,
    username,
    password,
    properties,
  };
}

function readWill(
  reader: ByteReader,
  flags: number,
  protocolVersion: ProtocolVersion,
  topics: TopicTable,
): Will | undefined {
  const qos = (flags >> 3) & 3;
  if ((flags & WILL) === 0) {
    if (qos !== 0 || (flags & WILL_RETAIN) !== 0) throw malformed('will flags without a will'); // [MQTT-3.1.2-11] [MQTT-3.1.2-13]
    return undefined;
  }
  if (qos === 3) throw malformed('will QoS is 3'); // [MQTT-3.1.2-12]
  const properties = protocolVersion === 5 ? readProperties(reader, In.will) : NO_PROPERTIES;
  checkResponseTopic(properties);
  const length = reader.uint16();
  const start = reader.position;
  if (start + length > reader.end) throw malformed('packet ends within a field');
  const topic = about('connect-text', () => topics.resolve(reader.buffer, start, start + length)); // [MQTT-3.1.2-9] [MQTT-3.1.3-11]
  reader.position = start + length;
  const payload = reader.binary();
  return { topic, payload, qos: qos as QoS, retain: (flags & WILL_RETAIN) !== 0, properties };
}

export function encodeConnack(packet: ConnackPacket, version: ProtocolVersion): Buffer {
  const writer = new ByteWriter();
  const sessionPresent = packet.sessionPresent ? 1 : 0; // [MQTT-3.2.2-1]
  if (version === 5) {
    writer.uint8(sessionPresent).uint8(toConnackReasonCode(packet.reasonCode)); // [MQTT-3.2.2-8]
    writeProperties(writer, packet.properties);
  } else {
    // 3.1 reserves the byte in which 3.1.1 says "session present".
    writer.uint8(version === 4 ? sessionPresent : 0).uint8(toConnackReturnCode(packet.reasonCode));
  }
  return writer.finish(0x20);
}

/** What answers a CONNECT of a protocol level that nobody here speaks. */
export function unsupportedVersion(): ProtocolError {
  return new ProtocolError(
    ReasonCode.unsupportedProtocolVersion,
    'protocol level is not supported',
  );
}
