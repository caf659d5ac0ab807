import { createHash, timingSafeEqual } from 'node:crypto';
import type { Env } from '../config/env.js';
import { writeFreshSecret } from '../config/data-dir.js';

/** Name of the token's file below the data folder. */
export const LOCAL_TOKEN_FILE = 'local-token';

/** Shows that its bearer can read the data folder, that is, owns the machine. A new one at every start. */
export class LocalToken {
  readonly value: string;

  constructor(value: string) {
    this.value = value;
  }

  matches(candidate: string): boolean {
    // Hashed first: equal lengths, and the comparison says nothing of where they differ.
    return timingSafeEqual(sha256(candidate), sha256(this.value));
  }
}

export async function createLocalToken(env: Env): Promise<LocalToken> {
  return new LocalToken(await writeFreshSecret(env.dataDir, LOCAL_TOKEN_FILE));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
