// Topic names: validity, and a table that turns the bytes on the wire into a shared Topic, so that a
// name which is published again and again is decoded, checked and matched once.

import { Buffer, isUtf8 } from 'node:buffer';
import { isDiscouraged } from '../codec/discouraged.js';
import { copyBytes } from '../codec/copy-bytes.js';
import { malformed, ProtocolError } from '../errors.js';
import { ReasonCode } from '../codec/reason-codes.js';

/** A valid topic name in every form in which it is needed. */
export class Topic {
  readonly name: string;
  /** Two length bytes and the UTF-8 bytes, as they stand in a PUBLISH. */
  readonly wire: Buffer;
  /** The router's remembered matches, valid while `matchVersion` is the index's version. */
  match: unknown = undefined;
  matchVersion = -1;
  #levels: readonly string[] | undefined;
  #isDiscouraged: boolean | undefined;

  constructor(name: string, wire: Buffer) {
    this.name = name;
    this.wire = wire;
  }

  get levels(): readonly string[] {
    return (this.#levels ??= this.name.split('/'));
  }

  /** Whether it has characters that it should not have. (1.5.4) */
  get isDiscouraged(): boolean {
    return (this.#isDiscouraged ??= isDiscouraged(this.name));
  }
}

/** What a topic may measure. */
export interface TopicBounds {
  maxTopicBytes: number;
  maxTopicLevels: number;
}

// Longer names are used, but not remembered: the table's memory is entries times this.
const REMEMBERED_BYTES = 256;
const SLASH = 0x2f;
const PLUS = 0x2b;
const HASH = 0x23;

/**
 * Topic names by their bytes. Direct mapped: two names that fall on one slot replace each other, so
 * its size is fixed and names chosen to collide cost a decode, never memory.
 */
export class TopicTable {
  readonly #slots: (Topic | undefined)[];
  readonly #mask: number;
  readonly #bounds: TopicBounds;

  constructor(bounds: TopicBounds, entries: number) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(entries, 1)));
    this.#slots = Array.from({ length: size }, () => undefined);
    this.#mask = size - 1;
    this.#bounds = bounds;
  }

  /** The topic whose name stands at [start, end). Throws ProtocolError when it is none. */
  resolve(buffer: Buffer, start: number, end: number): Topic {
    const length = end - start;
    if (length > REMEMBERED_BYTES) return this.#decode(buffer, start, end);
    let hash = 0x811c9dc5;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ (buffer[i] as number), 0x01000193);
    const slot = (hash ^ (hash >>> 15)) & this.#mask;
    const known = this.#slots[slot];
    if (known !== undefined && hasBytes(known.wire, buffer, start, length)) return known;
    const topic = this.#decode(buffer, start, end);
    this.#slots[slot] = topic;
    return topic;
  }

  /** The topic of a name from the embedding program. Throws ProtocolError when it is none. */
  resolveName(name: string): Topic {
    const bytes = Buffer.from(name);
    // A lone surrogate would be replaced on the way to UTF-8 and name another topic.
    if (!name.isWellFormed()) throw malformed('topic name is not well-formed Unicode');
    return this.resolve(bytes, 0, bytes.length);
  }

  #decode(buffer: Buffer, start: number, end: number): Topic {
    const length = end - start;
    const { maxTopicBytes, maxTopicLevels } = this.#bounds;
    if (length === 0) throw invalid('topic name is empty'); // [MQTT-4.7.3-1]
    if (length > maxTopicBytes) {
      throw invalid(`topic name has ${length} bytes, limit is ${maxTopicBytes}`);
    }
    let levels = 1;
    let ascii = true;
    for (let i = start; i < end; i++) {
      const byte = buffer[i] as number;
      if (byte === SLASH) levels++;
      else if (byte === PLUS || byte === HASH)
        throw invalid('topic name has a wildcard'); // [MQTT-3.3.2-2] [MQTT-4.7.0-1]
      else if (byte === 0)
        throw malformed('topic name has U+0000'); // [MQTT-4.7.3-2]
      else if (byte >= 0x80) ascii = false;
    }
    if (levels > maxTopicLevels) {
      throw invalid(`topic name has ${levels} levels, limit is ${maxTopicLevels}`);
    }
    if (!ascii && !isUtf8(buffer.subarray(start, end))) {
      throw malformed('topic name is not UTF-8'); // [MQTT-3.3.2-1]
    }
    const wire = Buffer.allocUnsafeSlow(2 + length);
    wire.writeUInt16BE(length, 0);
    copyBytes(buffer, start, end, wire, 2);
    return new Topic(wire.toString(ascii ? 'latin1' : 'utf8', 2), wire);
  }
}

function invalid(message: string): ProtocolError {
  return new ProtocolError(ReasonCode.topicNameInvalid, message, 'topic');
}

function hasBytes(wire: Buffer, buffer: Buffer, start: number, length: number): boolean {
  if (wire.length !== length + 2) return false;
  for (let i = 0; i < length; i++) if (wire[i + 2] !== buffer[start + i]) return false;
  return true;
}
