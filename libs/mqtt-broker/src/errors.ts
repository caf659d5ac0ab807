// The errors that the broker throws and understands. Foreseen behaviour of a peer that ends its
// connection is a ProtocolError; it never leaves the driver.

import { ReasonCode } from './codec/reason-codes.js';
import type { ListenerOptions } from './listener-options.js';

/** What an error is about, where not everybody answers it alike. */
export type ErrorSubject =
  | 'auth'
  | 'client-identifier'
  | 'connect-text'
  | 'disconnect-reason'
  | 'packet-identifier'
  | 'ping'
  | 'property'
  | 'remaining-length'
  | 'share'
  | 'subscription'
  | 'topic';

/** A peer broke the protocol or a limit. Ends its connection with `reasonCode`. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly reasonCode: number;
  readonly about: ErrorSubject | undefined;

  constructor(reasonCode: number, message: string, about?: ErrorSubject) {
    super(message);
    this.reasonCode = reasonCode;
    this.about = about;
  }
}

/** The bytes cannot be a packet: MQTT 5.0 section 4.13, reason code 0x81. */
export function malformed(message: string, about?: ErrorSubject): ProtocolError {
  return new ProtocolError(ReasonCode.malformedPacket, message, about);
}

/** The packet is well formed but not allowed here: reason code 0x82. */
export function violation(message: string, about?: ErrorSubject): ProtocolError {
  return new ProtocolError(ReasonCode.protocolError, message, about);
}

/** What `act` throws is about `subject`. */
export function about<T>(subject: ErrorSubject, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof ProtocolError) || error.about !== undefined) throw error;
    throw new ProtocolError(error.reasonCode, error.message, subject);
  }
}

/**
 * Thrown (or rejected with) by `accept` to refuse one message: on v5 its PUBACK or PUBREC carries
 * `reasonCode`, which must be 0x80 or above.
 */
export class AcceptRefused extends Error {
  override readonly name = 'AcceptRefused';
  readonly reasonCode: number;

  constructor(reasonCode: number, reason?: string) {
    super(reason ?? `refused with reason code 0x${reasonCode.toString(16)}`);
    this.reasonCode = reasonCode;
  }
}

/** A listener could not listen, for example because its port is taken. `port` or `path`, and `code`, say which and why. */
export class ListenFailed extends Error {
  override readonly name = 'ListenFailed';
  /** Of every listener but one on a Unix-domain socket, which has a `path`. */
  readonly port: number | undefined;
  readonly path: string | undefined;
  readonly code: string;

  constructor(options: ListenerOptions, cause: NodeJS.ErrnoException) {
    const isUnix = options.transport === 'unix';
    const where = isUnix ? options.path : `${options.host ?? '*'} port ${options.port}`;
    const isTaken = cause.code === 'EADDRINUSE' && !isUnix;
    const why = isTaken ? 'the port is already in use' : cause.message;
    super(`cannot listen for MQTT over ${options.transport} on ${where}: ${why}`, { cause });
    this.port = isUnix ? undefined : options.port;
    this.path = isUnix ? options.path : undefined;
    this.code = cause.code ?? 'UNKNOWN';
  }
}

/** Keys, certificates or revocation lists that cannot be used. The message names the listener and the piece. */
export class InvalidTls extends Error {
  override readonly name = 'InvalidTls';
}
