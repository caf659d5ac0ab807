// Which rules hold for a client depends on the listener that it came by.

import type { Authenticator, Credentials, Refusal } from '../../auth/authenticator.js';
import type { Principal } from '../../auth/principal.js';
import { ReasonCode } from '../../codec/reason-codes.js';
import type { Realm } from './realm.js';
import type { RealmAuthenticator } from './realm-authenticator.js';
import { principalOf } from './realm-principal.js';

export interface ListenerRules {
  authenticator: RealmAuthenticator;
  realm: Realm;
  /** What of a client's certificate is its user name; its password is then not asked for. */
  identity: 'common-name' | 'subject' | undefined;
}

const CERTIFICATE = 'certificate:';

export class ListenerAuthenticator implements Authenticator {
  readonly #rules: ReadonlyMap<string, ListenerRules>;

  /** By the names of the listeners. */
  constructor(rules: ReadonlyMap<string, ListenerRules>) {
    this.#rules = rules;
  }

  authenticate(credentials: Credentials): Promise<Principal | Refusal> | Principal | Refusal {
    const rules = this.#rules.get(credentials.listener ?? '');
    if (rules === undefined) return { refused: true, reasonCode: ReasonCode.notAuthorized };
    const { authenticator, identity, realm } = rules;
    if (identity === undefined) return authenticator.authenticate(credentials);
    const { certificate, clientId } = credentials;
    const username = identity === 'subject' ? certificate?.subject : certificate?.commonName;
    if (username === undefined || username === '') {
      return { refused: true, reasonCode: ReasonCode.badUserNameOrPassword };
    }
    return principalOf(realm, `${CERTIFICATE}${username}`, { clientId, username });
  }

  /** Where several listeners may have let it in, it may do what all of them allow. */
  recall(principalId: string): Principal | undefined {
    const found: Principal[] = [];
    for (const { authenticator, identity, realm } of this.#rules.values()) {
      if (identity === undefined) {
        const principal = authenticator.recall(principalId);
        if (principal !== undefined) found.push(principal);
      } else if (principalId.startsWith(CERTIFICATE)) {
        const username = principalId.slice(CERTIFICATE.length);
        found.push(principalOf(realm, principalId, { clientId: undefined, username }));
      }
    }
    if (found.length === 0) return undefined;
    return {
      id: principalId,
      canPublish: (topic) => found.every((one) => one.canPublish(topic)),
      canSubscribe: (filter) => found.every((one) => one.canSubscribe(filter)),
      canReceive: (topic) => found.every((one) => one.canReceive?.(topic) !== false),
    };
  }
}
