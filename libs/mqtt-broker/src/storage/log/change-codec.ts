// Changes to bytes and back. Pure. The form is the log's own; its first byte says which change it is.

import { ByteReader } from '../../codec/byte-reader.js';
import { ByteWriter } from '../../codec/byte-writer.js';
import { In, NO_PROPERTIES, readProperties, writeProperties } from '../../codec/properties.js';
import type { PublishProperties, QoS } from '../../message.js';
import type {
  Change,
  DeliveryStep,
  StoredDelivery,
  StoredMessage,
  StoredSubscription,
  StoredWill,
} from '../storage.js';

const types = [
  'session',
  'session-end',
  'subscription',
  'subscription-end',
  'message',
  'message-end',
  'delivery',
  'delivery-end',
  'incoming',
  'incoming-end',
  'retained',
  'retained-end',
] as const satisfies readonly Change['type'][];
const steps: readonly DeliveryStep[] = ['turn', 'puback', 'pubrec', 'pubcomp'];

/** Writes one change behind what the writer holds. */
export function writeChange(writer: ByteWriter, change: Change): void {
  writer.uint8(types.indexOf(change.type));
  switch (change.type) {
    case 'session': {
      const { key, clientId, principalId, expirySeconds, disconnectedAtMs, will } = change.session;
      text(writer, key).string(clientId);
      text(writer, principalId);
      number(writer, expirySeconds);
      number(writer, disconnectedAtMs ?? -1);
      writer.uint8(will === undefined ? 0 : 1);
      if (will !== undefined) {
        writeContent(writer, will);
        number(writer, will.delaySeconds);
      }
      return;
    }
    case 'session-end':
      text(writer, change.key);
      return;
    case 'subscription': {
      const { filter, qos, noLocal, retainAsPublished, identifier } = change.subscription;
      const options = qos | (noLocal ? 4 : 0) | (retainAsPublished ? 8 : 0);
      text(writer, change.key).string(filter).uint8(options).uint32(identifier);
      return;
    }
    case 'subscription-end':
      text(writer, change.key).string(change.filter);
      return;
    case 'message':
      number(writer, change.id);
      writeContent(writer, change.message);
      number(writer, change.message.receivedAtMs);
      return;
    case 'message-end':
      number(writer, change.id);
      return;
    case 'delivery':
      writeDelivery(writer, change.delivery);
      return;
    case 'delivery-end':
      text(writer, change.key);
      number(writer, change.id);
      return;
    case 'incoming':
    case 'incoming-end':
      text(writer, change.key).uint16(change.packetId);
      return;
    case 'retained': {
      const { storedAtMs, publisher } = change.message;
      writeContent(writer, { ...change.message, retain: true });
      number(writer, storedAtMs);
      text(writer, publisher ?? '');
      return;
    }
    case 'retained-end':
      writer.string(change.topic);
      return;
  }
}

function writeDelivery(writer: ByteWriter, delivery: StoredDelivery): void {
  const { id, key, messageId, qos, retain, subscriptionIdentifiers = [], share } = delivery;
  text(writer, key);
  number(writer, id);
  number(writer, messageId);
  writer.uint8(qos | (retain ? 4 : 0) | (steps.indexOf(delivery.step) << 3));
  writer
    .uint16(delivery.packetId)
    .string(share ?? '')
    .uint16(subscriptionIdentifiers.length);
  for (const identifier of subscriptionIdentifiers) writer.uint32(identifier);
}

type Content = Pick<StoredMessage, 'topic' | 'payload' | 'qos' | 'retain' | 'properties'>;

function writeContent(
  writer: ByteWriter,
  { topic, payload, qos, retain, properties }: Content,
): void {
  writer.string(topic).uint8(qos | (retain ? 4 : 0));
  writeProperties(writer, Object.keys(properties).length === 0 ? NO_PROPERTIES : properties);
  writer.uint32(payload.length).bytes(payload);
}

/** Keys and principals may be longer than an MQTT string. */
function text(writer: ByteWriter, value: string): ByteWriter {
  const bytes = Buffer.from(value);
  return writer.uint32(bytes.length).bytes(bytes);
}

/** Times and numbers of messages outgrow 32 bits. */
function number(writer: ByteWriter, value: number): void {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeDoubleBE(value);
  writer.bytes(bytes);
}

