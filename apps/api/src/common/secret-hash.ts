// Argon2id for everything that opens a door: passwords of people, of integrations, secrets of devices.
// One cost for all, so that the time of a refusal does not say what kind of name was tried.
import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

const DEVICE_SECRET_BYTES = 24;

/** 192 random bits as 32 URL-safe characters. */
export function newSecret(): string {
  return randomBytes(DEVICE_SECRET_BYTES).toString('base64url');
}

/** PHC string of Argon2id with the library's defaults, OWASP's first choice (19 MiB, 2 passes). Runs in the thread pool. */
export function hashSecret(secret: string): Promise<string> {
  return hash(secret);
}

export function verifySecret(secretHash: string, secret: string): Promise<boolean> {
  return verify(secretHash, secret);
}
