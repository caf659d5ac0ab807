// One exchange of AUTH packets, whoever began it: hands the client's data to the authenticator and its
// answers to those who know what follows.

import { isPrincipal, isRefusal, isThenable, type Refusal } from '../auth/authenticator.js';
import type {
  AuthAnswer,
  AuthContext,
  AuthContinue,
  AuthExchange,
  AuthSuccess,
  EnhancedAuthenticator,
} from '../auth/enhanced-authenticator.js';
import type { Properties } from '../codec/properties.js';
import { ReasonCode } from '../codec/reason-codes.js';
import { violation } from '../errors.js';
import type { Connection } from './connection.js';
import type { Exchanging } from './phase.js';

const MAX_DATA_BYTES = 0xffff;

/** What follows an exchange's end, and whether the client may send other things meanwhile. */
export interface ExchangeEnds {
  readonly pausesReading: boolean;
  success(answer: AuthSuccess): void;
  refused(refusal: Refusal): void;
}

export class Exchange implements Exchanging {
  readonly #method: string;
  readonly #connection: Connection;
  readonly #begin: () => AuthExchange;
  readonly #ends: ExchangeEnds;
  #exchange: AuthExchange | undefined;
  #isThinking = false;
  #isOver = false;

  constructor(
    connection: Connection,
    authenticator: EnhancedAuthenticator,
    context: AuthContext,
    ends: ExchangeEnds,
  ) {
    this.#method = authenticator.method;
    this.#connection = connection;
    this.#begin = () => authenticator.begin(context);
    this.#ends = ends;
  }

  take(data: Uint8Array | undefined): void {
    if (this.#isThinking) throw violation('AUTH before the last one was answered');
    const bytes = data === undefined ? undefined : Buffer.from(data);
    let answer: AuthAnswer | Promise<AuthAnswer>;
    try {
      this.#exchange ??= this.#begin();
      answer = this.#exchange.next(bytes);
    } catch {
      this.#fail();
      return;
    }
    if (!isThenable(answer)) {
      this.#settle(answer);
      return;
    }
    this.#isThinking = true;
    if (this.#ends.pausesReading) this.#connection.effects.pause();
    answer
      .then(
        (settled) => this.#settle(settled),
        () => this.#fail(),
      )
      .catch((error: unknown) => this.#connection.failInside(error, undefined))
      .finally(() => {
        if (this.#ends.pausesReading) this.#connection.effects.resume();
      });
  }

  abandon(): void {
    this.#isOver = true;
  }

  #settle(answer: AuthAnswer): void {
    this.#isThinking = false;
    if (this.#isOver) return;
    if (isRefusal(answer)) this.#end(answer);
    else if (!isAnswer(answer)) {
      this.#connection.core.onError(new TypeError('the authenticator gave no possible answer'));
      this.#fail();
    } else if (answer.kind === 'success') this.#end(answer);
    else if (!this.#ask(answer.data)) {
      const reason = 'its Maximum Packet Size has no room for the AUTH';
      this.#end({ refused: true, reasonCode: ReasonCode.packetTooLarge, reason });
    }
  }

  #fail(): void {
    this.#isThinking = false;
    if (this.#isOver) return;
    const reason = 'authentication is not available';
    this.#end({ refused: true, reasonCode: ReasonCode.serverUnavailable, reason });
  }

  #ask(data: Uint8Array | undefined): boolean {
    const { effects } = this.#connection;
    const reasonCode = ReasonCode.continueAuthentication; // [MQTT-4.12.0-2]
    return effects.send({
      type: 'auth',
      reasonCode,
      properties: authProperties(this.#method, data),
    });
  }

  #end(answer: AuthSuccess | Refusal): void {
    this.#isOver = true;
    if (isRefusal(answer)) this.#ends.refused(answer);
    else this.#ends.success(answer);
  }
}

/** Asked of whatever an embedding program answers: what is none must not let anybody in. */
function isAnswer(answer: AuthContinue | AuthSuccess): boolean {
  if (typeof answer !== 'object' || answer === null) return false;
  const { kind, data } = answer;
  if (data !== undefined && !(data instanceof Uint8Array && data.length <= MAX_DATA_BYTES)) {
    return false;
  }
  return kind === 'continue' || (kind === 'success' && isPrincipal(answer.principal));
}

/**
 * The method that the CONNECT named, in everything that the exchange sends [MQTT-4.12.0-5]; no reason string and no
 * user properties. [MQTT-3.15.2-2] [MQTT-3.15.2-3]
 */
export function authProperties(method: string, data: Uint8Array | undefined): Properties {
  return data === undefined
    ? { authenticationMethod: method }
    : { authenticationMethod: method, authenticationData: data };
}
