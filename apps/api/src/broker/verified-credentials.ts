// Remembers which secret a principal proved last, so that a mass reconnect does not cost one Argon2
// run a device. Holds no secret: only an HMAC under a key that lives and dies with the process.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Principals remembered; the one that was used longest ago goes first. About 300 bytes each. */
const MAX_VERIFIED_CREDENTIALS = 20_000;

interface Proof {
  readonly secretMac: Buffer;
  /** The stored hash that the secret was verified against: a rotated secret never matches, whatever the order of events. */
  readonly secretHash: string;
}

export class VerifiedCredentials {
  readonly #key = randomBytes(32);
  readonly #proofs = new Map<string, Proof>();
  readonly #maxEntries: number;

  constructor(maxEntries = MAX_VERIFIED_CREDENTIALS) {
    this.#maxEntries = maxEntries;
  }

  /** True when this secret was verified for this principal against this very hash. */
  has(principalId: string, secretHash: string, secret: Uint8Array): boolean {
    const proof = this.#proofs.get(principalId);
    if (proof?.secretHash !== secretHash) return false;
    if (!timingSafeEqual(proof.secretMac, this.#macOf(secret))) return false;
    this.#proofs.delete(principalId);
    this.#proofs.set(principalId, proof);
    return true;
  }

  remember(principalId: string, secretHash: string, secret: Uint8Array): void {
    this.#proofs.delete(principalId);
    this.#proofs.set(principalId, { secretMac: this.#macOf(secret), secretHash });
    if (this.#proofs.size <= this.#maxEntries) return;
    const [oldest] = this.#proofs.keys();
    if (oldest !== undefined) this.#proofs.delete(oldest);
  }

  forget(principalId: string): void {
    this.#proofs.delete(principalId);
  }

  #macOf(secret: Uint8Array): Buffer {
    return createHmac('sha256', this.#key).update(secret).digest();
  }
}
