// Whether who published a retained message still may: asked anew for each SUBSCRIBE that wants it, once per publisher.

import { isPrincipal } from '../auth/authenticator.js';
import type { Principal } from '../auth/principal.js';
import { principalIdOf } from '../session/session-registry.js';
import type { StoredRetained } from '../storage/storage.js';
import type { Core } from './core.js';
import { mayPublish } from './deny.js';

/** The principal with this id, as the first of the broker's authenticators knows it. Undefined when none does. */
export async function recall(core: Core, principalId: string): Promise<Principal | undefined> {
  for (const authenticator of core.authenticators) {
    const answer = await authenticator.recall?.(principalId);
    if (isPrincipal(answer)) return answer;
  }
  return undefined;
}

export class RetainSources {
  readonly #core: Core;
  /** By the publishing session's key; undefined where there is no such principal any more. */
  readonly #known = new Map<string, Principal | undefined>();

  constructor(core: Core) {
    this.#core = core;
  }

  /** Resolves when the publisher is known; undefined when it is known already, or is the embedding program. */
  lookUp({ publisher }: StoredRetained): Promise<void> | undefined {
    if (publisher === undefined || this.#known.has(publisher)) return undefined;
    const connected = this.#core.sessions.at(publisher)?.link?.principal;
    if (connected === undefined) return this.#recall(publisher);
    this.#known.set(publisher, connected);
    return undefined;
  }

  /** Only of a publisher that is known. */
  mayHave({ publisher, topic }: StoredRetained): boolean {
    if (publisher === undefined) return true;
    const principal = this.#known.get(publisher);
    return principal !== undefined && mayPublish(principal, topic);
  }

  async #recall(publisher: string): Promise<void> {
    let principal: Principal | undefined;
    try {
      principal = await recall(this.#core, principalIdOf(publisher));
    } catch (error) {
      this.#core.onError(error);
    }
    this.#known.set(publisher, principal);
  }
}
