// The first run: a link with a one-time token, printed in the terminal, makes the owner and the home.
import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type Home, type HomeId, type setupRequestSchema } from '@hearth/contracts';
import type { z } from 'zod';
import { AttemptThrottle } from '../auth/attempt-throttle.js';
import { SessionService, type Client, type SignedIn } from '../auth/session.service.js';
import { hashSecret } from '../common/secret-hash.js';
import { ENV, type Env } from '../config/env.js';
import { HearthEventBus } from '../events/hearth-events.js';
import { SetupDone, SetupRefused } from './errors.js';
import { SetupRepository } from './setup.repository.js';

const TOKEN_BYTES = 32;

@Injectable()
export class SetupService implements OnModuleInit {
  readonly #repository: SetupRepository;
  readonly #throttle: AttemptThrottle;
  readonly #sessions: SessionService;
  readonly #events: HearthEventBus;
  readonly #env: Env;
  #url: string | undefined;

  constructor(
    repository: SetupRepository,
    throttle: AttemptThrottle,
    sessions: SessionService,
    events: HearthEventBus,
    @Inject(ENV) env: Env,
  ) {
    this.#repository = repository;
    this.#throttle = throttle;
    this.#sessions = sessions;
    this.#events = events;
    this.#env = env;
  }

  /** Makes a fresh token while nobody owns this installation; links of earlier starts stop working. */
  async onModuleInit(): Promise<void> {
    if (!(await this.#repository.isNeeded())) return;
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    await this.#repository.replaceToken(sha256(token));
    this.#url = `${this.#env.publicUrl}/setup?token=${token}`;
  }

  /** The link to print; undefined once Hearth is set up. */
  get url(): string | undefined {
    return this.#url;
  }

  isNeeded(): Promise<boolean> {
    return this.#repository.isNeeded();
  }

  /** Throws `SetupRefused`, `SetupDone` or `TooManyAttempts`. The owner is signed in afterwards. */
  async finish(
    request: z.output<typeof setupRequestSchema>,
    client: Client,
  ): Promise<{ home: Home; signedIn: SignedIn }> {
    await this.#throttle.beforeSetup(client.address);
    if (!(await this.#repository.isNeeded())) throw new SetupDone();
    const tokenHash = sha256(request.token);
    // Before the password is hashed: only the holder of the link may make us work.
    if (!(await this.#isValid(tokenHash))) throw new SetupRefused();
    const home = await this.#create(request, tokenHash);
    this.#url = undefined;
    this.#events.emit('changed', { what: 'home', deviceId: null });
    const { email, password } = request.owner;
    return { home, signedIn: await this.#sessions.signIn(email, password, client) };
  }

  async #create(
    { owner, home }: z.output<typeof setupRequestSchema>,
    tokenHash: string,
  ): Promise<Home> {
    const homeId = randomUUID() as HomeId;
    const email = owner.email.toLowerCase();
    return this.#repository.finish(
      tokenHash,
      {
        userId: randomUUID(),
        accountId: randomUUID(),
        name: owner.name,
        email,
        passwordHash: await hashSecret(owner.password),
        home: { id: homeId, ...home },
      },
      { homeId, actor: email, action: 'home.set-up', subject: homeId },
    );
  }

  async #isValid(tokenHash: string): Promise<boolean> {
    const hashes = await this.#repository.listTokenHashes();
    return hashes.some((hash) => timingSafeEqual(Buffer.from(hash), Buffer.from(tokenHash)));
  }
}

/** 64 hexadecimal characters. Not salted: the token is random. */
function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
