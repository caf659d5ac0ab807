// What a server keeps of a SCRAM-SHA-256 password: RFC 5802 section 3. The password cannot be had from it,
// and it cannot be used to log in elsewhere.

import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { saslprep } from './saslprep.js';

/** A user's stored keys. */
export interface ScramCredentials {
  readonly salt: Uint8Array;
  readonly iterations: number;
  /** 32 bytes: H(ClientKey). */
  readonly storedKey: Uint8Array;
  /** 32 bytes. */
  readonly serverKey: Uint8Array;
}

/** RFC 7677 asks for at least 4096; a client computes them all at each login, small devices included. */
export const MIN_ITERATIONS = 4096;
export const SALT_BYTES = 16;
const KEY_BYTES = 32;

const derive = promisify(pbkdf2);

/**
 * Makes the stored keys of a password, off the event loop. `salt` is for tests and for migrating; by default a new
 * one. Throws a RangeError on fewer than 4096 iterations and on a password with a character that SASLprep prohibits.
 */
export async function scramCredentials(
  password: string,
  {
    iterations = MIN_ITERATIONS,
    salt = randomBytes(SALT_BYTES),
  }: { iterations?: number; salt?: Uint8Array } = {},
): Promise<ScramCredentials> {
  if (!Number.isSafeInteger(iterations) || iterations < MIN_ITERATIONS) {
    throw new RangeError(
      `iterations must be a whole number of ${MIN_ITERATIONS} or more, not ${iterations}`,
    );
  }
  const prepared = saslprep(password);
  if (prepared === undefined || prepared === '') {
    throw new RangeError('the password is empty or has a character that SASLprep prohibits');
  }
  const salted = await derive(prepared, salt, iterations, KEY_BYTES, 'sha256');
  return {
    salt,
    iterations,
    storedKey: hash(hmac(salted, 'Client Key')),
    serverKey: hmac(salted, 'Server Key'),
  };
}

export function hmac(key: Uint8Array, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

export function hash(data: Uint8Array): Buffer {
  return createHash('sha256').update(data).digest();
}
