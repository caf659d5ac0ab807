import type { Socket } from 'node:net';
import type { Transport } from '../auth/authenticator.js';
import type { ClientCertificate } from '../auth/client-certificate.js';
import type { Entrance } from '../driver/entrance.js';
import type { Wire, WireEvents } from '../driver/wire.js';
import { certificateOf } from './certificate-of.js';
import { addressOf, type Door } from './door.js';

/** Idle time after which TCP asks whether the other side is there. */
export const PROBE_AFTER_MS = 60_000;

const EVENTS = Symbol('wire events');

/** A socket that knows whom to tell, so that all sockets share their handlers. */
type Wired = Socket & { [EVENTS]?: WireEvents };

/** A TCP, TLS or Unix-domain socket as a wire. */
export class SocketWire implements Wire {
  readonly address: string;
  readonly #door: Door;
  readonly #socket: Socket;
  #events: WireEvents | undefined;
  #waiting = 0;
  readonly #written = (): void => {
    this.#waiting--;
    if (this.#waiting === 0) this.#events?.drained();
  };

  constructor(socket: Socket, door: Door) {
    this.#socket = socket;
    this.#door = door;
    this.address = addressOf(socket, door);
  }

  get transport(): Transport {
    return this.#door.transport;
  }

  get entrance(): Entrance {
    return this.#door.entrance;
  }

  get listener(): string | undefined {
    return this.#door.name;
  }

  get certificate(): ClientCertificate | undefined {
    return certificateOf(this.#socket);
  }

  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  start(events: WireEvents): void {
    this.#events = events;
    const socket: Wired = this.#socket;
    socket[EVENTS] = events;
    socket.on('data', onData);
    // 'close' follows and tells all there is to know.
    socket.on('error', ignore);
    socket.on('close', onClose);
  }

  // A socket hands over whatever comes; the framer holds the bounds.
  admit(): void {}

  probe(): void {
    this.#socket.setKeepAlive(true, PROBE_AFTER_MS);
  }

  write(pieces: readonly Buffer[]): boolean {
    const socket = this.#socket;
    if (socket.destroyed || socket.writableEnded) return true;
    const last = pieces.length - 1;
    this.#waiting++;
    if (last > 0) socket.cork();
    for (let i = 0; i < last; i++) {
      const piece = pieces[i];
      if (piece !== undefined) socket.write(piece);
    }
    const final = pieces[last];
    if (final !== undefined) socket.write(final, this.#written);
    if (last > 0) socket.uncork();
    return socket.writableLength === 0;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  end(): void {
    // Whatever the client still sends is not read; the rest is drained so that no reset eats our last bytes.
    this.#socket.resume();
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

function ignore(): void {}

function onData(this: Wired, chunk: Buffer): void {
  this[EVENTS]?.bytes(chunk);
}

function onClose(this: Wired): void {
  this[EVENTS]?.closed();
}
