import type { IncomingHttpHeaders } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { QueueFull } from '../broker/bounded-queue.js';
import { LOGGER } from '../common/logger.js';
import { AttemptThrottle } from './attempt-throttle.js';
import { SignInBusy, WrongCredentials } from './errors.js';
import { SessionService, type Client, type SignedIn } from './session.service.js';

@Injectable()
export class SignInService {
  readonly #sessions: SessionService;
  readonly #throttle: AttemptThrottle;
  readonly #logger: Logger;

  constructor(sessions: SessionService, throttle: AttemptThrottle, @Inject(LOGGER) logger: Logger) {
    this.#sessions = sessions;
    this.#throttle = throttle;
    this.#logger = logger;
  }

  /** Throws `TooManyAttempts`, also for the right password while the wait lasts; `WrongCredentials`. */
  async signIn(email: string, password: string, client: Client): Promise<SignedIn> {
    await this.#throttle.beforeSignIn(client.address, email);
    const signedIn = await this.#check(email, password, client);
    await this.#throttle.afterSignIn(client.address, email);
    this.#logger.info({ userId: signedIn.user.id, address: client.address }, 'signed in');
    return signedIn;
  }

  signOut(headers: IncomingHttpHeaders): Promise<readonly string[]> {
    return this.#sessions.signOut(headers);
  }

  async #check(email: string, password: string, client: Client): Promise<SignedIn> {
    try {
      return await this.#sessions.signIn(email, password, client);
    } catch (error) {
      if (error instanceof QueueFull) throw new SignInBusy(error);
      if (error instanceof WrongCredentials) {
        this.#logger.warn({ address: client.address }, 'sign-in refused');
      }
      throw error;
    }
  }
}
