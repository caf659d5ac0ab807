// A listening socket and the gates behind it: TCP or Unix-domain, then TLS, then WebSocket, as its transport wants.

import { createServer, type Server, type Socket } from 'node:net';
import { type Entrance, limitsOf } from '../driver/entrance.js';
import type { Limits } from '../limits.js';
import type { ListenerAddress, ListenerOptions, TlsOptions } from '../listener-options.js';
import { listen } from './listen.js';
import type { Door } from './door.js';
import type { Listener, Reception } from './listener.js';
import { SocketWire } from './socket-wire.js';
import { TlsGate } from './tls-gate.js';
import { WebSocketGate } from './websocket-gate.js';

export class SocketListener implements Listener {
  readonly door: Door;
  readonly #options: ListenerOptions;
  readonly #reception: Reception;
  readonly #tls: TlsGate | undefined;
  readonly #webSocket: WebSocketGate | undefined;
  #server: Server | undefined;

  /** Throws InvalidTls. */
  constructor(options: ListenerOptions, entrance: Entrance, broker: Limits, reception: Reception) {
    const limits = limitsOf(entrance, broker);
    const { transport, name } = options;
    const { antechamber } = reception;
    this.door = { transport, name, entrance };
    this.#options = options;
    this.#reception = reception;
    if (transport === 'websocket' || transport === 'wss') {
      this.#webSocket = new WebSocketGate({
        antechamber,
        door: this.door,
        limits,
        path: options.path,
        origins: options.origins,
        onWire: (wire) => reception.take(wire),
      });
    }
    if (transport === 'tls' || transport === 'wss') {
      this.#tls = new TlsGate(options.tls, {
        antechamber,
        limits,
        listener: name ?? transport,
        protocol: transport === 'wss' ? 'http/1.1' : 'mqtt',
        onSecure: (socket) => this.#pass(socket),
      });
    }
  }

  async start(): Promise<ListenerAddress> {
    const server = createServer({ noDelay: true }, (socket) => this.#admit(socket));
    const address = await listen(server, this.#options);
    // Failures of single accepts (no file descriptors left) must not end the process.
    server.on('error', () => undefined);
    this.#server = server;
    return address;
  }

  stop(): void {
    this.#server?.close();
  }

  prepareTls(tls: TlsOptions): () => void {
    if (this.#tls === undefined) {
      throw new RangeError(`the listener ${this.door.name} speaks no TLS`);
    }
    return this.#tls.prepare(tls);
  }

  #admit(socket: Socket): void {
    if (!this.#reception.welcomes(socket, this.door)) return;
    if (this.#reception.hasRoom(this.door.entrance)) {
      this.#enter(socket);
      return;
    }
    // Those whose end came with this connection have not been told yet: it is seen in the first round, done in the second.
    socket.on('error', () => undefined);
    setImmediate(() => setImmediate(() => this.#enter(socket)));
  }

  /** Whoever finds no room now is turned away. */
  #enter(socket: Socket): void {
    if (this.#tls === undefined && this.#webSocket === undefined) {
      this.#begin(socket);
    } else if (this.#reception.hasRoom(this.door.entrance)) {
      this.#reception.antechamber.enter(socket, this.door);
      if (this.#tls === undefined) this.#pass(socket);
      else this.#tls.secure(socket);
    } else socket.destroy();
  }

  /** What comes after TLS, or without it. */
  #pass(socket: Socket): void {
    if (this.#webSocket !== undefined) this.#webSocket.take(socket);
    else if (this.#reception.antechamber.leave(socket)) this.#begin(socket);
  }

  #begin(socket: Socket): void {
    this.#reception.take(new SocketWire(socket, this.door));
  }
}
