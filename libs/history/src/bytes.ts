// Bytes and variable-length integers, seven bits a byte, the lowest first. Integers up to 2^53 - 1.

const FIRST_SIZE = 4_096;
/** Bytes of an integer below 2^53. */
const LONGEST_VARINT = 8;
const TWO_TO_28 = 2 ** 28;

export class ByteWriter {
  #bytes = Buffer.allocUnsafe(FIRST_SIZE);
  #length = 0;

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** A whole number, not negative. */
  varint(value: number): void {
    this.#reserve(LONGEST_VARINT);
    let rest = value;
    // Bit operations know 32 bits only.
    while (rest >= TWO_TO_28) {
      this.#bytes[this.#length++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** A whole number of either sign, small ones short. */
  zigzag(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  finish(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(this.#bytes.length * 2);
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** Throws `RangeError` where the bytes end too early, or too late. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new RangeError('the bytes end too early');
    return byte;
  }

  varint(): number {
    let byte = this.byte();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    let factor = 128;
    for (let length = 1; length < LONGEST_VARINT; length += 1) {
      byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
    throw new RangeError('an integer is too long');
  }

  zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** There must be so many bytes more: asked before memory is taken for what they say. */
  need(bytes: number): void {
    if (this.#at + bytes > this.#bytes.length) throw new RangeError('the bytes end too early');
  }

  /** Nothing may be left. */
  end(): void {
    if (this.#at !== this.#bytes.length) throw new RangeError('the bytes end too late');
  }
}
