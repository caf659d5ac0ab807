// Gathers what goes to one wire and writes it once per turn of the event loop. Pieces are ranges of buffers
// that belong to others (a receive chunk, a slab); neighbours become one piece, so that a run of messages
// passed through costs one write and no copy.

import type { Wire } from './wire.js';

// A turn that reads megabytes must not hold them all back until its end.
const FLUSH_BYTES = 256 * 1024;
// Up to this many bytes in several pieces are copied into one: cheaper than writing them piecewise, and a
// client that does not read then pins its own bytes only.
const COPY_BYTES = 16 * 1024;
// A piece smaller than this is copied together with its neighbours: it would pin a whole buffer.
const SMALL_PIECE_BYTES = 2 * 1024;
// What has to wait may pin this many times its size.
const WAITING_PIN_FACTOR = 4;

/** Outboxes with something to flush at the end of this turn. */
export class FlushQueue {
  /** Bytes flushed by all outboxes. */
  bytesOut = 0;
  #dirty: Outbox[] = [];
  #scheduled = false;

  add(outbox: Outbox): void {
    this.#dirty.push(outbox);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const dirty = this.#dirty;
      this.#dirty = [];
      for (const one of dirty) one.flush();
    });
  }
}

/** What an outbox with nothing in it has instead of arrays of its own. Never pushed to. */
const NOTHING: never[] = [];

export class Outbox {
  readonly #wire: Wire;
  readonly #queue: FlushQueue;
  #buffers: Buffer[] = NOTHING;
  #starts: number[] = NOTHING;
  #ends: number[] = NOTHING;
  #gathered = 0;
  #last: Buffer | undefined;
  #isQueued = false;
  /** What was gathered while the wire was busy, in buffers that hold little else. */
  #held: Buffer[] = NOTHING;
  #heldBytes = 0;
  #busy = false;
  #isClosed = false;
  /** Sees what is flushed, which is whole packets. */
  tap: { out(pieces: readonly Buffer[]): void } | undefined;

  constructor(wire: Wire, queue: FlushQueue) {
    this.#wire = wire;
    this.#queue = queue;
  }

  /** Bytes that have not left this process. */
  get unsentBytes(): number {
    return this.#gathered + this.#heldBytes + (this.#busy ? this.#wire.unsentBytes : 0);
  }

  push(buffer: Buffer, start: number, end: number): void {
    if (this.#isClosed) return;
    this.#gathered += end - start;
    const last = this.#ends.length - 1;
    if (buffer === this.#last && this.#ends[last] === start) this.#ends[last] = end;
    else if (last < 0) {
      this.#buffers = [buffer];
      this.#starts = [start];
      this.#ends = [end];
    } else {
      this.#buffers.push(buffer);
      this.#starts.push(start);
      this.#ends.push(end);
    }
    this.#last = buffer;
    if (this.#gathered >= FLUSH_BYTES) this.flush();
    else if (!this.#isQueued) {
      this.#isQueued = true;
      this.#queue.add(this);
    }
  }

  flush(): void {
    this.#isQueued = false;
    if (this.#gathered === 0 || this.#isClosed) return;
    const bytes = this.#gathered;
    const pieces = bytes <= COPY_BYTES ? [this.#copy()] : this.#gather();
    this.#queue.bytesOut += bytes;
    this.#gathered = 0;
    this.#buffers = NOTHING;
    this.#starts = NOTHING;
    this.#ends = NOTHING;
    this.#last = undefined;
    if (this.#busy) {
      if (this.#held.length === 0) this.#held = [];
      for (const piece of pieces) this.#held.push(piece);
      this.#heldBytes += bytes;
    } else this.#busy = !this.#wire.write(pieces);
    this.tap?.out(pieces);
  }

  /** The wire has nothing left to send. */
  drained(): void {
    this.#busy = false;
    if (this.#heldBytes === 0 || this.#isClosed) return;
    const held = this.#held;
    this.#held = NOTHING;
    this.#heldBytes = 0;
    this.#busy = !this.#wire.write(held);
  }

  /** Writes everything and closes the wire behind it. */
  close(): void {
    this.flush();
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#held.length > 0) this.#wire.write(this.#held);
    this.#held = NOTHING;
    this.#heldBytes = 0;
    this.#wire.end();
  }

  /** Forgets everything; the wire is gone. */
  abandon(): void {
    this.#isClosed = true;
    this.#held = NOTHING;
    this.#buffers = NOTHING;
    this.#starts = NOTHING;
    this.#ends = NOTHING;
    this.#last = undefined;
    this.#gathered = 0;
    this.#heldBytes = 0;
  }

  /** One buffer of our own with all that was gathered; a single piece is used as it is when the wire is idle. */
  #copy(): Buffer {
    const [first] = this.#buffers;
    if (first !== undefined && this.#buffers.length === 1 && !this.#busy) {
      return first.subarray(this.#starts[0], this.#ends[0]);
    }
    return this.#join(0, this.#buffers.length, this.#gathered);
  }

  #join(from: number, to: number, bytes: number): Buffer {
    const joined = Buffer.allocUnsafe(bytes);
    let at = 0;
    for (let i = from; i < to; i++) {
      const piece = this.#piece(i);
      joined.set(piece, at);
      at += piece.length;
    }
    return joined;
  }

  /** Large pieces as they are, runs of small ones joined. */
  #gather(): Buffer[] {
    const pieces: Buffer[] = [];
    let runStart = 0;
    let runBytes = 0;
    const endRun = (to: number): void => {
      if (runBytes > 0) pieces.push(this.#join(runStart, to, runBytes));
      runBytes = 0;
      runStart = to + 1;
    };
    for (let i = 0; i < this.#buffers.length; i++) {
      const bytes = (this.#ends[i] ?? 0) - (this.#starts[i] ?? 0);
      if (this.#isCopied(i, bytes)) {
        runBytes += bytes;
        continue;
      }
      endRun(i);
      pieces.push(this.#piece(i));
    }
    endRun(this.#buffers.length);
    return pieces;
  }

  #isCopied(index: number, bytes: number): boolean {
    if (bytes < SMALL_PIECE_BYTES) return true;
    return this.#busy && bytes * WAITING_PIN_FACTOR < (this.#buffers[index]?.length ?? 0);
  }

  #piece(index: number): Buffer {
    const buffer = this.#buffers[index];
    if (buffer === undefined) throw new Error('no such piece');
    return buffer.subarray(this.#starts[index], this.#ends[index]);
  }
}
