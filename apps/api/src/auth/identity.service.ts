// Who makes a request: the bearer of the local token, or the user of a session cookie.
import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { HomeId } from '@hearth/contracts';
import { HomeService } from '../homes/home.service.js';
import type { Actor } from './access.js';
import { LocalToken } from './local-token.js';
import { SessionService } from './session.service.js';

export interface Identity {
  readonly actor: Actor;
  /** `Set-Cookie` values for the answer. */
  readonly cookies: readonly string[];
}

const BEARER = /^Bearer +([\w.~+/=-]{1,256})$/i;

@Injectable()
export class IdentityService {
  readonly #sessions: SessionService;
  readonly #homes: HomeService;
  readonly #localToken: LocalToken;
  /** Asked for until there is one, and then no more: who holds the local token sees the counters while the database is away. */
  #homeId: HomeId | undefined;

  constructor(sessions: SessionService, homes: HomeService, localToken: LocalToken) {
    this.#sessions = sessions;
    this.#homes = homes;
    this.#localToken = localToken;
  }

  /** Undefined for nobody. A wrong token is nobody, whatever cookies come with it. */
  async identify(headers: IncomingHttpHeaders): Promise<Identity | undefined> {
    if (headers.authorization !== undefined) return this.#bearer(headers.authorization);
    const signedIn = await this.#sessions.find(headers);
    if (!signedIn) return undefined;
    const membership = await this.#homes.findMembership(signedIn.user.id);
    if (!membership) return undefined;
    const { id, name, email } = signedIn.user;
    return {
      actor: { type: 'user', id, name, email, ...membership },
      cookies: signedIn.cookies,
    };
  }

  async #bearer(authorization: string): Promise<Identity | undefined> {
    const token = BEARER.exec(authorization)?.[1];
    if (token === undefined || !this.#localToken.matches(token)) return undefined;
    this.#homeId ??= (await this.#homes.find())?.id;
    return { actor: { type: 'local', role: 'owner', homeId: this.#homeId }, cookies: [] };
  }
}
