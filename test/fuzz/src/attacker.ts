// One hostile client: connection after connection, each made from the seed, its own number and its round alone.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import { anAttack, cut } from './mutations.js';
import { Random } from './random.js';

export interface Ports {
  tcp: number;
  webSocket: number;
}

const LONGEST_ROUND_MS = 2000;

export class Attacker {
  /** The round under way. */
  round: number;
  bytes = 0;
  readonly #ports: Ports;
  readonly #seed: number;
  readonly #number: number;
  #isStopped = false;

  constructor(ports: Ports, seed: number, number: number, firstRound: number) {
    this.#ports = ports;
    this.#seed = seed;
    this.#number = number;
    this.round = firstRound;
  }

  stop(): void {
    this.#isStopped = true;
  }

  async run(): Promise<void> {
    this.#isStopped = false;
    for (; !this.#isStopped; this.round++) {
      const random = new Random(this.#seed, this.#number, this.round);
      if (random.chance(0.25)) await this.#webSocket(random);
      else await this.#tcp(random);
    }
  }

  async #tcp(random: Random): Promise<void> {
    const isHttp = random.chance(0.02);
    const port = isHttp ? this.#ports.webSocket : this.#ports.tcp;
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    socket.on('error', () => undefined);
    await settled(once(socket, 'connect'));
    if (random.chance(0.1)) socket.pause();
    else socket.resume();
    for (const piece of cut(anAttack(random), random)) {
      if (!socket.writable) break;
      this.bytes += piece.length;
      socket.write(piece);
      if (random.chance(0.3)) await new Promise(setImmediate);
    }
    await end(socket, random);
  }

  async #webSocket(random: Random): Promise<void> {
    const socket = new WebSocket(`ws://127.0.0.1:${this.#ports.webSocket}/mqtt`, ['mqtt'], {
      perMessageDeflate: false,
    });
    socket.on('error', () => undefined);
    await settled(once(socket, 'open'));
    for (const piece of cut(anAttack(random), random)) {
      if (socket.readyState !== WebSocket.OPEN) break;
      this.bytes += piece.length;
      sendFrame(socket, piece, random);
      if (random.chance(0.3)) await new Promise(setImmediate);
    }
    await pause(random);
    if (random.chance(0.5)) socket.close();
    else socket.terminate();
    await gone(socket.readyState === WebSocket.CLOSED, once(socket, 'close'));
    socket.terminate();
  }
}

function sendFrame(socket: WebSocket, piece: Buffer, random: Random): void {
  const raw = (socket as unknown as { _socket: Socket })._socket;
  switch (random.below(40)) {
    case 0:
      socket.send('text');
      return;
    case 1:
      socket.ping(random.bytes(random.below(126)));
      return;
    case 2:
      // Not a frame at all.
      raw.write(random.bytes(1 + random.below(30)));
      return;
    case 3:
      // The beginning of a message that says it is 1 GiB.
      raw.write(Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0, 1, 2, 3, 4]));
      return;
    case 4:
      socket.send(piece, { fin: false });
      socket.send(piece, { fin: true });
      return;
    default:
      socket.send(piece);
  }
}

/** Half closed, reset, cut, or left alone for a while. */
async function end(socket: Socket, random: Random): Promise<void> {
  await pause(random);
  switch (random.below(4)) {
    case 0:
      socket.end();
      break;
    case 1:
      socket.resetAndDestroy();
      break;
    case 2:
      socket.resume();
      socket.end();
      await gone(socket.destroyed, once(socket, 'close'));
      break;
    default:
  }
  socket.destroy();
}

async function pause(random: Random): Promise<void> {
  const ms = random.pick([0, 0, 0, 0, 5, 20, 100]);
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}

async function gone(isGone: boolean, closing: Promise<unknown>): Promise<void> {
  if (!isGone) await settled(closing);
}

async function settled(happening: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, LONGEST_ROUND_MS);
  });
  await Promise.race([happening.catch(() => undefined), late]);
  clearTimeout(timer);
}
