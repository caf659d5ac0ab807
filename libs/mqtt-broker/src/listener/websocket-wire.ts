import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { Wire, WireEvents } from '../driver/wire.js';
import type { Door } from './door.js';
import { DoorWire } from './door-wire.js';

const UNSUPPORTED_DATA = 1003;

/** A WebSocket as a wire. Its frames are pieces of the byte stream, not packets. [MQTT-6.0.0-2] */
export class WebSocketWire extends DoorWire implements Wire {
  readonly #socket: WebSocket;
  readonly #maxStrangerBytes: number;
  #rawBytes = 0;
  readonly #countRaw = (chunk: Buffer): void => {
    this.#rawBytes += chunk.length;
    if (this.#rawBytes > this.#maxStrangerBytes) this.destroy();
  };

  constructor(socket: WebSocket, raw: Socket, door: Door, maxStrangerBytes: number) {
    super(raw, door);
    this.#socket = socket;
    this.#maxStrangerBytes = maxStrangerBytes;
  }

  get unsentBytes(): number {
    return this.#socket.bufferedAmount;
  }

  start(events: WireEvents): void {
    this.events = events;
    // ws hands over whole messages and holds their beginning; a stranger's must be small.
    this.raw.on('data', this.#countRaw);
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
    this.raw.off('data', this.#countRaw);
  }

  write(pieces: readonly Buffer[]): boolean {
    if (this.#socket.readyState !== WebSocket.OPEN) return true;
    const [first] = pieces;
    const frame = pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces);
    this.#socket.send(frame, this.handOver());
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
