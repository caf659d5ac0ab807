// Says what is in a packet, in either direction, as far as it can be read. Judges nothing: that is the broker's.

import { ByteReader } from '../codec/byte-reader.js';
import { In, NO_PROPERTIES, type Properties, readProperties } from '../codec/properties.js';
import { ProtocolError } from '../errors.js';
import type { ProtocolVersion, QoS } from '../message.js';
import type { PacketFields, PacketType, TracedMessage } from './trace.js';

const types: readonly PacketType[] = [
  'reserved',
  'connect',
  'connack',
  'publish',
  'puback',
  'pubrec',
  'pubrel',
  'pubcomp',
  'subscribe',
  'suback',
  'unsubscribe',
  'unsuback',
  'pingreq',
  'pingresp',
  'disconnect',
  'auth',
];

export function typeOf(bytes: Buffer): PacketType {
  return types[(bytes[0] ?? 0) >> 4] ?? 'reserved';
}

/** What one packet says. */
export interface Told {
  type: PacketType;
  fields: PacketFields;
  problem?: string;
}

/** Tells the packets of one connection in order: remembers its version and its topic aliases. */
export class PacketTeller {
  version: ProtocolVersion | undefined;
  readonly #payloadBytes: number;
  readonly #aliases = { in: new Map<number, string>(), out: new Map<number, string>() };

  constructor(version: ProtocolVersion | undefined, payloadBytes: number) {
    this.version = version;
    this.#payloadBytes = payloadBytes;
  }

  tell(bytes: Buffer, direction: 'in' | 'out'): Told {
    const type = typeOf(bytes);
    const fields: PacketFields = {};
    try {
      const reader = new ByteReader(bytes, 1, bytes.length);
      reader.varint();
      this.#read(type, reader, fields, direction);
      return { type, fields };
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      return { type, fields, problem: error.message };
    }
  }

  #read(type: PacketType, reader: ByteReader, fields: PacketFields, direction: 'in' | 'out'): void {
    switch (type) {
      case 'connect':
        this.#connect(reader, fields);
        return;
      case 'connack':
        fields.sessionPresent = reader.uint8() === 1;
        fields.reasonCode = reader.uint8();
        this.#properties(reader, fields, In.connack);
        return;
      case 'publish':
        this.#publish(reader, fields, direction);
        return;
      case 'puback':
      case 'pubrec':
      case 'pubrel':
      case 'pubcomp':
        fields.packetId = reader.uint16();
        this.#reason(reader, fields, In.ack);
        return;
      case 'subscribe':
      case 'unsubscribe':
        this.#filters(type, reader, fields);
        return;
      case 'suback':
      case 'unsuback':
        fields.packetId = reader.uint16();
        this.#properties(reader, fields, In.suback);
        fields.reasonCodes = [];
        while (reader.hasMore) fields.reasonCodes.push(reader.uint8());
        return;
      case 'disconnect':
        this.#reason(reader, fields, In.disconnect);
        return;
      case 'auth':
        this.#reason(reader, fields, In.auth);
        return;
      case 'pingreq':
      case 'pingresp':
      case 'reserved':
        return;
    }
  }

  #connect(reader: ByteReader, fields: PacketFields): void {
    reader.string();
    fields.protocolVersion = reader.uint8();
    if (fields.protocolVersion >= 3 && fields.protocolVersion <= 5) {
      this.version = fields.protocolVersion as ProtocolVersion;
    }
    const flags = reader.uint8();
    fields.cleanStart = (flags & 2) !== 0;
    fields.keepAliveSeconds = reader.uint16();
    this.#properties(reader, fields, In.connect);
    fields.clientId = reader.string();
    if ((flags & 4) !== 0) fields.will = this.#will(reader, flags);
    if ((flags & 0x80) !== 0) fields.username = reader.string();
    fields.hasPassword = (flags & 0x40) !== 0;
  }

  #will(reader: ByteReader, flags: number): TracedMessage {
    const properties = this.version === 5 ? readProperties(reader, In.will) : NO_PROPERTIES;
    const topic = reader.string();
    const payload = reader.binary();
    return {
      topic,
      qos: ((flags >> 3) & 3) as QoS,
      retain: (flags & 0x20) !== 0,
      payloadBytes: payload.length,
      payload: payload.subarray(0, this.#payloadBytes),
      properties,
    };
  }

  #publish(reader: ByteReader, fields: PacketFields, direction: 'in' | 'out'): void {
    const { buffer } = reader;
    const first = buffer[0] ?? 0;
    fields.dup = (first & 8) !== 0;
    fields.qos = (first >> 1) & 3;
    fields.retain = (first & 1) !== 0;
    fields.topic = reader.string();
    if (fields.qos > 0) fields.packetId = reader.uint16();
    this.#properties(reader, fields, In.publish);
    const alias = fields.properties?.topicAlias;
    if (alias !== undefined) {
      const aliases = this.#aliases[direction];
      if (fields.topic === '') fields.topic = aliases.get(alias) ?? '';
      else aliases.set(alias, fields.topic);
    }
    fields.payloadBytes = reader.end - reader.position;
    fields.payload = buffer.subarray(
      reader.position,
      Math.min(reader.end, reader.position + this.#payloadBytes),
    );
  }

  #filters(type: 'subscribe' | 'unsubscribe', reader: ByteReader, fields: PacketFields): void {
    fields.packetId = reader.uint16();
    this.#properties(reader, fields, type === 'subscribe' ? In.subscribe : In.unsubscribe);
    if (type === 'subscribe') {
      fields.subscriptions = [];
      while (reader.hasMore) {
        const filter = reader.string();
        const options = reader.uint8();
        fields.subscriptions.push({
          filter,
          qos: (options & 3) as QoS,
          noLocal: (options & 4) !== 0,
          retainAsPublished: (options & 8) !== 0,
          retainHandling: ((options >> 4) & 3) as 0 | 1 | 2,
        });
      }
    } else {
      fields.filters = [];
      while (reader.hasMore) fields.filters.push(reader.string());
    }
  }

  /** A reason code and properties, either of which may be left out. */
  #reason(reader: ByteReader, fields: PacketFields, where: number): void {
    if (this.version !== 5) return;
    fields.reasonCode = reader.hasMore ? reader.uint8() : 0;
    if (reader.hasMore) this.#properties(reader, fields, where);
  }

  #properties(reader: ByteReader, fields: PacketFields, where: number): void {
    if (this.version !== 5) return;
    const read: Properties = { ...readProperties(reader, where) };
    if (read.authenticationData !== undefined) {
      fields.authenticationDataBytes = read.authenticationData.length;
      delete read.authenticationData;
    }
    if (Object.keys(read).length > 0) fields.properties = read;
  }
}
