import type { Principal } from '../../auth/principal.js';
import { AclCheck, type AclClient } from '../acl-file/acl-check.js';
import type { Acl } from '../acl-file/acl-file.js';
import type { Realm } from './realm.js';

/** What one client may do: everything without an ACL file, else what the file says at the moment. */
export function principalOf(realm: Realm, id: string, client: AclClient): Principal {
  // A realm that has an ACL file keeps having one; without one, nothing is asked per message.
  if (realm.acl === undefined) {
    return { id, canPublish: isPlain, canSubscribe: () => true };
  }
  return new AclPrincipal(realm, id, client);
}

class AclPrincipal implements Principal {
  readonly id: string;
  readonly #realm: Realm;
  readonly #client: AclClient;
  #acl: Acl | undefined;
  #check: AclCheck | undefined;

  constructor(realm: Realm, id: string, client: AclClient) {
    this.id = id;
    this.#realm = realm;
    this.#client = client;
  }

  canPublish(topic: string): boolean {
    return isPlain(topic) && this.#may('write', topic);
  }

  // As in Mosquitto, whoever may read a part of what a filter asks for gets that part.
  canSubscribe(): boolean {
    return true;
  }

  canReceive(topic: string): boolean {
    return this.#may('read', topic);
  }

  #may(access: 'read' | 'write', topic: string): boolean {
    const { acl } = this.#realm;
    if (acl === undefined) return false;
    if (this.#check === undefined || this.#acl !== acl) {
      this.#acl = acl;
      this.#check = new AclCheck(acl, this.#client);
    }
    return this.#check.may(access, topic);
  }
}

/** Nothing may look like Mosquitto's control interface, which is not there, nor like a shared subscription. */
function isPlain(topic: string): boolean {
  return !topic.startsWith('$CONTROL/') && !topic.startsWith('$share/');
}
