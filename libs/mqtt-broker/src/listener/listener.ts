import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Entrance } from '../driver/entrance.js';
import type { Wire } from '../driver/wire.js';
import type { ListenerAddress, TlsOptions } from '../listener-options.js';
import type { Antechamber } from './antechamber.js';
import type { Door } from './door.js';

/** Takes over an HTTP server's `upgrade` event. */
export type HandleUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Where listeners bring their connections. */
export interface Reception {
  /** Whether one more network connection may begin there. */
  hasRoom(entrance: Entrance): boolean;
  /** Whether its address may have one more, which counts until its end. Ends it otherwise. */
  welcomes(socket: Socket, door: Door): boolean;
  /** For those whose handshake comes before MQTT. */
  readonly antechamber: Antechamber;
  take(wire: Wire): void;
}

/** Takes connections until stopped: streams of bytes, ordered and lossless. [MQTT-4.2.0-1] */
export interface Listener {
  readonly door: Door;
  /** Rejects with ListenFailed. */
  start(): Promise<ListenerAddress>;
  /** Takes no more connections. */
  stop(): void;
  /** Answers how to take new keys, certificates and lists into use. Throws InvalidTls, and a RangeError without TLS. */
  prepareTls(tls: TlsOptions): () => void;
}
