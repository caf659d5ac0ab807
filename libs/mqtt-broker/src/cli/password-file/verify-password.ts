// Whether a password is the one behind a hash: off the event loop, a few at a time, and at the same cost
// whether the user exists or not.

import { createHash, hash as digestOf, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { PasswordHash, Users } from './password-file.js';

const derive = promisify(pbkdf2);

/** Checks waiting for their turn are too many. The CONNECT is refused with "server unavailable". */
export class TooManyLogins extends Error {
  override readonly name = 'TooManyLogins';
}

// libuv has four threads; files and names need some too.
const CONCURRENT = 3;
const MAX_WAITING = 10_000;

/** Bounds how many passwords are being checked at once, over all listeners. */
export class PasswordVerifier {
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  /**
   * A keyed digest of the password that was found right for a hash: who comes back is not derived again, or a fleet that
   * reconnects would wait for its passwords. Forgotten with the file's entry when the file is read again.
   */
  readonly #right = new WeakMap<PasswordHash, Buffer>();
  readonly #key = randomBytes(32);

  /** Whether this very password was found right before. */
  remembers(users: Users, user: string, password: Buffer): boolean {
    const known = users.get(user);
    const digest = this.#digest(password);
    const right = known === undefined ? undefined : this.#right.get(known);
    return right !== undefined && timingSafeEqual(right, digest);
  }

  #digest(password: Buffer): Buffer {
    return digestOf('sha256', Buffer.concat([this.#key, password]), 'buffer');
  }

  /** Rejects with TooManyLogins. */
  async verify(users: Users, user: string, password: Buffer): Promise<boolean> {
    const known = users.get(user);
    const hash = known ?? decoy(users, user);
    if (hash === undefined) return false;
    const isRight = await this.#inTurn(() => matches(hash, password));
    if (isRight && known !== undefined) this.#right.set(known, this.#digest(password));
    return isRight && known !== undefined;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= CONCURRENT) {
      if (this.#waiting.length >= MAX_WAITING) throw new TooManyLogins('too many logins at once');
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    } else this.#running++;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // The turn is handed on; nobody may step in between.
      if (next === undefined) this.#running--;
      else next();
    }
  }
}

/** Somebody else's hash, always the same for one name, so that time does not tell who exists. */
function decoy(users: Users, user: string): PasswordHash | undefined {
  if (users.size === 0) return undefined;
  const number = createHash('sha256').update(user).digest().readUInt32BE();
  return Array.from(users.values())[number % users.size];
}

async function matches(
  { kind, salt, hash, iterations }: PasswordHash,
  password: Buffer,
): Promise<boolean> {
  const derived =
    kind === 'sha512'
      ? createHash('sha512').update(password).update(salt).digest()
      : await derive(password, salt, iterations, hash.length, 'sha512');
  return timingSafeEqual(derived, hash);
}
