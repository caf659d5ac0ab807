// One file of frames: read from its beginning, written at its end. Readable by its owner only.

import { type FileHandle, open } from 'node:fs/promises';
import type { Change } from '../storage.js';
import { bodyBytes, changesOf, FILE_HEADER, FRAME_HEADER_BYTES } from './frames.js';

const READ_BYTES = 1024 * 1024;

/** What a file holds cannot be read. `path` and `offset` say where. */
export class StorageCorrupt extends Error {
  override readonly name = 'StorageCorrupt';
  readonly path: string;
  readonly offset: number;

  constructor(path: string, offset: number, what: string) {
    super(`${path} is damaged at byte ${offset}: ${what}`);
    this.path = path;
    this.offset = offset;
  }
}

export class LogFile {
  readonly path: string;
  readonly #handle: FileHandle;
  /** Bytes that are known to be whole. */
  #bytes: number;

  private constructor(path: string, handle: FileHandle, bytes: number) {
    this.path = path;
    this.#handle = handle;
    this.#bytes = bytes;
  }

  static async create(path: string): Promise<LogFile> {
    const handle = await open(path, 'w+', 0o600);
    const file = new LogFile(path, handle, 0);
    await file.append([FILE_HEADER]);
    return file;
  }

  static async openExisting(path: string): Promise<LogFile> {
    return new LogFile(path, await open(path, 'r+'), 0);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Reads all frames. With `tail: 'may-be-torn'` the file ends with its last whole frame: what a crash left behind it
   * is cut off. Else anything that is not whole throws StorageCorrupt.
   */
  async *read(tail: 'may-be-torn' | 'is-whole'): AsyncIterable<Change[]> {
    const source = new Source(this.#handle);
    const header = await source.take(FILE_HEADER.length);
    if (header === undefined && tail === 'may-be-torn') {
      await this.#restart();
      return;
    }
    if (header?.equals(FILE_HEADER) !== true) {
      throw new StorageCorrupt(this.path, 0, 'it does not begin as a file of ours');
    }
    this.#bytes = FILE_HEADER.length;
    for (;;) {
      const frame = await this.#frame(source);
      if (frame === 'end') return;
      if (frame === 'torn' && tail === 'may-be-torn') {
        await this.#handle.truncate(this.#bytes);
        return;
      }
      if (frame === 'torn')
        throw new StorageCorrupt(this.path, this.#bytes, 'a frame is not whole');
      this.#bytes = source.position;
      yield frame;
    }
  }

  async #frame(source: Source): Promise<Change[] | 'end' | 'torn'> {
    if (await source.isAtEnd()) return 'end';
    const head = await source.take(FRAME_HEADER_BYTES);
    const header = head === undefined ? undefined : Buffer.from(head);
    const body = header === undefined ? undefined : await source.take(bodyBytes(header));
    // No frame is empty: zeros are what a file system leaves of a write that did not come through.
    if (header === undefined || body === undefined || body.length === 0) return 'torn';
    try {
      return changesOf(header, body) ?? 'torn';
    } catch (cause) {
      // The checksum is right, so it was written like this: by another version, or by a bug.
      throw new Error(`${this.path} holds what cannot be understood`, { cause });
    }
  }

  /** A crash came before its header was written. */
  async #restart(): Promise<void> {
    this.#bytes = 0;
    await this.append([FILE_HEADER]);
  }

  /** Writes the pieces behind what is whole and waits for the disk. After a failure the file is as it was. */
  async append(pieces: readonly Buffer[]): Promise<void> {
    let total = 0;
    for (const piece of pieces) total += piece.length;
    try {
      const { bytesWritten } = await this.#handle.writev(pieces, this.#bytes);
      if (bytesWritten < total) await this.#writeRest(Buffer.concat(pieces), bytesWritten);
      await this.#handle.datasync();
    } catch (error) {
      // Also when only the sync failed: what the system has of these bytes cannot be relied on, they are written anew.
      await this.#handle.truncate(this.#bytes).catch(() => undefined);
      throw error;
    }
    this.#bytes += total;
  }

  /** A disk that gets full takes a part first; only the next attempt says what is wrong. */
  async #writeRest(whole: Buffer, from: number): Promise<void> {
    for (let done = from; done < whole.length;) {
      const position = this.#bytes + done;
      const { bytesWritten } = await this.#handle.write(whole, done, undefined, position);
      if (bytesWritten === 0) throw new Error(`wrote ${done} of ${whole.length} bytes`);
      done += bytesWritten;
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** A file's bytes from its beginning, in large reads. */
class Source {
  readonly #handle: FileHandle;
  #buffer = Buffer.allocUnsafe(READ_BYTES);
  #start = 0;
  #end = 0;
  #filePosition = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Where the next byte stands in the file. */
  get position(): number {
    return this.#filePosition - (this.#end - this.#start);
  }

  async isAtEnd(): Promise<boolean> {
    return !(await this.#fill(1));
  }

  /** The next bytes, a view that is good until the next call; undefined when there are not so many. */
  async take(bytes: number): Promise<Buffer | undefined> {
    if (!(await this.#fill(bytes))) return undefined;
    const taken = this.#buffer.subarray(this.#start, this.#start + bytes);
    this.#start += bytes;
    return taken;
  }

  async #fill(bytes: number): Promise<boolean> {
    if (this.#end - this.#start >= bytes) return true;
    const { size } = await this.#handle.stat();
    if (size - this.position < bytes) return false;
    const rest = this.#buffer.subarray(this.#start, this.#end);
    const roomy = Buffer.allocUnsafe(Math.max(bytes, READ_BYTES));
    rest.copy(roomy);
    this.#end = rest.length;
    this.#start = 0;
    this.#buffer = roomy;
    while (this.#end < bytes) {
      const free = roomy.length - this.#end;
      const { bytesRead } = await this.#handle.read(roomy, this.#end, free, this.#filePosition);
      if (bytesRead === 0) return false;
      this.#end += bytesRead;
      this.#filePosition += bytesRead;
    }
    return true;
  }
}
