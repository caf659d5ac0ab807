import { ReasonCode } from '../codec/reason-codes.js';
import type { ProtocolVersion } from '../message.js';

/** The differences in behaviour between the versions. What differs in the packets is the codec's. */
export interface VersionPolicy {
  /** Whether a failed PUBLISH has a negative acknowledgement. */
  readonly refusesByAck: boolean;
  /** Whether an unusable CONNECT is answered with a CONNACK, beyond an unsupported version. */
  readonly explainsBadConnect: boolean;
  /** Whether a client without an identifier always gets one. */
  readonly assignsClientIds: 'always' | 'clean-start' | 'never';
  /** What a client without an identifier is refused with when it gets none. */
  readonly refusesEmptyClientId: number;
  /** Whether Clean Start 0 alone means a session that outlives the connection. */
  readonly persistsUnlessClean: boolean;
  /** Whether the client keeps within Receive Maximum, so that exceeding it is its error. */
  readonly knowsReceiveMaximum: boolean;
}

const v311: VersionPolicy = {
  refusesByAck: false,
  explainsBadConnect: false,
  assignsClientIds: 'clean-start',
  refusesEmptyClientId: ReasonCode.clientIdentifierNotValid,
  persistsUnlessClean: true,
  knowsReceiveMaximum: false,
};

const policies: Record<ProtocolVersion, VersionPolicy> = {
  3: { ...v311, assignsClientIds: 'never' },
  4: v311,
  5: {
    refusesByAck: true,
    explainsBadConnect: true,
    assignsClientIds: 'always',
    // 0x85 is a MAY; Mosquitto's clients know this one.
    refusesEmptyClientId: ReasonCode.unspecifiedError,
    persistsUnlessClean: false,
    knowsReceiveMaximum: true,
  },
};

export function policyOf(version: ProtocolVersion): VersionPolicy {
  return policies[version];
}
