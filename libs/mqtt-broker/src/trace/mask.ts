// Puts asterisks over passwords and authentication data, before anything of a packet is kept. What cannot be
// followed is covered from there on, and of a CONNECT everything behind the client identifier: with wrong flags a
// password would be taken for the payload of a will.

import { ByteReader } from '../codec/byte-reader.js';
import { kindOfProperty } from '../codec/properties.js';
import { malformed, ProtocolError } from '../errors.js';

const ASTERISK = 0x2a;
const AUTHENTICATION_DATA = 0x16;
const CONNECT = 1;
const CONNACK = 2;
const AUTH = 15;

/** Covers the secrets of one packet, which may be incomplete or malformed, in place. */
export function maskSecrets(packet: Buffer): void {
  const type = (packet[0] ?? 0) >> 4;
  if (type !== CONNECT && type !== CONNACK && type !== AUTH) return;
  const cursor = new Cursor(packet);
  try {
    cursor.skipHeader();
    if (type === CONNECT) maskConnect(cursor);
    else {
      // CONNACK has a byte of flags before its reason code; 3.x ends there.
      cursor.skip(type === CONNACK ? 2 : 1);
      if (cursor.hasMore) cursor.maskProperties();
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    cursor.maskRest();
  }
}

function maskConnect(cursor: Cursor): void {
  cursor.skipField();
  const level = cursor.uint8();
  const flags = cursor.uint8();
  cursor.skip(2);
  if (level < 3 || level > 5) throw malformed('nobody knows what follows');
  if (level === 5) cursor.maskProperties();
  cursor.skipField();
  cursor.stayHere();
  if ((flags & 0x04) !== 0) {
    if (level === 5) cursor.maskProperties();
    cursor.skipField();
    cursor.skipField();
  }
  if ((flags & 0x80) !== 0) cursor.skipField();
  if ((flags & 0x40) !== 0) cursor.maskField();
  if (cursor.hasMore) throw malformed('CONNECT has bytes after its end');
}

/** Goes through a packet and remembers how far it was understood. */
class Cursor {
  readonly #packet: Buffer;
  readonly #reader: ByteReader;
  #understood = 0;
  #isStaying = false;

  constructor(packet: Buffer) {
    this.#packet = packet;
    this.#reader = new ByteReader(packet, 1, packet.length);
  }

  get hasMore(): boolean {
    return this.#reader.hasMore;
  }

  /** What follows is understood as a whole or not at all. */
  stayHere(): void {
    this.#isStaying = true;
  }

  skipHeader(): void {
    this.#reader.varint();
    this.#advance();
  }

  skip(bytes: number): void {
    for (let i = 0; i < bytes; i++) this.uint8();
  }

  uint8(): number {
    const value = this.#reader.uint8();
    this.#advance();
    return value;
  }

  skipField(): void {
    this.#reader.binary();
    this.#advance();
  }

  maskField(): void {
    const at = this.#reader.position;
    this.#reader.binary();
    this.#packet.fill(ASTERISK, at + 2, this.#reader.position);
  }

  maskProperties(): void {
    const length = this.#reader.varint();
    const end = this.#reader.position + length;
    if (end > this.#reader.end) throw malformed('properties are longer than their packet');
    while (this.#reader.position < end) {
      this.#advance();
      const id = this.#reader.varint();
      const valueAt = this.#reader.position;
      this.#skipValue(id);
      if (this.#reader.position > end) throw malformed('a property is longer than all of them');
      if (id === AUTHENTICATION_DATA) {
        this.#packet.fill(ASTERISK, valueAt + 2, this.#reader.position);
      }
    }
    this.#advance();
  }

  maskRest(): void {
    this.#packet.fill(ASTERISK, this.#understood);
  }

  #advance(): void {
    if (!this.#isStaying) this.#understood = this.#reader.position;
  }

  #skipValue(id: number): void {
    switch (kindOfProperty(id)) {
      case 'bit':
        this.#reader.uint8();
        return;
      case 'uint16':
      case 'nonzero16':
        this.#reader.uint16();
        return;
      case 'uint32':
      case 'nonzero32':
        this.#reader.uint32();
        return;
      case 'varint':
        this.#reader.varint();
        return;
      case 'string':
      case 'binary':
        this.#reader.binary();
        return;
      case 'pair':
        this.#reader.binary();
        this.#reader.binary();
        return;
      case undefined:
        throw malformed(`property 0x${id.toString(16)} does not exist`);
    }
  }
}
