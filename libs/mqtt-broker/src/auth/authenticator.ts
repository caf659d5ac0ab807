// The port through which a CONNECT's credentials become a principal.

import { ReasonCode } from '../codec/reason-codes.js';
import type { ProtocolVersion } from '../message.js';
import type { ClientCertificate } from './client-certificate.js';
import type { Principal } from './principal.js';

/** How a client reached the broker. */
export type Transport = 'tcp' | 'tls' | 'websocket' | 'wss' | 'unix';

/** What a CONNECT says about its sender. */
export interface Credentials {
  /** The assigned one if the client sent none. */
  clientId: string;
  username?: string;
  password?: Buffer;
  /** `unix` for a Unix-domain socket. */
  address: string;
  transport: Transport;
  /** The listener's name, where it has one. */
  listener?: string;
  /** What the client proved in the TLS handshake. */
  certificate?: ClientCertificate;
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
   * whose connection ended with an earlier life of the broker, and (with the setting `checkRetainSource`) before a
   * retained message is sent whose publisher is not connected. Without it they are not. Ids are unique over all
   * authenticators of a broker.
   */
  recall?(principalId: string): Promise<Principal | undefined> | Principal | undefined;
}

// Asked of whatever an embedding program answers: what is neither must not let anybody in.

// Some libraries' promises are no instances of Promise.
export function isThenable<T>(answer: T | Promise<T>): answer is Promise<T> {
  return typeof answer === 'object' && answer !== null && 'then' in answer;
}

export function isRefusal(answer: unknown): answer is Refusal {
  return typeof answer === 'object' && answer !== null && 'refused' in answer;
}

export function isPrincipal(answer: unknown): answer is Principal {
  if (typeof answer !== 'object' || answer === null) return false;
  const { id, canPublish, canSubscribe } = answer as Partial<Principal>;
  return (
    typeof id === 'string' && typeof canPublish === 'function' && typeof canSubscribe === 'function'
  );
}

/** The reason code of a refusal; one that does not refuse is replaced. */
export function refusalCode({ reasonCode }: Refusal): number {
  const refuses = Number.isInteger(reasonCode) && reasonCode >= 0x80 && reasonCode <= 0xff;
  return refuses ? reasonCode : ReasonCode.notAuthorized;
}
