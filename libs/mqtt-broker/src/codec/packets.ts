// The packets, modelled on MQTT 5.0. The decoder fills in what 3.x does not say, the encoder drops what
// 3.x cannot say.

import type { ProtocolVersion, QoS } from '../message.js';
import type { Topic } from '../topic/topic-name.js';
import type { Properties } from './properties.js';

export interface Will {
  topic: Topic;
  payload: Buffer;
  qos: QoS;
  retain: boolean;
  properties: Readonly<Properties>;
}

export interface ConnectPacket {
  type: 'connect';
  protocolVersion: ProtocolVersion;
  cleanStart: boolean;
  keepAliveSeconds: number;
  clientId: string;
  will: Will | undefined;
  username: string | undefined;
  password: Buffer | undefined;
  properties: Readonly<Properties>;
}

/**
 * A PUBLISH as it lies in the receive buffer. The decoder keeps one and fills it again: it is valid
 * until the next packet is decoded.
 */
export interface PublishPacket {
  type: 'publish';
  /** Undefined when only the topic alias names the topic. */
  topic: Topic | undefined;
  /** 0 when there is none. */
  topicAlias: number;
  qos: QoS;
  retain: boolean;
  dup: boolean;
  /** 0 at QoS 0. */
  packetId: number;
  properties: Readonly<Properties>;
  buffer: Buffer;
  frameStart: number;
  payloadStart: number;
  frameEnd: number;
  /** The protocol level in whose form the frame is written. */
  version: ProtocolVersion;
}

export interface AckPacket {
  type: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp';
  packetId: number;
  reasonCode: number;
  properties: Readonly<Properties>;
}

export interface SubscriptionRequest {
  filter: string;
  qos: QoS;
  noLocal: boolean;
  retainAsPublished: boolean;
  retainHandling: 0 | 1 | 2;
}

export interface SubscribePacket {
  type: 'subscribe';
  packetId: number;
  requests: SubscriptionRequest[];
  properties: Readonly<Properties>;
}

export interface UnsubscribePacket {
  type: 'unsubscribe';
  packetId: number;
  filters: string[];
  properties: Readonly<Properties>;
}

interface PingreqPacket {
  type: 'pingreq';
}

export interface DisconnectPacket {
  type: 'disconnect';
  reasonCode: number;
  properties: Readonly<Properties>;
}

export interface AuthPacket {
  type: 'auth';
  reasonCode: number;
  properties: Readonly<Properties>;
}

/** What a client may send. */
export type InboundPacket =
  | ConnectPacket
  | PublishPacket
  | AckPacket
  | SubscribePacket
  | UnsubscribePacket
  | PingreqPacket
  | DisconnectPacket
  | AuthPacket;

export interface ConnackPacket {
  type: 'connack';
  sessionPresent: boolean;
  reasonCode: number;
  properties: Readonly<Properties>;
}

export interface SubackPacket {
  type: 'suback' | 'unsuback';
  packetId: number;
  reasonCodes: number[];
  properties: Readonly<Properties>;
}

interface PingrespPacket {
  type: 'pingresp';
}

/** What the broker sends, but for PUBLISH, which goes by its own way. */
export type OutboundPacket =
  ConnackPacket | AckPacket | SubackPacket | PingrespPacket | DisconnectPacket | AuthPacket;
