// What the embedding program sees of a PUBLISH, in both directions.

import type { Principal } from './auth/principal.js';

export type QoS = 0 | 1 | 2;

/** The MQTT 3.1 (3), 3.1.1 (4) and 5.0 (5) protocol levels. */
export type ProtocolVersion = 3 | 4 | 5;

/** The properties of a PUBLISH that travel from publisher to subscriber (MQTT 5.0 section 3.3.2.3). */
export interface PublishProperties {
  /** 1 says that the payload is UTF-8 text. */
  payloadFormatIndicator?: 0 | 1;
  /** Seconds. */
  messageExpiryInterval?: number;
  contentType?: string;
  responseTopic?: string;
  correlationData?: Uint8Array;
  /** In the order in which they were sent; names may repeat. */
  userProperties?: readonly (readonly [name: string, value: string])[];
}

/** A message that a client published, as `accept` and in-process subscribers see it. */
export interface Message {
  readonly topic: string;
  /** A view on the receive buffer: read it before returning, or copy it. */
  readonly payload: Buffer;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly dup: boolean;
  readonly properties?: PublishProperties | undefined;
  readonly receivedAtMs: number;
  readonly kind: 'publish' | 'will';
}

/** Who published a message. One object per connection; do not modify. */
export interface Sender {
  readonly clientId: string;
  readonly principal: Principal;
  readonly protocolVersion: ProtocolVersion;
  readonly address: string;
}

/**
 * Called for every authorised PUBLISH, and for wills, before its acknowledgement. A promise delays
 * PUBACK or PUBREC until it settles; one promise may be returned for many messages. A rejection (or
 * throw) with `AcceptRefused` acknowledges with its reason code on v5; any other is 0x83. Live routing
 * does not wait for the promise, but a synchronous throw stops the message before it is routed.
 */
export type Accept = (message: Message, sender: Sender) => void | Promise<void>;

/** What became of an outgoing message at one receiver. `acknowledged`: its PUBACK or PUBCOMP was seen. */
export interface DeliveryOutcome {
  clientId: string;
  principalId: string | undefined;
  outcome: 'acknowledged' | 'refused' | 'expired' | 'dropped';
  reasonCode: number;
}

/** A message from the embedding program. QoS 0 and not retained unless said otherwise. */
export interface OutgoingMessage {
  topic: string;
  payload: Uint8Array | string;
  qos?: QoS;
  retain?: boolean;
  properties?: PublishProperties;
  /** Called once per receiver that gets the message at QoS 1 or 2, and for every drop. */
  onDelivery?: (delivery: DeliveryOutcome) => void;
}

/** How many sessions an outgoing message matched, and how it went on to them. */
export interface Publication {
  matched: number;
  /** Handed to a connected client. */
  sent: number;
  /** Waiting in a session's queue, for an offline client or a full send window. */
  queued: number;
  /** Resolves when all that the message left to be kept is durable; undefined when it left nothing. */
  committed?: Promise<void>;
}
