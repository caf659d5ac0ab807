import type { Socket } from 'node:net';
import type { Wire, WireEvents } from '../driver/wire.js';
import { DoorWire } from './door-wire.js';

const EVENTS = Symbol('wire events');

/** A socket that knows whom to tell, so that all sockets share their handlers. */
type Wired = Socket & { [EVENTS]?: WireEvents };

/** A TCP, TLS or Unix-domain socket as a wire. */
export class SocketWire extends DoorWire implements Wire {
  get unsentBytes(): number {
    return this.raw.writableLength;
  }

  start(events: WireEvents): void {
    this.events = events;
    const socket: Wired = this.raw;
    socket[EVENTS] = events;
    socket.on('data', onData);
    // 'close' follows and tells all there is to know.
    socket.on('error', ignore);
    socket.on('close', onClose);
  }

  // A socket hands over whatever comes; the framer holds the bounds.
  admit(): void {}

  write(pieces: readonly Buffer[]): boolean {
    const socket = this.raw;
    if (socket.destroyed || socket.writableEnded) return true;
    const last = pieces.length - 1;
    const written = this.handOver();
    if (last > 0) socket.cork();
    for (let i = 0; i < last; i++) {
      const piece = pieces[i];
      if (piece !== undefined) socket.write(piece);
    }
    const final = pieces[last];
    if (final !== undefined) socket.write(final, written);
    if (last > 0) socket.uncork();
    return socket.writableLength === 0;
  }

  pause(): void {
    this.raw.pause();
  }

  resume(): void {
    this.raw.resume();
  }

  end(): void {
    // Whatever the client still sends is not read; the rest is drained so that no reset eats our last bytes.
    this.raw.resume();
    this.raw.end();
  }

  destroy(): void {
    this.raw.destroy();
  }
}

function ignore(): void {}

function onData(this: Wired, chunk: Buffer): void {
  this[EVENTS]?.bytes(chunk);
}

function onClose(this: Wired): void {
  this[EVENTS]?.closed();
}
