// The one truth about where a connection stands.

import type { AuthContext, EnhancedAuthenticator } from '../auth/enhanced-authenticator.js';
import type { Principal } from '../auth/principal.js';
import type { ConnectPacket, Will } from '../codec/packets.js';
import type { ProtocolVersion, Sender } from '../message.js';
import type { LateMap } from '../late-map.js';
import type { Session } from '../session/session.js';
import type { Topic } from '../topic/topic-name.js';
import type { AckQueue } from './ack-queue.js';

/** An exchange of AUTH packets under way. */
export interface Exchanging {
  /** The client's next data. Throws ProtocolError when the last ones are not answered yet. */
  take(data: Uint8Array | undefined): void;
  /** Nobody waits for its end any more. */
  abandon(): void;
}

/** How a client authenticated by an exchange, and may again. */
export interface Authentication {
  readonly authenticator: EnhancedAuthenticator;
  readonly context: AuthContext;
}

/** A connection with an accepted CONNECT. */
export interface Open {
  readonly at: 'open';
  readonly session: Session;
  /** Another object after a re-authentication, with the same id. */
  principal: Principal;
  sender: Sender;
  readonly version: ProtocolVersion;
  readonly keepAliveSeconds: number;
  readonly connectedAtMs: number;
  readonly sendQuota: number;
  /** The Session Expiry Interval of the CONNECT, before our limit. */
  readonly requestedExpirySeconds: number;
  readonly problemInformation: boolean;
  readonly aliases: LateMap<number, Topic>;
  /** Undefined until the first acknowledgement. */
  acks: AckQueue | undefined;
  will: Will | undefined;
  /** Undefined when the CONNECT named no authentication method. */
  readonly authentication: Authentication | undefined;
  /** While the client authenticates again. */
  reauthentication: Exchanging | undefined;
}

export type Phase =
  | { readonly at: 'awaiting-connect' }
  | { readonly at: 'authenticating'; readonly connect: ConnectPacket }
  | {
      readonly at: 'exchanging';
      readonly connect: ConnectPacket;
      readonly method: string;
      readonly exchange: Exchanging;
    }
  | Open
  | { readonly at: 'closed' };
