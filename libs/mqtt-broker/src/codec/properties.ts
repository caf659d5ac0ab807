// The properties of MQTT 5.0 section 2.2.2: one table, one reader and one writer over it.

import { malformed, violation } from '../errors.js';
import type { PublishProperties } from '../message.js';
import type { ByteReader } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';

/** Every property that a packet can carry, by name. */
export interface Properties extends PublishProperties {
  subscriptionIdentifiers?: number[];
  sessionExpiryInterval?: number;
  assignedClientIdentifier?: string;
  serverKeepAlive?: number;
  authenticationMethod?: string;
  authenticationData?: Uint8Array;
  requestProblemInformation?: 0 | 1;
  willDelayInterval?: number;
  requestResponseInformation?: 0 | 1;
  responseInformation?: string;
  serverReference?: string;
  reasonString?: string;
  receiveMaximum?: number;
  topicAliasMaximum?: number;
  topicAlias?: number;
  maximumQos?: 0 | 1;
  retainAvailable?: 0 | 1;
  maximumPacketSize?: number;
  wildcardSubscriptionAvailable?: 0 | 1;
  subscriptionIdentifierAvailable?: 0 | 1;
  sharedSubscriptionAvailable?: 0 | 1;
}

/** Shared by every packet without properties. */
export const NO_PROPERTIES: Readonly<Properties> = Object.freeze({});

/** Where a property stands: one bit per packet that has properties, the will's own included. */
export const In = {
  connect: 1,
  connack: 2,
  publish: 4,
  will: 8,
  ack: 16,
  subscribe: 32,
  suback: 64,
  unsubscribe: 128,
  disconnect: 256,
  auth: 512,
} as const;

type Kind =
  'bit' | 'uint16' | 'nonzero16' | 'uint32' | 'nonzero32' | 'varint' | 'string' | 'binary' | 'pair';

interface Definition {
  id: number;
  name: keyof Properties;
  kind: Kind;
  /** Bits of `In`. */
  allowed: number;
}

const message = In.publish | In.will;
const reasons = In.connack | In.ack | In.suback | In.disconnect | In.auth;
const anywhere = reasons | In.connect | message | In.subscribe | In.unsubscribe;

// Table 2-4. The protocol knows no order of properties; in CONNACK they go out in that of Mosquitto, so that who compares
// bytes finds the same. SUBACK and UNSUBACK have the same properties.
const definitions: readonly Definition[] = [
  { id: 0x01, name: 'payloadFormatIndicator', kind: 'bit', allowed: message },
  { id: 0x02, name: 'messageExpiryInterval', kind: 'uint32', allowed: message },
  { id: 0x03, name: 'contentType', kind: 'string', allowed: message },
  { id: 0x08, name: 'responseTopic', kind: 'string', allowed: message },
  { id: 0x09, name: 'correlationData', kind: 'binary', allowed: message },
  { id: 0x0b, name: 'subscriptionIdentifiers', kind: 'varint', allowed: In.publish | In.subscribe },
  { id: 0x13, name: 'serverKeepAlive', kind: 'uint16', allowed: In.connack },
  { id: 0x22, name: 'topicAliasMaximum', kind: 'uint16', allowed: In.connect | In.connack },
  {
    id: 0x11,
    name: 'sessionExpiryInterval',
    kind: 'uint32',
    allowed: In.connect | In.connack | In.disconnect,
  },
  { id: 0x12, name: 'assignedClientIdentifier', kind: 'string', allowed: In.connack },
  {
    id: 0x15,
    name: 'authenticationMethod',
    kind: 'string',
    allowed: In.connect | In.connack | In.auth,
  },
  {
    id: 0x16,
    name: 'authenticationData',
    kind: 'binary',
    allowed: In.connect | In.connack | In.auth,
  },
  { id: 0x17, name: 'requestProblemInformation', kind: 'bit', allowed: In.connect },
  { id: 0x18, name: 'willDelayInterval', kind: 'uint32', allowed: In.will },
  { id: 0x19, name: 'requestResponseInformation', kind: 'bit', allowed: In.connect },
  { id: 0x1a, name: 'responseInformation', kind: 'string', allowed: In.connack },
  { id: 0x1c, name: 'serverReference', kind: 'string', allowed: In.connack | In.disconnect },
  { id: 0x1f, name: 'reasonString', kind: 'string', allowed: reasons },
  { id: 0x23, name: 'topicAlias', kind: 'uint16', allowed: In.publish },
  { id: 0x25, name: 'retainAvailable', kind: 'bit', allowed: In.connack },
  { id: 0x27, name: 'maximumPacketSize', kind: 'nonzero32', allowed: In.connect | In.connack },
  { id: 0x21, name: 'receiveMaximum', kind: 'nonzero16', allowed: In.connect | In.connack },
  { id: 0x24, name: 'maximumQos', kind: 'bit', allowed: In.connack },
  { id: 0x26, name: 'userProperties', kind: 'pair', allowed: anywhere },
  { id: 0x28, name: 'wildcardSubscriptionAvailable', kind: 'bit', allowed: In.connack },
  { id: 0x29, name: 'subscriptionIdentifierAvailable', kind: 'bit', allowed: In.connack },
  { id: 0x2a, name: 'sharedSubscriptionAvailable', kind: 'bit', allowed: In.connack },
];

const byId: readonly (Definition | undefined)[] = Array.from({ length: 0x2b }, (_, id) =>
  definitions.find((definition) => definition.id === id),
);

