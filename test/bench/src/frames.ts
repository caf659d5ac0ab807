// MQTT frames for the load generator, written and counted as raw bytes: it must cost less than any broker.
// A foreign notation on purpose: the codec that is measured takes no part in measuring.

/** Protocol level: 4 is 3.1.1, 5 is 5.0. */
export type Level = 4 | 5;

const utf8 = (text: string): Buffer => {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

function frame(firstByte: number, parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const header = [firstByte];
  let rest = body.length;
  do {
    header.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>= 7;
  } while (rest > 0);
  return Buffer.concat([Buffer.from(header), body]);
}

/** An empty property list where the version has one. */
const noProperties = (level: Level): Buffer => Buffer.alloc(level === 5 ? 1 : 0);

export interface Login {
  readonly username: string;
  readonly password: string;
}

export interface ConnectFields {
  readonly clientId: string;
  readonly level?: Level | undefined;
  readonly login?: Login | undefined;
  /** Default 0: off. */
  readonly keepAliveSeconds?: number | undefined;
}

/** CONNECT of a clean session. */
export function connectFrame(fields: ConnectFields): Buffer {
  const { clientId, level = 4, login, keepAliveSeconds = 0 } = fields;
  const flags = (login === undefined ? 0 : 0xc0) | 2;
  const keepAlive = [keepAliveSeconds >> 8, keepAliveSeconds & 0xff];
  const parts = [utf8('MQTT'), Buffer.from([level, flags, ...keepAlive]), noProperties(level)];
  parts.push(utf8(clientId));
  if (login !== undefined) parts.push(utf8(login.username), utf8(login.password));
  return frame(0x10, parts);
}

export const disconnectFrame = Buffer.from([0xe0, 0]);

export function subscribeFrame(
  filters: readonly string[],
  qos: number,
  level: Level = 4,
  packetId = 1,
): Buffer {
  const options = Buffer.from([qos]);
  const list = filters.flatMap((filter) => [utf8(filter), options]);
  return frame(0x82, [Buffer.from([packetId >> 8, packetId & 0xff]), noProperties(level), ...list]);
}

/** A PUBLISH and where its changing parts stand. */
export interface PublishTemplate {
  readonly bytes: Buffer;
  /** −1 at QoS 0. */
  readonly idOffset: number;
  readonly payloadOffset: number;
}

export interface PublishFields {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1 | 2;
  readonly level?: Level | undefined;
  readonly retain?: boolean | undefined;
}

export function publishTemplate(fields: PublishFields): PublishTemplate {
  const { topic, payload, qos, level = 4, retain = false } = fields;
  const id = qos === 0 ? Buffer.alloc(0) : Buffer.from([0, 1]);
  const properties = noProperties(level);
  const bytes = frame(0x30 | (qos << 1) | (retain ? 1 : 0), [utf8(topic), id, properties, payload]);
  const payloadOffset = bytes.length - payload.length;
  const idOffset = qos === 0 ? -1 : payloadOffset - properties.length - 2;
  return { bytes, idOffset, payloadOffset };
}
