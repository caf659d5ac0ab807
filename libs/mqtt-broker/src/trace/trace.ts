// What a trace is to the embedding program: the packets of one client, as they came and went.

import type { Transport } from '../auth/authenticator.js';
import type { SubscriptionRequest } from '../codec/packets.js';
import type { Properties } from '../codec/properties.js';
import type { ProtocolVersion, QoS } from '../message.js';

/** Whose packets are traced: all that is given must fit, and without any of it everybody's are. */
export interface TraceFilter {
  clientId?: string;
  /** Known from an accepted CONNECT on; refused ones have no principal. */
  principalId?: string;
  /** Also traces what never becomes a CONNECT. */
  address?: string;
  /** Only the first connection to come that fits, none of those that are open. */
  next?: boolean;
}

/** How much of it. A trace ends by itself when it has as much. */
export interface TraceOptions {
  /** Default and most: the limit `maxTracePackets`. */
  maxPackets?: number;
  /** Default and most: the limit `maxTraceBytes`. */
  maxBytes?: number;
  /** Bytes of a payload's beginning that are shown. Default 64. */
  payloadBytes?: number;
  /** Told of each packet, of which nothing is kept then. */
  onPacket?: (packet: TracedPacket) => void;
  /** Told when the trace ends, and why. */
  onEnd?: (why: NonNullable<Trace['endedBy']>) => void;
}

/** A trace, running or ended. */
export interface Trace {
  /** What was traced so far, oldest first; nothing when there is an `onPacket`. */
  packets(): TracedPacket[];
  /** Why it ended; undefined while it runs. */
  readonly endedBy: 'stop' | 'packets' | 'bytes' | undefined;
  stop(): void;
}

/** One connection within a trace. */
export interface TracedConnection {
  /** Counts from 1 within the trace. */
  readonly number: number;
  readonly address: string;
  readonly transport: Transport;
  /** As the CONNECT says it, or as the client was assigned it; undefined before. */
  clientId: string | undefined;
  /** Undefined before a CONNECT. */
  protocolVersion: ProtocolVersion | undefined;
}

export type PacketType =
  | 'connect'
  | 'connack'
  | 'publish'
  | 'puback'
  | 'pubrec'
  | 'pubrel'
  | 'pubcomp'
  | 'subscribe'
  | 'suback'
  | 'unsubscribe'
  | 'unsuback'
  | 'pingreq'
  | 'pingresp'
  | 'disconnect'
  | 'auth'
  | 'reserved';

/** A message as far as a trace shows it. */
export interface TracedMessage {
  topic: string;
  qos: QoS;
  retain: boolean;
  /** The whole payload's length. */
  payloadBytes: number;
  /** Its beginning. */
  payload: Buffer;
  properties: Readonly<Properties>;
}

/** What a packet says; what its type does not have is undefined. */
export interface PacketFields {
  protocolVersion?: number;
  cleanStart?: boolean;
  keepAliveSeconds?: number;
  clientId?: string;
  username?: string;
  /** The password itself is never shown. */
  hasPassword?: boolean;
  will?: TracedMessage;
  sessionPresent?: boolean;
  reasonCode?: number;
  reasonCodes?: number[];
  packetId?: number;
  dup?: boolean;
  qos?: number;
  retain?: boolean;
  /** As its alias stands for it, if that was seen to be set. */
  topic?: string;
  payloadBytes?: number;
  payload?: Buffer;
  subscriptions?: SubscriptionRequest[];
  filters?: string[];
  properties?: Readonly<Properties>;
  /** Length of the authentication data, which are never shown. */
  authenticationDataBytes?: number;
}

export interface TracedPacket {
  readonly atMs: number;
  /** `in` is from the client. */
  readonly direction: 'in' | 'out';
  readonly connection: Readonly<TracedConnection>;
  readonly type: PacketType;
  /** On the wire, fixed header included. */
  readonly size: number;
  readonly fields: PacketFields;
  /** Why `fields` end where they do: malformed, incomplete, or too large to be held. */
  readonly problem?: string;
  /** The packet with asterisks where a password or authentication data were; its beginning if it is too large. */
  readonly bytes: Buffer;
}
