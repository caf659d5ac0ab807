// The port through which a CONNECT's credentials become a principal.

import type { ProtocolVersion } from '../message.js';
import type { Principal } from './principal.js';

/** How a client reached the broker. */
export type Transport = 'tcp' | 'websocket';

/** What a CONNECT says about its sender. */
export interface Credentials {
  /** The assigned one if the client sent none. */
  clientId: string;
  username?: string;
  password?: Buffer;
  address: string;
  transport: Transport;
  protocolVersion: ProtocolVersion;
}

/** A CONNECT's refusal: its CONNACK carries `reasonCode` (0x80 or above) and, on v5, `reason`. */
export interface Refusal {
  refused: true;
  reasonCode: number;
  reason?: string;
}

/** Called once per CONNECT. A throw or a rejection refuses with 0x88 (server unavailable). */
export interface Authenticator {
  authenticate(credentials: Credentials): Promise<Principal | Refusal> | Principal | Refusal;
  /**
   * The principal with this id, or undefined when there is none any more: asked before the will of a client is published
   * whose connection ended with an earlier life of the broker. Without it such wills are not published.
   */
  recall?(principalId: string): Promise<Principal | undefined> | Principal | undefined;
}

export function isRefusal(answer: Principal | Refusal): answer is Refusal {
  return 'refused' in answer;
}
