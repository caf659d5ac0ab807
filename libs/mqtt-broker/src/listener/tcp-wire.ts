import type { Socket } from 'node:net';
import type { Wire, WireEvents } from '../driver/wire.js';

const TCP_KEEP_ALIVE_MS = 60_000;

/** A TCP socket as a wire. */
export class TcpWire implements Wire {
  readonly transport = 'tcp';
  readonly address: string;
  readonly #socket: Socket;
  #events: WireEvents | undefined;
  #waiting = 0;
  readonly #written = (): void => {
    this.#waiting--;
    if (this.#waiting === 0) this.#events?.drained();
  };

  constructor(socket: Socket) {
    this.#socket = socket;
    this.address = plainAddress(socket.remoteAddress);
  }

  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  start(events: WireEvents): void {
    this.#events = events;
    const socket = this.#socket;
    socket.setNoDelay(true);
    // Finds out about peers that vanished, where no MQTT keep alive was agreed.
    socket.setKeepAlive(true, TCP_KEEP_ALIVE_MS);
    socket.on('data', (chunk: Buffer) => events.bytes(chunk));
    // 'close' follows and tells all there is to know.
    socket.on('error', () => undefined);
    socket.on('close', () => events.closed());
  }

  // A TCP socket hands over whatever comes; the framer holds the bounds.
  admit(): void {}

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

/** IPv4 addresses in their own form, also on a dual-stack socket. */
export function plainAddress(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}
