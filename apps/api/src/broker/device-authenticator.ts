// Who is connecting? User name and secret against the directory. A wrong secret and an unknown user get
// the same answer after the same work, and guessing is slowed before it costs anything.
import { Inject, Injectable } from '@nestjs/common';
import {
  ReasonCode,
  type Authenticator,
  type Credentials,
  type Principal,
  type Refusal,
} from '@hearth/mqtt-broker';
import { CLOCK, type Clock } from '../common/clock.js';
import {
  Directory,
  type RegisteredDevice,
  type RegisteredIntegration,
} from '../directory/directory.js';
import { BoundedQueue, QueueFull } from './bounded-queue.js';
import { FailureThrottle } from './failure-throttle.js';
import { principalFor } from './principals.js';
import { VerifiedCredentials } from './verified-credentials.js';

/** Checks a secret. Takes about as long for `undefined` (nobody has this user name) as for a real hash. */
export interface SecretVerifier {
  verify(secretHash: string | undefined, secret: Uint8Array): Promise<boolean>;
}

/** Injection token of `SecretVerifier`. */
export const SECRET_VERIFIER = Symbol('SecretVerifier');

/** Argon2 runs at a time. libuv has four threads for everything; two stay free for files and names. */
const MAX_RUNNING_VERIFICATIONS = 2;
/** CONNECTs that may wait for their turn: what two threads verify within a client's usual patience. */
const MAX_WAITING_VERIFICATIONS = 1_000;
/** One board with a wrong secret: ten quick tries, then ten a minute. */
const FAILURES_PER_USER = { burst: 10, refillMs: 6_000, maxKeys: 10_000 };
/** All of one address. Wide, because behind a router or a container bridge a whole home shares one. */
const FAILURES_PER_ADDRESS = { burst: 100, refillMs: 1_000, maxKeys: 10_000 };
/** Longest user name that anybody can have; a longer one is nobody's. */
const MAX_USERNAME_LENGTH = 63;

const WRONG: Refusal = { refused: true, reasonCode: ReasonCode.badUserNameOrPassword };
const TOO_OFTEN: Refusal = {
  refused: true,
  reasonCode: ReasonCode.connectionRateExceeded,
  reason: 'too many wrong credentials, try again in a minute',
};
const BUSY: Refusal = { refused: true, reasonCode: ReasonCode.serverBusy };

@Injectable()
export class DeviceAuthenticator implements Authenticator {
  readonly #directory: Directory;
  readonly #verifier: SecretVerifier;
  readonly #clock: Clock;
  readonly #verified = new VerifiedCredentials();
  readonly #queue = new BoundedQueue(MAX_RUNNING_VERIFICATIONS, MAX_WAITING_VERIFICATIONS);
  readonly #failuresOfUser = new FailureThrottle(FAILURES_PER_USER);
  readonly #failuresOfAddress = new FailureThrottle(FAILURES_PER_ADDRESS);

  /** The stored hash that each principal was verified against. */
  readonly #provenBy = new WeakMap<Principal, string>();

  constructor(
    directory: Directory,
    @Inject(SECRET_VERIFIER) verifier: SecretVerifier,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#directory = directory;
    this.#verifier = verifier;
    this.#clock = clock;
  }

  async authenticate(credentials: Credentials): Promise<Principal | Refusal> {
    const username = (credentials.username ?? '').slice(0, MAX_USERNAME_LENGTH + 1);
    // A copy: the packet's bytes are not ours once this function waits.
    const secret = Buffer.from(credentials.password ?? '');
    const owner = this.#directory.findByUsername(username);
    // Before the throttle: one broken board must not lock out the rest of the house at its address.
    if (owner && this.#verified.has(username, owner.secretHash, secret)) return this.#admit(owner);
    const userKey = `${credentials.address} ${username}`;
    if (this.#isThrottled(userKey, credentials.address)) return TOO_OFTEN;
    const verified = await this.#verify(owner?.secretHash, secret);
    if (verified === 'busy') return BUSY;
    // Asked again: the secret may have been rotated, or the device deleted, while the hash was computed.
    const current = this.#directory.findByUsername(username);
    if (!verified || !current || current.secretHash !== owner?.secretHash) {
      this.#recordFailure(userKey, credentials.address);
      return WRONG;
    }
    this.#verified.remember(username, current.secretHash, secret);
    return this.#admit(current);
  }

  /** Who this is, for a will that an earlier life of the broker left; undefined when it is not registered any more. */
  recall(principalId: string): Principal | undefined {
    const owner = this.#directory.findByUsername(principalId);
    return owner && principalFor(owner);
  }

  /** Nothing verified before counts for this principal any more. */
  forget(principalId: string): void {
    this.#verified.forget(principalId);
  }

  /** True while the credentials that `principal` connected with are the ones that count. */
  isCurrent(principal: Principal): boolean {
    const owner = this.#directory.findByUsername(principal.id);
    return owner !== undefined && owner.secretHash === this.#provenBy.get(principal);
  }

  #admit(owner: RegisteredDevice | RegisteredIntegration): Principal {
    const principal = principalFor(owner);
    this.#provenBy.set(principal, owner.secretHash);
    return principal;
  }

  async #verify(secretHash: string | undefined, secret: Uint8Array): Promise<boolean | 'busy'> {
    try {
      return await this.#queue.run(() => this.#verifier.verify(secretHash, secret));
    } catch (error) {
      if (error instanceof QueueFull) return 'busy';
      throw error;
    }
  }

  #isThrottled(userKey: string, address: string): boolean {
    const now = this.#clock.now();
    return (
      this.#failuresOfUser.isExhausted(userKey, now) ||
      this.#failuresOfAddress.isExhausted(address, now)
    );
  }

  #recordFailure(userKey: string, address: string): void {
    const now = this.#clock.now();
    this.#failuresOfUser.recordFailure(userKey, now);
    this.#failuresOfAddress.recordFailure(address, now);
  }
}
