// Packet to bytes: the one table of what the broker sends, but for PUBLISH and bare acknowledgements,
// which are written into the slab.

import type { ProtocolVersion } from '../message.js';
import { encodeAck } from './acks.js';
import { encodeConnack } from './connect.js';
import { encodeAuth, encodeDisconnect } from './disconnect.js';
import type { OutboundPacket } from './packets.js';
import { encodeSuback } from './subscribe.js';

const PINGRESP = Buffer.from([0xd0, 0x00]);

const NOTHING = Buffer.alloc(0);

type Encoders = {
  [T in OutboundPacket['type']]: (
    packet: Extract<OutboundPacket, { type: T }>,
    version: ProtocolVersion,
  ) => Buffer;
};

const encoders: Encoders = {
  connack: encodeConnack,
  puback: encodeAck,
  pubrec: encodeAck,
  pubrel: encodeAck,
  pubcomp: encodeAck,
  suback: encodeSuback,
  unsuback: encodeSuback,
  pingresp: () => PINGRESP,
  disconnect: (packet, version) => (version === 5 ? encodeDisconnect(packet) : NOTHING),
  auth: (packet, version) => (version === 5 ? encodeAuth(packet) : NOTHING),
};

/** The packet's bytes; none when the version has no such packet. */
export function encode(packet: OutboundPacket, version: ProtocolVersion): Buffer {
  const encoder = encoders[packet.type] as (
    packet: OutboundPacket,
    version: ProtocolVersion,
  ) => Buffer;
  return encoder(packet, version);
}
