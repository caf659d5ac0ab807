// Frame to packet: the one switch over packet types.

import { about, malformed, violation } from '../errors.js';
import type { ProtocolVersion } from '../message.js';
import type { TopicTable } from '../topic/topic-name.js';
import { type AckType, decodeAck } from './acks.js';
import { ByteReader } from './byte-reader.js';
import { decodeConnect, decodeProtocolVersion, unsupportedVersion } from './connect.js';
import { decodeAuth, decodeDisconnect } from './disconnect.js';
import type { Framer } from './framer.js';
import type { InboundPacket, PublishPacket } from './packets.js';
import { decodePublish, makePublishPacket } from './publish.js';
import { decodeSubscribe, decodeUnsubscribe } from './subscribe.js';

const PUBLISH = 3;
const AUTH = 15;
const CONNACK = 2;
const FLAGS_0010 = 2;

/** Decodes the frames of one connection; learns its version from CONNECT. */
export class Decoder {
  /** Undefined until a CONNECT said it. */
  version: ProtocolVersion | undefined;
  readonly #topics: TopicTable;
  /** Filled for every PUBLISH. */
  #publish: PublishPacket | undefined;

  constructor(topics: TopicTable) {
    this.#topics = topics;
  }

  /** The framer's frame as a packet. Throws ProtocolError. */
  decode(frame: Framer): InboundPacket {
    const first = frame.buffer[frame.start] as number;
    const { version } = this;
    if (first >> 4 === PUBLISH && version !== undefined) {
      this.#publish ??= makePublishPacket();
      return decodePublish(frame, version, this.#topics, this.#publish);
    }
    const reader = new ByteReader(frame.buffer, frame.bodyStart, frame.end);
    if (version === undefined) return this.#connect(reader, first);
    return decodeOther(reader, first, version);
  }

  #connect(reader: ByteReader, first: number): InboundPacket {
    const version = decodeProtocolVersion(reader);
    // 3.1 does not use them in CONNECT.
    if (first !== 0x10 && version !== 3) throw malformed('the flags of CONNECT are not 0');
    if (typeof version === 'object') {
      this.version = version.unsupported;
      throw unsupportedVersion();
    }
    this.version = version;
    return decodeConnect(reader, version, this.#topics);
  }
}

function decodeOther(reader: ByteReader, first: number, version: ProtocolVersion): InboundPacket {
  const type = first >> 4;
  // Whatever else is wrong with it.
  if (type === CONNACK) throw violation("CONNACK is the server's to send");
  const flags = first & 0x0f;
  const expected = type === 6 || type === 8 || type === 10 ? FLAGS_0010 : 0;
  // 3.1 clients set DUP on what they send again.
  const comparable = version === 3 ? flags & ~8 : flags;
  if (comparable !== expected) {
    const what = `packet type ${type} has flags ${flags}`;
    throw malformed(what, type === AUTH ? 'auth' : undefined); // [MQTT-2.1.3-1] [MQTT-3.6.1-1] [MQTT-3.8.1-1] [MQTT-3.10.1-1] [MQTT-3.14.1-1] [MQTT-3.15.1-1]
  }
  switch (type) {
    case 1:
      throw violation('second CONNECT'); // [MQTT-3.1.0-2]
    case 4:
    case 5:
    case 6:
    case 7:
      return decodeAck(reader, ackTypes[type], version);
    case 8:
      return decodeSubscribe(reader, version);
    case 10:
      return decodeUnsubscribe(reader, version);
    case 12:
      about('ping', () => reader.expectEnd('PINGREQ'));
      return { type: 'pingreq' };
    case 14:
      return decodeDisconnect(reader, version);
    case 15:
      return about('auth', () => decodeAuth(reader, version));
    case 13:
      about('ping', () => reader.expectEnd('PINGRESP'));
      throw violation("PINGRESP is the server's to send");
    default:
      // SUBACK, UNSUBACK
      throw violation(`packet type ${type} is the server's to send`);
  }
}

const ackTypes: Record<4 | 5 | 6 | 7, AckType> = {
  4: 'puback',
  5: 'pubrec',
  6: 'pubrel',
  7: 'pubcomp',
};
