// Reads the primitive types of MQTT 5.0 section 1.5 from a bounded part of a buffer.

import { type Buffer, isUtf8 } from 'node:buffer';
import { type ErrorSubject, malformed } from '../errors.js';

/** A cursor over [position, end). Every read past the end, and every bad encoding, is a malformed packet. */
export class ByteReader {
  readonly buffer: Buffer;
  position: number;
  end: number;

  constructor(buffer: Buffer, start: number, end: number) {
    this.buffer = buffer;
    this.position = start;
    this.end = end;
  }

  get hasMore(): boolean {
    return this.position < this.end;
  }

  uint8(): number {
    const at = this.#take(1);
    return this.buffer[at] as number;
  }

  uint16(): number {
    const at = this.#take(2);
    return this.buffer.readUInt16BE(at);
  }

  uint32(): number {
    const at = this.#take(4);
    return this.buffer.readUInt32BE(at);
  }

  /** At most four bytes, and no more of them than needed. [MQTT-1.5.5-1] */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.uint8();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (byte === 0 && shift > 0) throw malformed('variable byte integer is longer than needed');
        return value;
      }
    }
    throw malformed('variable byte integer has more than four bytes');
  }

  string(): string {
    const length = this.uint16();
    const at = this.#take(length);
    return decodeUtf8(this.buffer, at, at + length);
  }

  /** A copy: the receive buffer is not ours to keep. */
  binary(): Buffer {
    const length = this.uint16();
    const at = this.#take(length);
    return copyOf(this.buffer, at, at + length);
  }

  /** A packet identifier is never 0. [MQTT-2.2.1-3] [MQTT-2.2.1-4] */
  packetId(about?: ErrorSubject): number {
    const packetId = this.uint16();
    if (packetId === 0) throw malformed('packet identifier is 0', about);
    return packetId;
  }

  expectEnd(what: string): void {
    if (this.hasMore) throw malformed(`${what} has bytes after its end`);
  }

  #take(bytes: number): number {
    const at = this.position;
    if (at + bytes > this.end) throw malformed('packet ends within a field');
    this.position = at + bytes;
    return at;
  }
}

/** Well-formed UTF-8 without U+0000. [MQTT-1.5.4-1] [MQTT-1.5.4-2]; a BOM is kept [MQTT-1.5.4-3]. */
function decodeUtf8(buffer: Buffer, start: number, end: number): string {
  let ascii = true;
  for (let i = start; i < end; i++) {
    const byte = buffer[i] as number;
    if (byte === 0) throw malformed('string has U+0000');
    if (byte >= 0x80) ascii = false;
  }
  if (ascii) return buffer.toString('latin1', start, end);
  if (!isUtf8(buffer.subarray(start, end))) throw malformed('string is not UTF-8');
  return buffer.toString('utf8', start, end);
}

function copyOf(buffer: Buffer, start: number, end: number): Buffer {
  const copy = globalThis.Buffer.allocUnsafeSlow(end - start);
  buffer.copy(copy, 0, start, end);
  return copy;
}
