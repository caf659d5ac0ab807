// The errors that the broker throws and understands. Foreseen behaviour of a peer that ends its
// connection is a ProtocolError; it never leaves the driver.

import { ReasonCode } from './codec/reason-codes.js';
import type { ListenerOptions } from './listener-options.js';

/** A peer broke the protocol or a limit. Ends its connection with `reasonCode`. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly reasonCode: number;

  constructor(reasonCode: number, message: string) {
    super(message);
    this.reasonCode = reasonCode;
  }
}

/** The bytes cannot be a packet: MQTT 5.0 section 4.13, reason code 0x81. */
export function malformed(message: string): ProtocolError {
  return new ProtocolError(ReasonCode.malformedPacket, message);
}

/** The packet is well formed but not allowed here: reason code 0x82. */
export function violation(message: string): ProtocolError {
  return new ProtocolError(ReasonCode.protocolError, message);
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
