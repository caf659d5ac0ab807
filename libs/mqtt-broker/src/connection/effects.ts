import type { AckType } from '../codec/acks.js';
import type { OutboundPacket } from '../codec/packets.js';
import type { ProtocolVersion } from '../message.js';
import type { RoutedMessage } from '../routing/routed-message.js';
import type { Delivery } from '../session/session-link.js';

/** What the client can take, known from its CONNECT. */
export interface PeerAbilities {
  version: ProtocolVersion;
  /** Bytes; larger packets are not sent. */
  maximumPacketSize: number;
  topicAliasMaximum: number;
}

/** What a connection may do to the world. The driver acts; a test records. */
export interface Effects {
  /** More is unsent than `slowConsumerBytes`. */
  readonly congested: boolean;
  /** AUTH packets are written and read for this peer, before its CONNECT is accepted and within the CONNECT's bounds. */
  beginExchange(abilities: PeerAbilities): void;
  /** Packets are written and read for this peer from now on, and the CONNECT's bounds give way to the usual ones. */
  begin(abilities: PeerAbilities): void;
  /** Whether the client's Maximum Packet Size has room for it, if need be without its reason string. */
  fits(packet: OutboundPacket): boolean;
  /** False, and nothing sent, when it does not fit. */
  send(packet: OutboundPacket): boolean;
  acknowledge(type: AckType, packetId: number, reasonCode: number): void;
  deliverQos0(
    message: RoutedMessage,
    retain: boolean,
    subscriptionIdentifiers: readonly number[] | undefined,
  ): 'sent' | 'packet-too-large' | 'slow-consumer';
  deliver(delivery: Delivery, packetId: number, dup: boolean): 'sent' | 'packet-too-large';
  /** Stops reading, amid a chunk if need be, until `resume`. */
  pause(): void;
  resume(): void;
  /** Calls `goOn` when others have had their turn. */
  later(goOn: () => void): void;
  /** No keep alive was agreed: has the network find out whether the client is still there. */
  probe(): void;
  /** Sends what is waiting, then closes. */
  close(): void;
}
