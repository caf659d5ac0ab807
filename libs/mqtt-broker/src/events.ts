// Every event of the broker: its name and what it carries, in one map.

import type { Transport } from './auth/authenticator.js';
import type { Principal } from './auth/principal.js';
import type { DeliveryOutcome, Message, ProtocolVersion, QoS } from './message.js';

/** Why an open connection ended. */
export type DisconnectCause =
  | 'client-disconnect'
  | 'client-disconnect-with-will'
  | 'socket-closed'
  | 'keep-alive-timeout'
  | 'protocol-error'
  | 'taken-over'
  | 'kicked'
  | 'not-authorized'
  | 'message-refused'
  | 'acknowledgement-overdue'
  | 'slow-consumer'
  | 'server-stop'
  | 'internal-error';

/** Why a message did not reach a session (or the retained store). */
export type DropReason =
  | 'queue-full'
  | 'packet-too-large'
  | 'payload-too-large'
  | 'expired'
  | 'slow-consumer'
  | 'retained-full'
  | 'session-ended'
  | 'not-authorized';

export interface BrokerEvents {
  connected: {
    clientId: string;
    principal: Principal;
    address: string;
    transport: Transport;
    protocolVersion: ProtocolVersion;
    keepAliveSeconds: number;
    cleanStart: boolean;
    sessionPresent: boolean;
    sessionExpirySeconds: number;
    will: boolean;
    atMs: number;
  };
  disconnected: {
    clientId: string;
    principal: Principal;
    address: string;
    cause: DisconnectCause;
    reasonCode: number;
    /** The address of the connection that took the session over. */
    takenOverBy?: string;
    atMs: number;
  };
  /** A client authenticated again on its open connection; what it may do is asked of this principal now. */
  reauthenticated: { clientId: string; principal: Principal; address: string; atMs: number };
  /** A CONNECT was refused, or a connection ended before an accepted CONNECT. */
  refused: {
    clientId: string | undefined;
    username?: string;
    address: string;
    transport: Transport;
    reasonCode: number;
    cause: string;
    atMs: number;
  };
  denied: {
    clientId: string;
    principal: Principal;
    action: 'publish' | 'subscribe' | 'will';
    topic: string;
    atMs: number;
  };
  dropped: { clientId: string; topic: string; reason: DropReason; count: number };
  subscribed: { clientId: string; principal: Principal; filter: string; qos: QoS };
  unsubscribed: { clientId: string; principal: Principal; filter: string };
  /**
   * A message of an earlier life of the broker waits for a session, or is under way to it. Told while the broker starts,
   * once for each of the two; whoever published it then hears of its outcome by `settled`.
   */
  restored: { clientId: string; principalId: string; message: Message };
  /** What became of such a message at one receiver: what `onDelivery` would have been told. */
  settled: { message: Message; delivery: DeliveryOutcome };
  /** A will was published. */
  will: { clientId: string; principal: Principal; topic: string; atMs: number };
}