/** How the value of a property is written; undefined for an identifier that does not exist. */
export function kindOfProperty(id: number): Kind | undefined {
  return byId[id]?.kind;
}

/** Reads a property list with its length. `where` is a bit of `In`. */
export function readProperties(reader: ByteReader, where: number): Readonly<Properties> {
  const length = reader.varint();
  if (length === 0) return NO_PROPERTIES;
  const outerEnd = reader.end;
  const end = reader.position + length;
  if (end > outerEnd) throw malformed('properties are longer than their packet');
  reader.end = end;
  const properties: Partial<Record<keyof Properties, unknown>> = {};
  let stray: string | undefined;
  while (reader.hasMore) {
    const id = reader.varint();
    const definition = byId[id];
    if (definition === undefined) throw malformed(`property 0x${id.toString(16)} does not exist`);
    if ((definition.allowed & where) === 0) stray = definition.name;
    readOne(reader, definition, where, properties);
  }
  reader.end = outerEnd;
  // Behind what makes the list unreadable.
  if (stray !== undefined) {
    const isSubscription = (where & (In.subscribe | In.unsubscribe)) !== 0;
    const what = `property ${stray} does not belong in this packet`;
    throw malformed(what, isSubscription ? undefined : 'property');
  }
  return properties as Properties;
}

function readOne(
  reader: ByteReader,
  { name, kind }: Definition,
  where: number,
  properties: Partial<Record<keyof Properties, unknown>>,
): void {
  const before = properties[name];
  if (kind === 'pair') {
    const pair = [reader.string(), reader.string()] as const; // [MQTT-1.5.7-1]
    if (before === undefined) properties[name] = [pair];
    else (before as (typeof pair)[]).push(pair);
    return;
  }
  // A SUBSCRIBE has one subscription identifier; only a server's PUBLISH repeats it.
  if (kind === 'varint' && where === In.publish && before !== undefined) {
    (before as number[]).push(readNumber(reader, name, kind));
    return;
  }
  if (before !== undefined) throw violation(`property ${name} appears twice`);
  if (kind === 'string')
    properties[name] = reader.string(); // [MQTT-3.3.2-13] [MQTT-3.3.2-19]
  else if (kind === 'binary') properties[name] = reader.binary();
  else if (kind === 'varint') properties[name] = [readNumber(reader, name, kind)];
  else properties[name] = readNumber(reader, name, kind);
}

type NumberKind = Exclude<Kind, 'pair' | 'string' | 'binary'>;

const numberReaders: Record<NumberKind, (reader: ByteReader) => number> = {
  bit: (reader) => reader.uint8(),
  uint16: (reader) => reader.uint16(),
  nonzero16: (reader) => reader.uint16(),
  uint32: (reader) => reader.uint32(),
  nonzero32: (reader) => reader.uint32(),
  varint: (reader) => reader.varint(),
};
const neverZero: ReadonlySet<Kind> = new Set(['nonzero16', 'nonzero32', 'varint']);

function readNumber(reader: ByteReader, name: string, kind: NumberKind): number {
  const value = numberReaders[kind](reader);
  if (kind === 'bit' && value > 1) throw violation(`property ${name} must be 0 or 1`);
  if (value === 0 && neverZero.has(kind)) {
    const about = kind === 'varint' ? 'subscription' : undefined;
    throw violation(`property ${name} must not be 0`, about);
  }
  return value;
}

// What a user property costs beside its characters: an array and two strings (measured).
const PAIR_BYTES = 120;

/** About the bytes of memory that the properties of a message hold, so that they count where its payload does. */
export function heldBytesOf(properties: Readonly<PublishProperties>): number {
  if (properties === NO_PROPERTIES) return 0;
  const { contentType, responseTopic, correlationData, userProperties } = properties;
  let bytes =
    (contentType?.length ?? 0) + (responseTopic?.length ?? 0) + (correlationData?.length ?? 0);
  for (const [name, value] of userProperties ?? []) {
    bytes += PAIR_BYTES + name.length + value.length;
  }
  return bytes;
}

/** Writes a property list with its length, in the table's order. */
export function writeProperties(writer: ByteWriter, properties: Readonly<Properties>): void {
  if (properties === NO_PROPERTIES) {
    writer.uint8(0);
    return;
  }
  const body = encodeProperties(properties);
  writer.varint(body.length).bytes(body);
}

/** A property list without its length. */
export function encodeProperties(properties: Readonly<Properties>): Buffer {
  const writer = new ByteWriter();
  for (const definition of definitions) {
    const value = properties[definition.name];
    if (value !== undefined) writeOne(writer, definition, value);
  }
  return writer.body();
}

function writeOne(
  writer: ByteWriter,
  { id, kind }: Definition,
  value: NonNullable<Properties[keyof Properties]>,
): void {
  switch (kind) {
    case 'bit':
      writer.uint8(id).uint8(value as number);
      return;
    case 'uint16':
    case 'nonzero16':
      writer.uint8(id).uint16(value as number);
      return;
    case 'uint32':
    case 'nonzero32':
      writer.uint8(id).uint32(value as number);
      return;
    case 'varint':
      for (const one of value as number[]) writer.uint8(id).varint(one);
      return;
    case 'string':
      writer.uint8(id).string(value as string);
      return;
    case 'binary':
      writer.uint8(id).binary(value as Uint8Array);
      return;
    case 'pair':
      for (const [name, text] of value as [string, string][]) {
        // [MQTT-3.3.2-18]
        writer.uint8(id).string(name).string(text);
      }
      return;
  }
}
