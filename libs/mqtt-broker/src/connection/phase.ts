// The one truth about where a connection stands.

import type { Principal } from '../auth/principal.js';
import type { ConnectPacket, Will } from '../codec/packets.js';
import type { ProtocolVersion, Sender } from '../message.js';
import type { Session } from '../session/session.js';
import type { Topic } from '../topic/topic-name.js';
import type { AckQueue } from './ack-queue.js';

/** A connection with an accepted CONNECT. */
export interface Open {
  readonly at: 'open';
  readonly session: Session;
  readonly principal: Principal;
  readonly sender: Sender;
  readonly version: ProtocolVersion;
  readonly keepAliveSeconds: number;
  readonly connectedAtMs: number;
  readonly sendQuota: number;
  /** The Session Expiry Interval of the CONNECT, before our limit. */
  readonly requestedExpirySeconds: number;
  readonly problemInformation: boolean;
  readonly aliases: Map<number, Topic>;
  readonly acks: AckQueue;
  will: Will | undefined;
}

export type Phase =
  | { readonly at: 'awaiting-connect' }
  | { readonly at: 'authenticating'; readonly connect: ConnectPacket }
  | Open
  | { readonly at: 'closed' };
