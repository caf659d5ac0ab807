// What the broker counts. Numbers only grow, except where a field says "now".

import type { Transport } from './auth/authenticator.js';
import type { Principal } from './auth/principal.js';
import type { DropReason } from './events.js';
import type { ProtocolVersion, QoS } from './message.js';

/** Counters since the broker was made, and gauges ("now"). */
export interface BrokerStats {
  messagesIn: Record<QoS, number>;
  messagesOut: Record<QoS, number>;
  bytesIn: number;
  bytesOut: number;
  /** MQTT packets of all types. */
  packetsIn: number;
  packetsOut: number;
  /** Of PUBLISHes, without their headers. */
  payloadBytesIn: number;
  payloadBytesOut: number;
  /** CONNECTs, whatever became of them. */
  connects: number;
  /** Sessions that ended because nobody came back to them in time. */
  expiredSessions: number;
  /** Connections accepted by a listener, whatever became of them. */
  connectionsOpened: number;
  /** Now: clients with an accepted CONNECT. */
  connectedClients: number;
  /** Now: sessions, connected or not. */
  sessions: number;
  /** Now: messages waiting in sessions' queues. */
  queuedMessages: number;
  /** Now: bytes of those. */
  queuedBytes: number;
  /** Now: QoS 1 and 2 messages sent and not acknowledged. */
  inflightMessages: number;
  /** Now, without $SYS. */
  retainedMessages: number;
  /** Now: bytes of those. */
  retainedBytes: number;
  /** Now. */
  subscriptions: number;
  /** Now: those of the subscriptions that are shared. */
  sharedSubscriptions: number;
  dropped: Record<DropReason, number>;
  /** Refused CONNECTs by v5 reason code. */
  refused: Record<number, number>;
  denied: { publish: number; subscribe: number; will: number };
  /** Throws and rejected promises of `accept` (one promise may stand for many messages). */
  acceptFailures: number;
}

/** A connected client, as of now. */
export interface ClientInfo {
  clientId: string;
  principal: Principal;
  address: string;
  transport: Transport;
  protocolVersion: ProtocolVersion;
  keepAliveSeconds: number;
  connectedAtMs: number;
  subscriptions: number;
  queuedMessages: number;
}
