// A log file that cannot fill the disk: past its limit it becomes `<name>.1` and a new one begins.
import { closeSync, openSync, renameSync, statSync, writeSync } from 'node:fs';

/** Largest log file, in bytes; with its predecessor at most twice that is kept. */
const MAX_LOG_BYTES = 10 * 1024 * 1024;
/** Last lines that are shown when the program behind the log fails. */
const TAIL_BYTES = 4 * 1024;

export class BoundedLog {
  readonly path: string;
  readonly #maxBytes: number;
  #descriptor: number;
  #bytes: number;
  #tail = '';

  constructor(path: string, maxBytes = MAX_LOG_BYTES) {
    this.path = path;
    this.#maxBytes = maxBytes;
    this.#descriptor = openSync(path, 'a', 0o600);
    this.#bytes = statSync(path).size;
  }

  /** Never throws: a log that cannot be written, as on a full disk, must not take down what it tells about. */
  write(chunk: Buffer): void {
    this.#tail = (this.#tail + chunk.toString('utf8')).slice(-TAIL_BYTES);
    try {
      if (this.#bytes + chunk.length > this.#maxBytes) this.#rotate();
      this.#bytes += writeSync(this.#descriptor, chunk);
    } catch {
      // What was to be written is in the tail at least.
    }
  }

  /** The last lines written through this object. */
  tail(): string {
    return this.#tail;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #rotate(): void {
    renameSync(this.path, `${this.path}.1`);
    const full = this.#descriptor;
    this.#descriptor = openSync(this.path, 'a', 0o600);
    closeSync(full);
    this.#bytes = 0;
  }
}
