// Slows guessing, by address and by account. Both waits end by themselves: nobody is locked out for good.
import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../common/clock.js';
import { AttemptRepository } from './attempt.repository.js';
import type { BackOffRule } from './back-off.js';
import { TooManyAttempts } from './errors.js';

const HOUR_MS = 3_600_000;

/** Ten tries, then 5 s, 10 s … 10 min: about 20 guesses in the first hour. */
const PER_ADDRESS: BackOffRule = {
  freeAttempts: 10,
  firstDelayMs: 5_000,
  maxDelayMs: 600_000,
  forgetAfterMs: HOUR_MS,
};
/** Against guessing from many addresses. A minute at most, because anybody can make the owner wait this long. */
const PER_ACCOUNT: BackOffRule = {
  freeAttempts: 15,
  firstDelayMs: 1_000,
  maxDelayMs: 60_000,
  forgetAfterMs: HOUR_MS,
};

@Injectable()
export class AttemptThrottle {
  readonly #attempts: AttemptRepository;
  readonly #clock: Clock;

  constructor(attempts: AttemptRepository, @Inject(CLOCK) clock: Clock) {
    this.#attempts = attempts;
    this.#clock = clock;
  }

  /** Counts a try at signing in. Throws `TooManyAttempts`. */
  async beforeSignIn(address: string, email: string): Promise<void> {
    await this.#attempts.forgetBefore(this.#clock.now() - HOUR_MS);
    await this.#attempt(addressKey('sign-in', address), PER_ADDRESS);
    await this.#attempt(accountKey(email), PER_ACCOUNT);
  }

  async afterSignIn(address: string, email: string): Promise<void> {
    await this.#attempts.forget([addressKey('sign-in', address), accountKey(email)]);
  }

  /** Counts a try at the one-time setup token. Throws `TooManyAttempts`. */
  async beforeSetup(address: string): Promise<void> {
    await this.#attempt(addressKey('setup', address), PER_ADDRESS);
  }

  async #attempt(key: string, rule: BackOffRule): Promise<void> {
    const decision = await this.#attempts.attempt(key, rule, this.#clock.now());
    if (!decision.allowed) throw new TooManyAttempts(decision.retryAfterMs);
  }
}

function addressKey(what: string, address: string): string {
  return `${what} address ${address}`;
}

/** Hashed: short whatever was typed, and a password typed into the wrong field is not kept. */
function accountKey(email: string): string {
  return `sign-in account ${createHash('sha256').update(email.toLowerCase()).digest('base64url')}`;
}
