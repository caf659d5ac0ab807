import { verify } from '@node-rs/argon2';
import { hashSecret, newSecret } from '../common/secret-hash.js';
import type { SecretVerifier } from './device-authenticator.js';

/** Argon2id on the thread pool. The secret stays bytes: MQTT passwords need not be text. */
export class Argon2SecretVerifier implements SecretVerifier {
  /** Nobody's hash, with the cost of everybody's, so that an unknown user takes as long as a wrong secret. */
  readonly #nobody = hashSecret(newSecret());

  constructor() {
    // Awaited by every verification; without this a failure before the first would end the process.
    this.#nobody.catch(() => {});
  }

  async verify(secretHash: string | undefined, secret: Uint8Array): Promise<boolean> {
    const matches = await verify(secretHash ?? (await this.#nobody), secret);
    return matches && secretHash !== undefined;
  }
}
