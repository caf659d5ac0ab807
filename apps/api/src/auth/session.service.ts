// Sessions of people, through better-auth. Tokens travel in cookies only; no answer's body holds one.
import type { IncomingHttpHeaders } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { Me } from '@hearth/contracts';
import { isAPIError } from 'better-auth/api';
import { DatabaseAway } from '../database/database-away.js';
import { AUTH, type Auth } from './better-auth.js';
import { WrongCredentials } from './errors.js';

/** A user, and the `Set-Cookie` values that the answer must carry (a session is prolonged while it is used). */
export interface SignedIn {
  readonly user: Me['user'];
  readonly expiresAt: Date | undefined;
  readonly cookies: readonly string[];
}

export interface Client {
  readonly address: string;
  readonly userAgent: string | undefined;
}

@Injectable()
export class SessionService {
  readonly #auth: Auth;

  constructor(@Inject(AUTH) auth: Auth) {
    this.#auth = auth;
  }

  /** Throws `WrongCredentials`, after the same work for an unknown address as for a wrong password. */
  async signIn(email: string, password: string, client: Client): Promise<SignedIn> {
    const headers = new Headers({ 'x-forwarded-for': client.address });
    if (client.userAgent) headers.set('user-agent', client.userAgent);
    try {
      const { headers: answer, response } = await this.#auth.api.signInEmail({
        body: { email, password },
        headers,
        returnHeaders: true,
      });
      return { user: response.user, expiresAt: undefined, cookies: answer.getSetCookie() };
    } catch (error) {
      if (isAPIError(error) && error.statusCode < 500) throw new WrongCredentials(error);
      throw error;
    }
  }

  /** Ends the session of these headers, if there is one. Answers the cookies that clear the browser's. */
  async signOut(headers: IncomingHttpHeaders): Promise<readonly string[]> {
    const answer = await this.#auth.api.signOut({
      headers: cookieOf(headers),
      returnHeaders: true,
    });
    return answer.headers.getSetCookie();
  }

  /** The user whose session cookie these headers carry. */
  async find(headers: IncomingHttpHeaders): Promise<SignedIn | undefined> {
    if (!headers.cookie) return undefined;
    const { headers: answer, response } = await this.#getSession(headers);
    if (!response) return undefined;
    return {
      user: response.user,
      expiresAt: response.session.expiresAt,
      cookies: answer.getSetCookie(),
    };
  }

  async #getSession(headers: IncomingHttpHeaders) {
    try {
      return await this.#auth.api.getSession({ headers: cookieOf(headers), returnHeaders: true });
    } catch (error) {
      // better-auth keeps to itself what its store threw, and its store is the only thing that fails here.
      if (isAPIError(error) && error.statusCode >= 500) throw new DatabaseAway(error);
      throw error;
    }
  }
}

function cookieOf(headers: IncomingHttpHeaders): Headers {
  return new Headers(headers.cookie ? { cookie: headers.cookie } : {});
}
