// V8 compiles what runs often while it runs, and the first clients of a fresh broker would pay for that with
// milliseconds of latency. So a broker of the same code, on a loopback port of its own that lets in only who knows a
// random word, handles some thousand messages first. They come in shifts of clients that differ: what was compiled for
// one kind of client only is thrown away when the first other one comes. Measured in docs/adr/0012-a-fresh-broker-warms-up.md.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { Principal } from '../auth/principal.js';
import { ByteWriter } from '../codec/byte-writer.js';
import { ReasonCode } from '../codec/reason-codes.js';
import { createBroker } from '../create-broker.js';

const SHIFTS = 12;
/** Turns of the event loop in a shift, with one to three messages each. */
const TURNS = 600;
/** A turn in so many lets the broker run out of work, as it mostly does. */
const PAUSE_EVERY = 20;
const TOPICS = ['warm/up', 'warm/up/longer/name', 'warm/2'];
const PAYLOADS = [0, 16, 64, 90].map((bytes) => Buffer.alloc(bytes));
const MQTT_3_1_1 = 4;
const MQTT_5 = 5;
type Version = typeof MQTT_3_1_1 | typeof MQTT_5;

/** Resolves when it is done or `isOver` says that it is no longer wanted. Failures are of no consequence. */
export async function warmUp(isOver: () => boolean): Promise<void> {
  const word = randomBytes(16).toString('hex');
  const stranger = { refused: true, reasonCode: ReasonCode.notAuthorized } as const;
  let clients = 0;
  const broker = createBroker({
    listeners: [{ transport: 'tcp', port: 0, host: '127.0.0.1' }],
    authenticator: {
      authenticate: ({ username }) => (username === word ? principal(clients++) : stranger),
    },
    sysIntervalSeconds: 0,
    onError: () => undefined,
  });
  await broker.start();
  try {
    const [address] = broker.addresses;
    if (address === undefined || !('port' in address)) return;
    for (let shift = 0; shift < SHIFTS && !isOver(); shift++) {
      await work(address.port, word, shift, isOver);
    }
  } finally {
    await broker.stop();
  }
}

/** Of more kinds than compiled code can be made for. */
function principal(nth: number): Principal {
  const id = `warm-up-${nth % 3}`;
  const isOurs = (topic: string): boolean => topic.startsWith('warm/');
  switch (nth % 5) {
    case 0:
      return { id, canPublish: isOurs, canSubscribe: isOurs };
    case 1:
      return { id, canSubscribe: () => true, canPublish: () => true };
    case 2:
      return new Listed(id);
    case 3:
      return { canPublish: (topic) => TOPICS.includes(topic), id, canSubscribe: isOurs };
    default:
      return Object.freeze({ id, canPublish: () => true, canSubscribe: () => true });
  }
}

class Listed implements Principal {
  readonly #topics = new Set(TOPICS);

  constructor(readonly id: string) {}

  canPublish(topic: string): boolean {
    return this.#topics.has(topic);
  }

  canSubscribe(): boolean {
    return true;
  }
}

async function work(
  port: number,
  word: string,
  shift: number,
  isOver: () => boolean,
): Promise<void> {
  const [ours, theirs]: Version[] = shift % 2 === 0 ? [4, 5] : [5, 4];
  const subscriber = await open(port, `subscriber-${shift}`, word, theirs ?? MQTT_5);
  const filters = shift % 3 === 0 ? ['warm/#'] : TOPICS;
  for (const [index, filter] of filters.entries()) {
    const body = new ByteWriter().uint16(index + 1);
    if (theirs === MQTT_5) body.uint8(0);
    subscriber.write(
      body
        .string(filter)
        .uint8(index % 2)
        .finish(0x82),
    );
    await once(subscriber, 'data');
  }
  const publisher = await open(port, `publisher-${shift}`, word, ours ?? MQTT_3_1_1);
  subscriber.on('data', acknowledge(subscriber));
  publisher.on('data', acknowledge(publisher));
  let sent = 0;
  for (let turn = 0; turn < TURNS && !isOver(); turn++) {
    for (let burst = turn % 3; burst >= 0; burst--) {
      publisher.write(publishFrame(sent++, ours ?? MQTT_3_1_1));
    }
    await (turn % PAUSE_EVERY === 0 ? pause(1) : nextTurn());
  }
  publisher.destroy();
  subscriber.destroy();
}

async function open(
  port: number,
  clientId: string,
  word: string,
  version: Version,
): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const body = new ByteWriter().string('MQTT').uint8(version).uint8(0x82).uint16(60);
  if (version === MQTT_5) body.uint8(0);
  socket.write(body.string(clientId).string(word).finish(0x10));
  await once(socket, 'data');
  return socket;
}

/** QoS 0, 1 and 2 in turn; shorter than 128 bytes, so that a length has one byte. */
function publishFrame(nth: number, version: Version): Buffer {
  const qos = nth % 3;
  const body = new ByteWriter().string(TOPICS[nth % TOPICS.length] ?? '');
  if (qos > 0) body.uint16((nth % 0xffff) + 1);
  if (version === MQTT_5) body.uint8(0);
  return body.bytes(PAYLOADS[nth % PAYLOADS.length] ?? Buffer.alloc(0)).finish(0x30 | (qos << 1));
}

/** Answers what asks for an answer; a chunk holds whole frames almost always, and the rest is of no consequence. */
function acknowledge(socket: Socket): (chunk: Buffer) => void {
  const answer = (type: number, at: number, chunk: Buffer): void => {
    socket.write(Buffer.from([type, 2, chunk[at] ?? 0, chunk[at + 1] ?? 0]));
  };
  return (chunk) => {
    for (let at = 0; at + 1 < chunk.length; at += 2 + (chunk[at + 1] ?? 0)) {
      const first = chunk[at] ?? 0;
      const type = first >> 4;
      if (type === 3 && (first & 0x06) === 0x02) {
        answer(0x40, at + 4 + chunk.readUInt16BE(at + 2), chunk);
      } else if (type === 5) answer(0x62, at + 2, chunk);
    }
  };
}
