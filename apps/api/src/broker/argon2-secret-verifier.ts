import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import type { SecretVerifier } from './device-authenticator.js';

/** Argon2id on the thread pool. The library reads the cost of each run from the hash itself. */
export class Argon2SecretVerifier implements SecretVerifier {
  /** Nobody's hash, with the cost of everybody's, so that an unknown user takes as long as a wrong secret. */
  readonly #nobody = hash(randomBytes(24));

  constructor() {
    // Awaited by every verification; without this a failure before the first would end the process.
    this.#nobody.catch(() => {});
  }

  async verify(secretHash: string | undefined, secret: Uint8Array): Promise<boolean> {
    const matches = await verify(secretHash ?? (await this.#nobody), secret);
    return matches && secretHash !== undefined;
  }
}
