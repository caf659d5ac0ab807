// Cuts the bytes of one direction into packets, as copies, without judging them.

/** A packet, or what there is of it. */
export interface Cut {
  readonly bytes: Buffer;
  readonly size: number;
  readonly problem?: string;
}

const LONGEST_HEADER = 5;
const SHOWN_OF_TOO_LARGE = 256;

export class PacketCutter {
  readonly #maxBytes: number;
  readonly #add: (cut: Cut) => void;
  #parts: Buffer[] = [];
  #held = 0;
  /** Of the packet that is held, once its header is. */
  #size: number | undefined;
  /** Bytes that are to be passed over. */
  #skipped = 0;
  #isLost = false;

  /** Packets of more than `maxBytes` are not held: only their beginning is handed on. */
  constructor(maxBytes: number, add: (cut: Cut) => void) {
    this.#maxBytes = maxBytes;
    this.#add = add;
  }

  push(bytes: Buffer): void {
    let rest = this.#skip(bytes);
    while (rest.length > 0 && !this.#isLost) rest = this.#take(rest);
  }

  /** Nothing follows. */
  end(): void {
    if (this.#held === 0) return;
    const bytes = this.#joined();
    this.#add({ bytes, size: bytes.length, problem: 'incomplete' });
  }

  #skip(bytes: Buffer): Buffer {
    const skipped = Math.min(this.#skipped, bytes.length);
    this.#skipped -= skipped;
    return bytes.subarray(skipped);
  }

  /** Takes what belongs to the first packet and answers the rest. */
  #take(bytes: Buffer): Buffer {
    this.#size ??= sizeOf(this.#beginning(bytes));
    const size = this.#size;
    if (size === undefined) {
      this.#hold(bytes);
      if (this.#held < LONGEST_HEADER) return bytes.subarray(bytes.length);
      this.#isLost = true;
      const all = this.#joined();
      this.#add({ bytes: all, size: all.length, problem: 'remaining length is malformed' });
      return all.subarray(all.length);
    }
    const wanted = size - this.#held;
    if (size > this.#maxBytes) {
      this.#hold(bytes.subarray(0, Math.min(wanted, SHOWN_OF_TOO_LARGE)));
      this.#add({ bytes: this.#joined(), size, problem: 'too large to be traced' });
      this.#skipped = wanted;
      return this.#skip(bytes);
    }
    this.#hold(bytes.subarray(0, wanted));
    if (this.#held === size) this.#add({ bytes: this.#joined(), size });
    return bytes.subarray(wanted);
  }

  /** Enough of the packet to see how long it is. */
  #beginning(bytes: Buffer): Buffer {
    if (this.#held === 0) return bytes;
    return Buffer.concat([...this.#parts, bytes.subarray(0, LONGEST_HEADER)]);
  }

  #hold(bytes: Buffer): void {
    // A copy: chunks and slabs are others' to use again.
    this.#parts.push(Buffer.from(bytes));
    this.#held += bytes.length;
  }

  #joined(): Buffer {
    const bytes = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#held = 0;
    this.#size = undefined;
    return bytes;
  }
}

/** The length of the packet that `bytes` begin with; undefined when they do not tell. */
function sizeOf(bytes: Buffer): number | undefined {
  let length = 0;
  for (let i = 1; i < LONGEST_HEADER; i++) {
    const byte = bytes[i];
    if (byte === undefined) return undefined;
    length |= (byte & 0x7f) << (7 * (i - 1));
    if (byte < 0x80) return 1 + i + length;
  }
  return undefined;
}
