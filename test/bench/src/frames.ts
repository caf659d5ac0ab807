// MQTT 3.1.1 frames for the load generator, written and counted as raw bytes: it must cost less than any broker.
// A foreign notation on purpose: the codec that is measured takes no part in measuring.

const utf8 = (text: string): Buffer => {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

function frame(firstByte: number, body: Buffer): Buffer {
  const header = [firstByte];
  let rest = body.length;
  do {
    header.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>= 7;
  } while (rest > 0);
  return Buffer.concat([Buffer.from(header), body]);
}

export interface Login {
  readonly username: string;
  readonly password: string;
}

/** CONNECT, clean session, keep-alive off. */
export function connectFrame(clientId: string, login?: Login): Buffer {
  const flags = login === undefined ? 0x02 : 0xc2;
  const parts = [utf8('MQTT'), Buffer.from([4, flags, 0, 0]), utf8(clientId)];
  if (login !== undefined) parts.push(utf8(login.username), utf8(login.password));
  return frame(0x10, Buffer.concat(parts));
}

export function subscribeFrame(filter: string, qos: number): Buffer {
  return frame(0x82, Buffer.concat([Buffer.from([0, 1]), utf8(filter), Buffer.from([qos])]));
}

/** A PUBLISH and where its packet identifier stands (−1 at QoS 0). */
export interface PublishTemplate {
  readonly bytes: Buffer;
  readonly idOffset: number;
}

export function publishTemplate(topic: string, payload: Buffer, qos: 0 | 1 | 2): PublishTemplate {
  const id = qos === 0 ? Buffer.alloc(0) : Buffer.from([0, 1]);
  const body = Buffer.concat([utf8(topic), id, payload]);
  const bytes = frame(0x30 | (qos << 1), body);
  return { bytes, idOffset: qos === 0 ? -1 : bytes.length - payload.length - 2 };
}

/** Byte length of the whole frame that begins at `offset`, or 0 when its header is not complete. */
export function frameLength(chunk: Buffer, offset: number): number {
  let length = 0;
  for (let index = 1; index <= 4; index += 1) {
    const byte = chunk[offset + index];
    if (byte === undefined) return 0;
    length |= (byte & 0x7f) << (7 * (index - 1));
    if (byte < 0x80) return 1 + index + length;
  }
  throw new Error('a broker sent a malformed length');
}
