// SCRAM-SHA-256 (RFC 5802, RFC 7677), the server's side, without channel binding. Never sees a password and
// derives no key: two HMACs and a hash are all that a client can make it compute.

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { ReasonCode } from '../../codec/reason-codes.js';
import type { Refusal } from '../authenticator.js';
import type {
  AuthAnswer,
  AuthContext,
  AuthExchange,
  EnhancedAuthenticator,
} from '../enhanced-authenticator.js';
import type { Principal } from '../principal.js';
import { saslprep } from './saslprep.js';
import {
  hash,
  hmac,
  MIN_ITERATIONS,
  SALT_BYTES,
  type ScramCredentials,
} from './scram-credentials.js';
import {
  type ClientFirst,
  parseClientFinal,
  parseClientFirst,
  ScramError,
} from './scram-messages.js';

export interface ScramUser {
  credentials: ScramCredentials;
  principal: Principal;
}

export interface ScramOptions {
  /** Looks a user up by its prepared name. Undefined when there is none, or when it may not enter from there. */
  find(
    username: string,
    context: AuthContext,
  ): Promise<ScramUser | undefined> | ScramUser | undefined;
  /** The iteration count that unknown users are told; that of the known ones, or they can be told apart. Default 4096. */
  iterations?: number;
  /**
   * Makes the salts that unknown users are told. Default: new in each process; give one that stays, and unknown users
   * cannot be told by their salt's change at a restart either.
   */
  decoySecret?: Uint8Array;
  /** The server's part of the nonce, printable and without a comma. For test vectors. */
  nonce?: () => string;
}

const METHOD = 'SCRAM-SHA-256';
const NONCE_BYTES = 24;
const NO_DATA = Buffer.alloc(0);

/** The authentication method SCRAM-SHA-256 over users' stored keys, which `scramCredentials` makes. */
export function scramSha256(options: ScramOptions): EnhancedAuthenticator {
  const users = new Users(options);
  const nonce = options.nonce ?? (() => randomBytes(NONCE_BYTES).toString('base64'));
  return { method: METHOD, begin: (context) => new ScramExchange(users, nonce(), context) };
}

class Users {
  readonly #options: ScramOptions;
  readonly #secret: Uint8Array;

  constructor(options: ScramOptions) {
    this.#options = options;
    this.#secret = options.decoySecret ?? randomBytes(32);
  }

  /** An unknown user is one with keys that nobody has. */
  async find(
    username: string,
    context: AuthContext,
  ): Promise<{ credentials: ScramCredentials; principal: Principal | undefined }> {
    const user = await this.#options.find(username, context);
    if (user !== undefined) return user;
    const { iterations = MIN_ITERATIONS } = this.#options;
    const salt = hmac(this.#secret, `salt ${username}`).subarray(0, SALT_BYTES);
    const key = hmac(this.#secret, `key ${username}`);
    return {
      credentials: { salt, iterations, storedKey: key, serverKey: key },
      principal: undefined,
    };
  }
}

/** What was said until the proof. */
interface Challenge {
  first: ClientFirst;
  serverFirst: string;
  nonce: string;
  credentials: ScramCredentials;
  principal: Principal | undefined;
}

class ScramExchange implements AuthExchange {
  readonly #users: Users;
  readonly #serverNonce: string;
  readonly #context: AuthContext;
  #challenge: Challenge | undefined;
  #isAsked = false;

  constructor(users: Users, serverNonce: string, context: AuthContext) {
    this.#users = users;
    this.#serverNonce = serverNonce;
    this.#context = context;
  }

  async next(data: Buffer | undefined): Promise<AuthAnswer> {
    try {
      if (this.#challenge !== undefined) return verify(this.#challenge, data ?? NO_DATA);
      // The mechanism begins with the client: one that brought no data is asked for them. (RFC 4422 section 5)
      if (data === undefined && !this.#isAsked) {
        this.#isAsked = true;
        return { kind: 'continue' };
      }
      return await this.#challengeFor(parseClientFirst(data ?? NO_DATA));
    } catch (error) {
      if (error instanceof ScramError) return refusal(error.message);
      throw error;
    }
  }

  async #challengeFor(first: ClientFirst): Promise<AuthAnswer> {
    const username = saslprep(first.username);
    if (username === undefined || username === '')
      throw new ScramError('invalid-username-encoding');
    // Nobody acts for another.
    if (first.authorizeAs !== undefined && saslprep(first.authorizeAs) !== username) {
      throw new ScramError('other-error');
    }
    const { credentials, principal } = await this.#users.find(username, this.#context);
    const nonce = first.nonce + this.#serverNonce;
    const salt = Buffer.from(credentials.salt).toString('base64');
    const serverFirst = `r=${nonce},s=${salt},i=${credentials.iterations}`;
    this.#challenge = { first, serverFirst, nonce, credentials, principal };
    return { kind: 'continue', data: Buffer.from(serverFirst) };
  }
}

function verify(challenge: Challenge, data: Buffer): AuthAnswer {
  const { first, serverFirst, nonce, credentials, principal } = challenge;
  const { channelBinding, nonce: repeated, proof, withoutProof } = parseClientFinal(data);
  // What the client says now that it said first: a difference is somebody between us.
  if (channelBinding.toString('utf8') !== first.gs2Header) {
    throw new ScramError('channel-bindings-dont-match');
  }
  if (repeated !== nonce) throw new ScramError('invalid-proof');
  const signed = `${first.bare},${serverFirst},${withoutProof}`;
  const signature = hmac(credentials.storedKey, signed);
  if (proof.length !== signature.length) throw new ScramError('invalid-proof');
  const clientKey = signature.map((byte, i) => byte ^ (proof[i] ?? 0));
  const isRight = timingSafeEqual(hash(clientKey), credentials.storedKey);
  if (!isRight || principal === undefined) throw new ScramError('invalid-proof');
  const verifier = hmac(credentials.serverKey, signed).toString('base64');
  return { kind: 'success', principal, data: Buffer.from(`v=${verifier}`) };
}

/** RFC 5802 says the error in the server's final message; MQTT's CONNACK says it as a reason. */
function refusal(error: string): Refusal {
  return { refused: true, reasonCode: ReasonCode.notAuthorized, reason: `e=${error}` };
}