/** Reads the next change. Throws when the bytes are none. */
export function readChange(reader: ByteReader): Change {
  const type = types[reader.uint8()];
  if (type === undefined) throw new Error('unknown change');
  return readers[type](reader);
}

const readers: Record<Change['type'], (reader: ByteReader) => Change> = {
  session: (reader) => ({ type: 'session', session: readSession(reader) }),
  'session-end': (reader) => ({ type: 'session-end', key: readText(reader) }),
  subscription: (reader) => ({
    type: 'subscription',
    key: readText(reader),
    subscription: readSubscription(reader),
  }),
  'subscription-end': (reader) => ({
    type: 'subscription-end',
    key: readText(reader),
    filter: reader.string(),
  }),
  message: (reader) => ({
    type: 'message',
    id: readNumber(reader),
    message: { ...readContent(reader), receivedAtMs: readNumber(reader) },
  }),
  'message-end': (reader) => ({ type: 'message-end', id: readNumber(reader) }),
  delivery: (reader) => ({ type: 'delivery', delivery: readDelivery(reader) }),
  'delivery-end': (reader) => ({
    type: 'delivery-end',
    key: readText(reader),
    id: readNumber(reader),
  }),
  incoming: (reader) => ({ type: 'incoming', key: readText(reader), packetId: reader.uint16() }),
  'incoming-end': (reader) => ({
    type: 'incoming-end',
    key: readText(reader),
    packetId: reader.uint16(),
  }),
  retained: (reader) => {
    const { retain: _, ...content } = readContent(reader);
    const storedAtMs = readNumber(reader);
    const publisher = readText(reader) || undefined;
    return { type: 'retained', message: { ...content, storedAtMs, publisher } };
  },
  'retained-end': (reader) => ({ type: 'retained-end', topic: reader.string() }),
};

function readSubscription(reader: ByteReader): StoredSubscription {
  const filter = reader.string();
  const options = reader.uint8();
  return {
    filter,
    qos: (options & 3) as QoS,
    noLocal: (options & 4) !== 0,
    retainAsPublished: (options & 8) !== 0,
    identifier: reader.uint32(),
  };
}

function readSession(reader: ByteReader): Extract<Change, { type: 'session' }>['session'] {
  const key = readText(reader);
  const clientId = reader.string();
  const principalId = readText(reader);
  const expirySeconds = readNumber(reader);
  const endedAtMs = readNumber(reader);
  const disconnectedAtMs = endedAtMs < 0 ? undefined : endedAtMs;
  const will = reader.uint8() === 0 ? undefined : readWill(reader);
  return { key, clientId, principalId, expirySeconds, disconnectedAtMs, will };
}

function readWill(reader: ByteReader): StoredWill {
  const content = readContent(reader);
  return { ...content, delaySeconds: readNumber(reader) };
}

function readDelivery(reader: ByteReader): StoredDelivery {
  const key = readText(reader);
  const id = readNumber(reader);
  const messageId = readNumber(reader);
  const flags = reader.uint8();
  const step = steps[flags >> 3];
  const qos = flags & 3;
  if (step === undefined || (qos !== 1 && qos !== 2)) throw new Error('impossible delivery');
  const packetId = reader.uint16();
  const share = reader.string() || undefined;
  const count = reader.uint16();
  const identifiers = Array.from({ length: count }, () => reader.uint32());
  return {
    id,
    key,
    messageId,
    qos,
    retain: (flags & 4) !== 0,
    subscriptionIdentifiers: count === 0 ? undefined : identifiers,
    share,
    step,
    packetId,
  };
}

function readContent(reader: ByteReader): Content {
  const topic = reader.string();
  const flags = reader.uint8();
  const properties: PublishProperties = readProperties(reader, In.publish);
  const payload = readBytes(reader);
  return { topic, qos: (flags & 3) as QoS, retain: (flags & 4) !== 0, properties, payload };
}

function readText(reader: ByteReader): string {
  return readBytes(reader).toString();
}

/** A copy: the file's buffer is read into again. */
function readBytes(reader: ByteReader): Buffer {
  const length = reader.uint32();
  const start = reader.position;
  if (start + length > reader.end) throw new Error('a change ends within a field');
  reader.position += length;
  return Buffer.from(reader.buffer.subarray(start, reader.position));
}

function readNumber(reader: ByteReader): number {
  const start = reader.position;
  if (start + 8 > reader.end) throw new Error('a change ends within a field');
  reader.position += 8;
  return reader.buffer.readDoubleBE(start);
}
