// Batches of changes as frames of a file: length, checksum, changes. Pure.

import { crc32 } from 'node:zlib';
import { ByteReader } from '../../codec/byte-reader.js';
import type { ByteWriter } from '../../codec/byte-writer.js';
import type { Change } from '../storage.js';
import { readChange } from './change-codec.js';

/** Begins every file. The digit is the form's version. */
export const FILE_HEADER = Buffer.from('HEARTHL1');
export const FRAME_HEADER_BYTES = 8;

/** The pieces of one frame: header and body. */
export function frameOf(writer: ByteWriter): readonly [Buffer, Buffer] {
  const body = writer.body();
  const header = Buffer.allocUnsafe(FRAME_HEADER_BYTES);
  header.writeUInt32BE(body.length, 0);
  header.writeUInt32BE(crc32(body), 4);
  return [header, body];
}

/** The bytes of the body that a frame header announces. */
export function bodyBytes(header: Buffer): number {
  return header.readUInt32BE(0);
}

/** The changes of a frame; undefined when its checksum says that they are not whole. */
export function changesOf(header: Buffer, body: Buffer): Change[] | undefined {
  if (crc32(body) !== header.readUInt32BE(4)) return undefined;
  const reader = new ByteReader(body, 0, body.length);
  const changes: Change[] = [];
  while (reader.hasMore) changes.push(readChange(reader));
  return changes;
}
