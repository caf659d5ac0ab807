// Packets to bytes for one client: its version, its maximum packet size, the topic aliases we gave it.

import { type AckType, encodeBareAck } from '../codec/acks.js';
import { encode } from '../codec/encode.js';
import type { OutboundPacket } from '../codec/packets.js';
import { NO_PROPERTIES } from '../codec/properties.js';
import { encodePublish, type PublishHeader } from '../codec/publish.js';
import type { Slab } from '../codec/slab.js';
import type { Clock } from '../clock.js';
import type { PeerAbilities } from '../connection/effects.js';
import type { QoS } from '../message.js';
import type { RoutedMessage } from '../routing/routed-message.js';
import type { Outbox } from './outbox.js';

const UNKNOWN: PeerAbilities = { version: 4, maximumPacketSize: 0, topicAliasMaximum: 0 };

export class PacketSender {
  readonly #outbox: Outbox;
  readonly #slab: Slab;
  readonly #clock: Clock;
  #peer = UNKNOWN;
  #aliasMaximum = 0;
  /** Undefined while there is none. */
  #aliases: Map<string, number> | undefined;
  /** How many bytes at the beginning of topic names the client does not know of. */
  #mountBytes = 0;

  constructor(outbox: Outbox, slab: Slab, clock: Clock) {
    this.#outbox = outbox;
    this.#slab = slab;
    this.#clock = clock;
  }

  begin(peer: PeerAbilities, maxOutgoingTopicAliases: number, mountPoint: string): void {
    this.#peer = peer;
    this.#mountBytes = Buffer.byteLength(mountPoint);
    this.#aliasMaximum = Math.min(peer.topicAliasMaximum, maxOutgoingTopicAliases); // [MQTT-3.1.2-26] [MQTT-3.1.2-27] [MQTT-3.3.2-11]
  }

  fits(packet: OutboundPacket): boolean {
    return this.#peer.maximumPacketSize === Infinity || this.#fitted(packet) !== undefined;
  }

  /** False, and nothing sent, when the packet is larger than the client takes. */
  send(packet: OutboundPacket): boolean {
    const bytes = this.#fitted(packet);
    if (bytes === undefined) return false; // [MQTT-3.1.2-24]
    if (bytes.length > 0) this.#outbox.push(bytes, 0, bytes.length);
    return true;
  }

  /** The packet's bytes, without its reason string where only that is too much. None: the version has no such packet. */
  #fitted(packet: OutboundPacket): Buffer | undefined {
    const { version, maximumPacketSize } = this.#peer;
    const bytes = encode(packet, version);
    if (bytes.length <= maximumPacketSize) return bytes;
    if (!('properties' in packet)) return undefined;
    const { reasonString: _, userProperties: __, ...rest } = packet.properties;
    const properties = Object.keys(rest).length === 0 ? NO_PROPERTIES : rest;
    const shorter = encode({ ...packet, properties }, version); // [MQTT-3.2.2-19] [MQTT-3.14.2-3] [MQTT-3.2.2-20] [MQTT-3.14.2-4]
    return shorter.length <= maximumPacketSize ? shorter : undefined;
  }

  acknowledge(type: AckType, packetId: number, reasonCode: number): void {
    const size = encodeBareAck(this.#slab, type, packetId, reasonCode, this.#peer.version);
    this.#pushFromSlab(size);
  }

  deliverQos0(
    message: RoutedMessage,
    retain: boolean,
    subscriptionIdentifiers: readonly number[] | undefined,
  ): boolean {
    const { version, maximumPacketSize } = this.#peer;
    const isShared =
      !retain &&
      subscriptionIdentifiers === undefined &&
      this.#aliasMaximum === 0 &&
      this.#mountBytes === 0;
    if (!isShared) return this.deliver(message, 0, retain, false, 0, subscriptionIdentifiers);
    let frame = message.sharedFrame(version);
    if (frame === undefined) {
      const header = this.#header(message, 0, false, false, 0, undefined); // [MQTT-4.3.1-1]
      const size = encodePublish(this.#slab, message, header, Infinity);
      const { buffer, position } = this.#slab;
      frame = { buffer, start: position - size, end: position };
      message.shareFrame(version, frame);
    }
    if (frame.end - frame.start > maximumPacketSize) return false; // [MQTT-3.1.2-24]
    this.#outbox.push(frame.buffer, frame.start, frame.end);
    return true;
  }

  /** False when the packet would be too large for the client. */
  deliver(
    message: RoutedMessage,
    qos: QoS,
    retain: boolean,
    dup: boolean,
    packetId: number,
    subscriptionIdentifiers: readonly number[] | undefined,
  ): boolean {
    const header = this.#header(message, qos, retain, dup, packetId, subscriptionIdentifiers);
    const size = encodePublish(this.#slab, message, header, this.#peer.maximumPacketSize);
    if (size === 0) return false;
    // The alias stands from the moment that the packet which sets it is on its way.
    if (header.topicAlias !== 0 && !header.aliasKnown) {
      this.#aliases ??= new Map();
      this.#aliases.set(message.topic, header.topicAlias);
    }
    this.#pushFromSlab(size);
    return true;
  }

  #header(
    message: RoutedMessage,
    qos: QoS,
    retain: boolean,
    dup: boolean,
    packetId: number,
    subscriptionIdentifiers: readonly number[] | undefined,
  ): PublishHeader {
    const hasExpiry = message.content.messageExpiryInterval !== undefined;
    let topicAlias = 0;
    let aliasKnown = false;
    if (this.#aliasMaximum > 0) {
      const known = this.#aliases?.get(message.topic);
      const given = this.#aliases?.size ?? 0;
      aliasKnown = known !== undefined;
      if (known !== undefined) topicAlias = known;
      else if (given < this.#aliasMaximum) topicAlias = given + 1;
    }
    const { wire } = message.address;
    return {
      ownTopic: this.#mountBytes === 0 ? undefined : withoutMount(wire, this.#mountBytes),
      version: this.#peer.version,
      qos,
      retain,
      dup,
      packetId,
      topicAlias,
      aliasKnown,
      subscriptionIdentifiers,
      messageExpiryInterval: hasExpiry
        ? Math.max(1, message.secondsLeft(this.#clock.now()) ?? 0)
        : undefined,
    };
  }

  #pushFromSlab(size: number): void {
    const { buffer, position } = this.#slab;
    this.#outbox.push(buffer, position - size, position);
  }
}

/** A topic name without its first `mountBytes`; it has more. */
function withoutMount(wire: Buffer, mountBytes: number): Buffer {
  const rest = Buffer.from(wire.subarray(mountBytes));
  rest.writeUInt16BE(rest.length - 2, 0);
  return rest;
}
