import type { Authenticator, Credentials, Refusal } from '../../auth/authenticator.js';
import type { Principal } from '../../auth/principal.js';
import { ReasonCode } from '../../codec/reason-codes.js';
import type { Users } from '../password-file/password-file.js';
import { type PasswordVerifier, TooManyLogins } from '../password-file/verify-password.js';
import type { Realm } from './realm.js';
import { principalOf } from './realm-principal.js';

export interface RealmAuthenticatorOptions {
  realm: Realm;
  verifier: PasswordVerifier;
  /** Lets clients in that send no user name; without a password file, also those that send one. */
  allowAnonymous: boolean;
}

const refused: Refusal = { refused: true, reasonCode: ReasonCode.notAuthorized };

/**
 * Mosquitto's rules: who sends a user name must be in the password file, if there is one; everybody else
 * depends on `allowAnonymous`.
 */
export class RealmAuthenticator implements Authenticator {
  readonly #realm: Realm;
  readonly #verifier: PasswordVerifier;
  readonly #allowAnonymous: boolean;

  constructor({ realm, verifier, allowAnonymous }: RealmAuthenticatorOptions) {
    this.#realm = realm;
    this.#verifier = verifier;
    this.#allowAnonymous = allowAnonymous;
  }

  authenticate(credentials: Credentials): Promise<Principal | Refusal> | Principal | Refusal {
    const { clientId, username, password } = credentials;
    const { users } = this.#realm;
    if (username !== undefined && users !== undefined) {
      // At once: who comes back must not wait behind those who are new.
      return password !== undefined && this.#verifier.remembers(users, username, password)
        ? this.#let(username, clientId)
        : this.#verify(clientId, username, password);
    }
    if (!this.#allowAnonymous) return refused;
    return principalOf(this.#realm, anonymousId(username), { clientId, username });
  }

  recall(principalId: string): Principal | undefined {
    const realm = this.#realm;
    // Whose connection is gone has no client identifier to put into a pattern.
    const principal = (username: string | undefined): Principal =>
      principalOf(realm, principalId, { clientId: undefined, username });
    const user = realm.userOf(principalId);
    if (user !== undefined) return principal(user);
    if (!this.#allowAnonymous) return undefined;
    if (principalId === anonymousId(undefined)) return principal(undefined);
    const unverified = anonymousId('');
    return principalId.startsWith(unverified)
      ? principal(principalId.slice(unverified.length))
      : undefined;
  }

  #let(username: string, clientId: string): Principal {
    const realm = this.#realm;
    return principalOf(realm, realm.principalId(username), { clientId, username });
  }

  async #verify(
    clientId: string,
    username: string,
    password: Buffer | undefined,
  ): Promise<Principal | Refusal> {
    const realm = this.#realm;
    for (;;) {
      const { users } = realm;
      if (users === undefined) return refused;
      const isRight = await this.#isRight(users, username, password);
      // Nobody comes in by a file that was replaced while the password was checked.
      if (users !== realm.users) continue;
      if (isRight === 'busy') {
        return { refused: true, reasonCode: ReasonCode.serverBusy, reason: 'too many logins' };
      }
      if (!isRight) return refused;
      return this.#let(username, clientId);
    }
  }

  async #isRight(
    users: Users,
    username: string,
    password: Buffer | undefined,
  ): Promise<boolean | 'busy'> {
    // As in Mosquitto, not even a user whose password is empty comes in without one.
    if (password === undefined || password.length === 0) return false;
    try {
      return await this.#verifier.verify(users, username, password);
    } catch (error) {
      if (error instanceof TooManyLogins) return 'busy';
      throw error;
    }
  }
}

/** A name that nobody checked owns nothing of a user whose password was checked. */
function anonymousId(username: string | undefined): string {
  return username === undefined ? 'anonymous' : `unverified:${username}`;
}
