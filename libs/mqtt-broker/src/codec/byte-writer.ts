// Writes the primitive types of MQTT 5.0 section 1.5. For the packets that are rare: the frequent ones
// are written straight into the slab (encode-publish.ts, encode-ack.ts).

/** Grows as needed; `finish` puts the fixed header before the body. */
export class ByteWriter {
  // Room for the longest fixed header, so that the body never moves.
  #buffer = Buffer.allocUnsafe(128);
  #position = 5;

  uint8(value: number): this {
    const at = this.#room(1);
    this.#buffer[at] = value;
    return this;
  }

  uint16(value: number): this {
    const at = this.#room(2);
    this.#buffer.writeUInt16BE(value, at);
    return this;
  }

  uint32(value: number): this {
    const at = this.#room(4);
    this.#buffer.writeUInt32BE(value, at);
    return this;
  }

  varint(value: number): this {
    let rest = value;
    while (rest > 0x7f) {
      this.uint8((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    return this.uint8(rest);
  }

  string(text: string): this {
    return this.binary(Buffer.from(text));
  }

  binary(bytes: Uint8Array): this {
    if (bytes.length > 0xffff) throw new RangeError('field is longer than 65535 bytes');
    return this.uint16(bytes.length).bytes(bytes);
  }

  bytes(bytes: Uint8Array): this {
    const at = this.#room(bytes.length);
    this.#buffer.set(bytes, at);
    return this;
  }

  /** The body's bytes so far, as a view. */
  body(): Buffer {
    return this.#buffer.subarray(5, this.#position);
  }

  /** The whole packet. The writer must not be used after it. */
  finish(firstByte: number): Buffer {
    const header: number[] = [firstByte];
    let rest = this.#position - 5;
    while (rest > 0x7f) {
      header.push((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    header.push(rest);
    const start = 5 - header.length;
    for (const [index, byte] of header.entries()) this.#buffer[start + index] = byte;
    return this.#buffer.subarray(start, this.#position);
  }

  #room(bytes: number): number {
    const at = this.#position;
    const needed = at + bytes;
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
      this.#buffer.copy(grown, 0, 0, at);
      this.#buffer = grown;
    }
    this.#position = needed;
    return at;
  }
}
