import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { Transport } from '../auth/authenticator.js';
import type { ClientCertificate } from '../auth/client-certificate.js';
import type { Entrance } from '../driver/entrance.js';
import type { Wire, WireEvents } from '../driver/wire.js';
import { certificateOf } from './certificate-of.js';
import { addressOf, type Door } from './door.js';
import { PROBE_AFTER_MS } from './socket-wire.js';

const UNSUPPORTED_DATA = 1003;

/** A WebSocket as a wire. Its frames are pieces of the byte stream, not packets. [MQTT-6.0.0-2] */
export class WebSocketWire implements Wire {
  readonly address: string;
  readonly #door: Door;
  readonly #socket: WebSocket;
  readonly #raw: Socket;
  readonly #maxStrangerBytes: number;
  #events: WireEvents | undefined;
  #waiting = 0;
  readonly #written = (): void => {
    this.#waiting--;
    if (this.#waiting === 0) this.#events?.drained();
  };

  #rawBytes = 0;
  readonly #countRaw = (chunk: Buffer): void => {
    this.#rawBytes += chunk.length;
    if (this.#rawBytes > this.#maxStrangerBytes) this.destroy();
  };

  constructor(socket: WebSocket, raw: Socket, door: Door, maxStrangerBytes: number) {
    this.#socket = socket;
    this.#raw = raw;
    this.#door = door;
    this.#maxStrangerBytes = maxStrangerBytes;
    this.address = addressOf(raw, door);
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
    return certificateOf(this.#raw);
  }

  get unsentBytes(): number {
    return this.#socket.bufferedAmount;
  }

  start(events: WireEvents): void {
    this.#events = events;
    // ws hands over whole messages and holds their beginning; a stranger's must be small.
    this.#raw.on('data', this.#countRaw);
    const socket = this.#socket;
    socket.on('message', (data, isBinary) => {
      if (!isBinary)
        socket.close(UNSUPPORTED_DATA, 'MQTT is binary'); // [MQTT-6.0.0-1]
      else if (Buffer.isBuffer(data)) events.bytes(data);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => events.closed());
  }

  admit(): void {
    this.#raw.off('data', this.#countRaw);
  }

  probe(): void {
    this.#raw.setKeepAlive(true, PROBE_AFTER_MS);
  }

  write(pieces: readonly Buffer[]): boolean {
    if (this.#socket.readyState !== WebSocket.OPEN) return true;
    const [first] = pieces;
    const frame = pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces);
    this.#waiting++;
    this.#socket.send(frame, this.#written);
    return this.#socket.bufferedAmount === 0;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  end(): void {
    this.#socket.resume();
    this.#socket.close();
  }

  destroy(): void {
    this.#socket.terminate();
  }
}
