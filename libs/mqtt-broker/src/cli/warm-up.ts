// V8 compiles what runs often while it runs, and the first clients of a fresh broker would pay for that with
// milliseconds of latency. So a broker of the same code, on a loopback port of its own that lets in only who knows a
// random word, handles some thousand messages first. Measured in docs/adr/0012-a-fresh-broker-warms-up.md.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Principal } from '../auth/principal.js';
import { ByteWriter } from '../codec/byte-writer.js';
import { ReasonCode } from '../codec/reason-codes.js';
import { createBroker } from '../create-broker.js';

const ROUNDS = 3000;
const TOPIC = 'warm/up';
const PAYLOAD_BYTES = 64;

/** Resolves when it is done or `isOver` says that it is no longer wanted. Failures are of no consequence. */
export async function warmUp(isOver: () => boolean): Promise<void> {
  const word = randomBytes(16).toString('hex');
  const self: Principal = {
    id: 'warm-up',
    canPublish: (topic) => topic === TOPIC,
    canSubscribe: (filter) => filter === TOPIC,
  };
  const stranger = { refused: true, reasonCode: ReasonCode.notAuthorized } as const;
  const broker = createBroker({
    listeners: [{ transport: 'tcp', port: 0, host: '127.0.0.1' }],
    authenticator: { authenticate: ({ username }) => (username === word ? self : stranger) },
    sysIntervalSeconds: 0,
    onError: () => undefined,
  });
  await broker.start();
  try {
    const [address] = broker.addresses;
    if (address !== undefined && 'port' in address) await exercise(address.port, word, isOver);
  } finally {
    await broker.stop();
  }
}

async function exercise(port: number, word: string, isOver: () => boolean): Promise<void> {
  const subscriber = await open(port, 'subscriber', word);
  subscriber.write(new ByteWriter().uint16(1).string(TOPIC).uint8(1).finish(0x82));
  await once(subscriber, 'data');
  subscriber.on('data', (chunk: Buffer) => acknowledge(subscriber, chunk));
  const publisher = await open(port, 'publisher', word);
  publisher.resume();
  for (let round = 0; round < ROUNDS && !isOver(); round++) {
    publisher.write(publishFrame(round));
    await nextTurn();
  }
  publisher.destroy();
  subscriber.destroy();
}

async function open(port: number, clientId: string, word: string): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const connectBody = new ByteWriter().string('MQTT').uint8(4).uint8(0x82).uint16(0);
  socket.write(connectBody.string(clientId).string(word).finish(0x10));
  await once(socket, 'data');
  return socket;
}

/** QoS 0 and 1 in turn. */
function publishFrame(round: number): Buffer {
  const body = new ByteWriter().string(TOPIC);
  const qos = round % 2;
  if (qos === 1) body.uint16((round % 0xffff) + 1);
  return body.bytes(Buffer.alloc(PAYLOAD_BYTES)).finish(0x30 | (qos << 1));
}

/** Answers the QoS 1 PUBLISHes of a chunk; all frames have less than 128 bytes. */
function acknowledge(socket: Socket, chunk: Buffer): void {
  for (let at = 0; at + 1 < chunk.length; at += 2 + (chunk[at + 1] ?? 0)) {
    if (((chunk[at] ?? 0) & 0x06) === 0) continue;
    const id = at + 4 + TOPIC.length;
    socket.write(Buffer.from([0x40, 2, chunk[id] ?? 0, chunk[id + 1] ?? 0]));
  }
}
