// The port through which an exchange of AUTH packets becomes a principal: MQTT 5.0 section 4.12.

import type { Credentials, Refusal } from './authenticator.js';
import type { Principal } from './principal.js';

/** Who begins an exchange. */
export interface AuthContext extends Credentials {
  /**
   * Set when the client of an open connection authenticates again: whom the connection acts for. The exchange must
   * end with the same id. The password of the CONNECT is not kept until then.
   */
  reauthenticates?: Principal;
}

/** The client has to say more. */
export interface AuthContinue {
  kind: 'continue';
  data?: Uint8Array;
}

/** The client is `principal`; `data` goes to it with the CONNACK, or with the AUTH that ends a re-authentication. */
export interface AuthSuccess {
  kind: 'success';
  principal: Principal;
  data?: Uint8Array;
}

export type AuthAnswer = AuthContinue | AuthSuccess | Refusal;

/** One exchange with one client. It is forgotten at its end, and when the client goes or takes too long. */
export interface AuthExchange {
  /**
   * Called for each of the client's data in turn, first for those of its CONNECT (or of the AUTH that begins a
   * re-authentication), and never before the last call was answered. A throw or a rejection refuses with 0x88.
   */
  next(data: Buffer | undefined): Promise<AuthAnswer> | AuthAnswer;
}

/** One authentication method. A CONNECT that names it is not shown to the `Authenticator`. */
export interface EnhancedAuthenticator {
  /** As clients name it in CONNECT, for example `SCRAM-SHA-256`. */
  readonly method: string;
  begin(context: AuthContext): AuthExchange;
}
