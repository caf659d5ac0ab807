// One browser on the live feed. A slow one is never sent more than it takes: what it missed is kept as the
// newest state of each thing, and sent when its connection has drained.
import type { Frame } from './frame.js';
import { encodeFrames } from './frame.js';
import { LiveState, type Drained } from './live-state.js';

/** What a client needs of its WebSocket. */
export interface LiveSocket {
  readonly bufferedAmount: number;
  send(frame: Frame, options: { binary: boolean }): void;
  ping(): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

/** Unsent bytes above which a client is slow: a few seconds of a phone on a bad line. */
const SLOW_BYTES = 256 * 1024;
/** Things that a slow client may be behind on; past it, it is cheaper for it to connect again and load the page's data. */
const MAX_BEHIND = 20_000;

export class LiveClient {
  readonly #socket: LiveSocket;
  readonly #behind = new LiveState();
  #isAnswering = true;

  constructor(socket: LiveSocket) {
    this.#socket = socket;
  }

  /** Sends `frames`, the encoding of `drained` that all clients share, or what of it matters later. */
  deliver(frames: readonly Frame[], drained: Drained): void {
    if (this.#socket.bufferedAmount > SLOW_BYTES) {
      this.#behind.absorb(drained);
      if (this.#behind.size > MAX_BEHIND) this.#socket.terminate();
      return;
    }
    if (this.#behind.size === 0) return this.#send(frames);
    this.#behind.absorb(drained);
    this.#send(encodeFrames(this.#behind.drain()));
  }

  /** Asks whether anybody is there; who did not answer the question before is cut off. */
  checkAlive(): void {
    if (!this.#isAnswering) return this.#socket.terminate();
    this.#isAnswering = false;
    this.#socket.ping();
  }

  receivePong(): void {
    this.#isAnswering = true;
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  #send(frames: readonly Frame[]): void {
    for (const frame of frames) this.#socket.send(frame, { binary: false });
  }
}
