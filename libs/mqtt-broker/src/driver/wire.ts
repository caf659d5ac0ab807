import type { Transport } from '../auth/authenticator.js';
import type { Entrance } from './entrance.js';

/** What a wire tells its driver. */
export interface WireEvents {
  bytes(chunk: Buffer): void;
  /** All that was written has left. */
  drained(): void;
  /** The connection is gone; nothing follows. */
  closed(): void;
}

/** A byte stream to a client: TCP, WebSocket. Never throws and never emits: everything is told to `events`. */
export interface Wire {
  readonly address: string;
  readonly transport: Transport;
  readonly entrance: Entrance;
  start(events: WireEvents): void;
  /** The client is known; a bound on what strangers may make the wire hold gives way. */
  admit(): void;
  /** Has the network ask now and then whether the other side is there. It costs a new connection too much to be usual. */
  probe(): void;
  /** Writes the pieces in order. False when bytes are left unsent: `drained` follows. */
  write(pieces: readonly Buffer[]): boolean;
  /** Bytes written that have not left. */
  readonly unsentBytes: number;
  pause(): void;
  resume(): void;
  /** Lets what was written leave, then closes. */
  end(): void;
  /** Closes now. */
  destroy(): void;
}
