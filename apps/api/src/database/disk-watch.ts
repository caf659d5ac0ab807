// Whether what cannot be stored waits for room on a disk. Told by whoever stores, asked by whoever says how things are.
import { statfs } from 'node:fs/promises';
import { Inject, Injectable } from '@nestjs/common';
import { ENV, type Env } from '../config/env.js';
import { isDiskFull } from './disk-full.js';

/** Postgres takes room for its journal in pieces of 16 MiB, and does not start without one. */
const LEAST_ROOM_BYTES = 16 * 1024 * 1024;

@Injectable()
export class DiskWatch {
  readonly #dataDir: string;
  readonly #waiting = new Set<string>();

  constructor(@Inject(ENV) env: Env) {
    this.#dataDir = env.dataDir;
  }

  /**
   * `what` could not be stored, and is tried again. Answers whether that is for want of room: also when only an earlier
   * attempt said so. A Postgres that could not write its journal restarts, and then tells other errors.
   */
  failed(what: string, error: unknown): boolean {
    if (isDiskFull(error)) this.#waiting.add(what);
    return this.#waiting.has(what);
  }

  stored(what: string): void {
    this.#waiting.delete(what);
  }

  /** Something waits for room. */
  get isFull(): boolean {
    return this.#waiting.size > 0;
  }

  /** The data folder, where an embedded database lives, has too little room for it to start. Never rejects. */
  async isFolderFull(): Promise<boolean> {
    try {
      const { bavail, bsize } = await statfs(this.#dataDir);
      return bavail * bsize < LEAST_ROOM_BYTES;
    } catch {
      return false; // some file systems do not say
    }
  }
}
