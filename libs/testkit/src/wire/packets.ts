// The packets that a client sends, as bytes. Every field has a valid default; a test states only what
// matters to it. Nothing is checked: packet identifier 0 or QoS 3 are written as asked.

import { lengthPrefixed, number, variableByteInteger } from './notation.js';
import { propertyBytes, type Properties } from './properties.js';

/** The protocol levels of MQTT 3.1, 3.1.1 and 5.0. */
export type Version = 3 | 4 | 5;

export interface WillFields {
  topic: string;
  payload?: string | Uint8Array;
  qos?: number;
  retain?: boolean;
  properties?: Properties;
}

export interface ConnectFields {
  version?: Version;
  clientId?: string;
  /** Clean Session in 3.x. Default true. */
  cleanStart?: boolean;
  /** Default 0: never times out. */
  keepAliveSeconds?: number;
  properties?: Properties;
  will?: WillFields;
  username?: string;
  password?: string | Uint8Array;
}

export interface PublishFields {
  topic: string;
  payload?: string | Uint8Array;
  qos?: number;
  packetId?: number;
  retain?: boolean;
  dup?: boolean;
  properties?: Properties;
}

/** One topic filter of a SUBSCRIBE; a bare string asks for QoS 0. */
export type SubscriptionFields =
  | string
  | {
      filter: string;
      qos?: number;
      noLocal?: boolean;
      retainAsPublished?: boolean;
      retainHandling?: number;
    };

/** A packet: the first byte, then everything else after its length. */
export function packet(firstByte: number, ...parts: (Uint8Array | number)[]): Buffer {
  const rest = Buffer.concat(
    parts.map((part) => (typeof part === 'number' ? number(part, 1) : part)),
  );
  return Buffer.concat([number(firstByte, 1), variableByteInteger(rest.length), rest]);
}

export function connect(fields: ConnectFields = {}): Buffer {
  const { version = 5, clientId = '', cleanStart = true, will, username, password } = fields;
  const willFlags =
    will === undefined ? 0 : 0x04 | ((will.qos ?? 0) << 3) | (will.retain === true ? 0x20 : 0);
  const flags =
    (cleanStart ? 0x02 : 0) |
    willFlags |
    (password === undefined ? 0 : 0x40) |
    (username === undefined ? 0 : 0x80);
  const parts: (Uint8Array | number)[] = [
    lengthPrefixed(version === 3 ? 'MQIsdp' : 'MQTT'),
    version,
    flags,
    number(fields.keepAliveSeconds ?? 0, 2),
    ...propertyBlock(version, fields.properties),
    lengthPrefixed(clientId),
  ];
  if (will !== undefined) {
    parts.push(...propertyBlock(version, will.properties));
    parts.push(lengthPrefixed(will.topic), lengthPrefixed(will.payload ?? ''));
  }
  if (username !== undefined) parts.push(lengthPrefixed(username));
  if (password !== undefined) parts.push(lengthPrefixed(password));
  return packet(0x10, ...parts);
}

export function publish(version: Version, fields: PublishFields): Buffer {
  const { topic, payload = '', qos = 0, packetId = 1 } = fields;
  const flags = (fields.dup === true ? 8 : 0) | (qos << 1) | (fields.retain === true ? 1 : 0);
  return packet(
    0x30 | flags,
    lengthPrefixed(topic),
    ...(qos > 0 ? [number(packetId, 2)] : []),
    ...propertyBlock(version, fields.properties),
    Buffer.from(payload as Uint8Array),
  );
}

/** The four acknowledgements of a PUBLISH by name. */
export const acknowledgements = { puback: 0x40, pubrec: 0x50, pubrel: 0x62, pubcomp: 0x70 };

/** A PUBACK, PUBREC, PUBREL or PUBCOMP; a reason code (5.0 only) is written when it is given. */
export function acknowledgement(
  kind: keyof typeof acknowledgements,
  packetId: number,
  reasonCode?: number,
): Buffer {
  const firstByte = acknowledgements[kind];
  return reasonCode === undefined
    ? packet(firstByte, number(packetId, 2))
    : packet(firstByte, number(packetId, 2), reasonCode);
}

export function subscribe(
  version: Version,
  packetId: number,
  subscriptions: readonly SubscriptionFields[],
  properties?: Properties,
): Buffer {
  return packet(
    0x82,
    number(packetId, 2),
    ...propertyBlock(version, properties),
    ...subscriptions.map(subscriptionBytes),
  );
}

export function unsubscribe(
  version: Version,
  packetId: number,
  filters: readonly string[],
  properties?: Properties,
): Buffer {
  return packet(
    0xa2,
    number(packetId, 2),
    ...propertyBlock(version, properties),
    ...filters.map(lengthPrefixed),
  );
}

export function pingreq(): Buffer {
  return packet(0xc0);
}

/** A DISCONNECT; reason code and properties are those of 5.0. */
export function disconnect(reasonCode?: number, properties?: Properties): Buffer {
  if (reasonCode === undefined) return packet(0xe0);
  if (properties === undefined) return packet(0xe0, reasonCode);
  return packet(0xe0, reasonCode, propertyBytes(properties));
}

export function auth(reasonCode: number, properties?: Properties): Buffer {
  return packet(0xf0, reasonCode, propertyBytes(properties));
}

function subscriptionBytes(subscription: SubscriptionFields): Buffer {
  const fields = typeof subscription === 'string' ? { filter: subscription } : subscription;
  const options =
    (fields.qos ?? 0) |
    (fields.noLocal === true ? 0x04 : 0) |
    (fields.retainAsPublished === true ? 0x08 : 0) |
    ((fields.retainHandling ?? 0) << 4);
  return Buffer.concat([lengthPrefixed(fields.filter), number(options, 1)]);
}

function propertyBlock(version: Version, properties: Properties | undefined): Buffer[] {
  return version === 5 ? [propertyBytes(properties)] : [];
}
