// Cuts a byte stream into packets. Frames that lie whole in a chunk are used in place; only a frame
// that a chunk's end cuts is copied, and never more of it than has arrived.

import { malformed, ProtocolError, violation } from '../errors.js';
import { ReasonCode } from './reason-codes.js';

const RESERVED = 0;
const CONNECT = 1;
const FIRST_HELD_BYTES = 512;
const NOTHING = Buffer.alloc(0);

/**
 * `push` a chunk, then call `next` until it answers false; each true puts a frame into the public
 * fields. A caller that stops in between goes on later with `next`.
 */
export class Framer {
  /** The frame: buffer[start, end), its body from bodyStart. */
  buffer: Buffer = NOTHING;
  start = 0;
  bodyStart = 0;
  end = 0;

  /** Largest packet accepted, fixed header included. */
  maxPacketBytes: number;
  /** Until true, anything but a CONNECT is refused by its first byte. */
  connected = false;

  #chunk: Buffer = NOTHING;
  #position = 0;
  #held: Buffer | undefined;
  #heldBytes = 0;

  constructor(maxPacketBytes: number) {
    this.maxPacketBytes = maxPacketBytes;
  }

  push(chunk: Buffer): void {
    // Only a reader that was paused amid a chunk can find the old one unfinished.
    this.#chunk =
      this.#position < this.#chunk.length
        ? Buffer.concat([this.#chunk.subarray(this.#position), chunk])
        : chunk;
    this.#position = 0;
  }

  /** What was pushed and is in no frame yet. */
  get unread(): Buffer {
    const rest = this.#chunk.subarray(this.#position);
    if (this.#held === undefined) return rest;
    return Buffer.concat([this.#held.subarray(0, this.#heldBytes), rest]);
  }

  /** Whether bytes wait for `next`. */
  get hasMore(): boolean {
    return this.#position < this.#chunk.length;
  }

  /** Moves to the next frame. Throws ProtocolError on a header that no packet can have. */
  next(): boolean {
    if (this.#held !== undefined ? this.#complete(this.#held) : this.#cut()) return true;
    // An idle connection holds on to no chunk.
    this.#chunk = this.buffer = NOTHING;
    this.#position = 0;
    return false;
  }

  /** A frame that lies whole in the chunk. */
  #cut(): boolean {
    const total = this.#measure(this.#chunk, this.#position, this.#chunk.length);
    const position = this.#position;
    if (total === 0 || position + total > this.#chunk.length) {
      this.#hold(total);
      return false;
    }
    this.buffer = this.#chunk;
    this.start = position;
    this.end = this.#position = position + total;
    return true;
  }

  /** The bytes of the frame that begins at `start`, or 0 while its header is incomplete. Sets bodyStart. */
  #measure(buffer: Buffer, start: number, end: number): number {
    if (start >= end) return 0;
    const type = (buffer[start] as number) >> 4;
    if (this.connected) {
      if (type === RESERVED) throw violation('packet type 0 is reserved');
    } else if (type !== CONNECT) throw violation('the first packet is no CONNECT'); // [MQTT-3.1.0-1]
    let length = 0;
    let position = start + 1;
    for (let shift = 0; shift < 28; shift += 7) {
      if (position >= end) return 0;
      const byte = buffer[position++] as number;
      length |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (byte === 0 && shift > 0) throw malformed('remaining length is longer than needed'); // [MQTT-1.5.5-1]
        const total = position - start + length;
        if (total > this.maxPacketBytes) {
          throw new ProtocolError(
            ReasonCode.packetTooLarge,
            `packet has ${total} bytes, limit is ${this.maxPacketBytes}`,
          );
        }
        this.bodyStart = position;
        return total;
      }
    }
    throw malformed('remaining length has more than four bytes', 'remaining-length');
  }

  #hold(total: number): void {
    const rest = this.#chunk.length - this.#position;
    if (rest === 0) return;
    const room = total === 0 ? FIRST_HELD_BYTES : Math.min(total, Math.max(rest, FIRST_HELD_BYTES));
    this.#held = Buffer.allocUnsafe(Math.max(room, rest));
    this.#heldBytes = 0;
    this.#append(this.#held, rest);
  }

  #append(held: Buffer, bytes: number): void {
    this.#chunk.copy(held, this.#heldBytes, this.#position, this.#position + bytes);
    this.#heldBytes += bytes;
    this.#position += bytes;
  }

  #complete(first: Buffer): boolean {
    let held = first;
    let total = this.#measure(held, 0, this.#heldBytes);
    while (total === 0) {
      if (!this.hasMore) return false;
      this.#append(held, 1);
      total = this.#measure(held, 0, this.#heldBytes);
    }
    const wanted = Math.min(total - this.#heldBytes, this.#chunk.length - this.#position);
    if (this.#heldBytes + wanted > held.length) {
      const grown = Math.min(total, Math.max(held.length * 2, this.#heldBytes + wanted));
      this.#held = Buffer.allocUnsafe(grown);
      held.copy(this.#held, 0, 0, this.#heldBytes);
      held = this.#held;
    }
    this.#append(held, wanted);
    if (this.#heldBytes < total) return false;
    this.buffer = held;
    this.start = 0;
    this.end = total;
    this.#held = undefined;
    return true;
  }
}
