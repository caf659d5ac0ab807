// PUBACK, PUBREC, PUBREL, PUBCOMP: MQTT 5.0 sections 3.4 to 3.7.

import { violation } from '../errors.js';
import type { ProtocolVersion } from '../message.js';
import type { ByteReader } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';
import type { AckPacket } from './packets.js';
import { In, NO_PROPERTIES, readProperties, writeProperties } from './properties.js';
import { ReasonCode } from './reason-codes.js';
import type { Slab } from './slab.js';

export type AckType = AckPacket['type'];

const firstBytes: Record<AckType, number> = {
  puback: 0x40,
  pubrec: 0x50,
  pubrel: 0x62,
  pubcomp: 0x70,
};

const allowedReasons: Record<AckType, ReadonlySet<number>> = {
  puback: new Set([0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]),
  pubrec: new Set([0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]),
  pubrel: new Set([0x00, 0x92]),
  pubcomp: new Set([0x00, 0x92]),
};

export function decodeAck(reader: ByteReader, type: AckType, version: ProtocolVersion): AckPacket {
  const packetId = reader.packetId('packet-identifier');
  let reasonCode: number = ReasonCode.success;
  let properties = NO_PROPERTIES;
  if (version === 5 && reader.hasMore) {
    reasonCode = reader.uint8();
    if (!allowedReasons[type].has(reasonCode)) throw violation(`reason code is not one of ${type}`); // [MQTT-3.4.2-1] [MQTT-3.5.2-1] [MQTT-3.6.2-1] [MQTT-3.7.2-1]
    if (reader.hasMore) properties = readProperties(reader, In.ack);
  }
  reader.expectEnd(type);
  return { type, packetId, reasonCode, properties };
}

/**
 * Writes an acknowledgement into the slab and answers its size. It has no properties, so it fits every
 * client. [MQTT-3.1.2-29] [MQTT-3.4.2-2] [MQTT-3.4.2-3] [MQTT-3.5.2-2] [MQTT-3.5.2-3] [MQTT-3.6.2-2]
 * [MQTT-3.6.2-3] [MQTT-3.7.2-2] [MQTT-3.7.2-3]
 */
export function encodeBareAck(
  slab: Slab,
  type: AckType,
  packetId: number,
  reasonCode: number,
  version: ProtocolVersion,
): number {
  const withReason = version === 5 && reasonCode !== ReasonCode.success;
  const size = withReason ? 5 : 4;
  slab.reserve(size);
  const { buffer } = slab;
  let at = slab.position;
  buffer[at++] = firstBytes[type];
  buffer[at++] = size - 2;
  buffer[at++] = packetId >> 8; // [MQTT-2.2.1-5]
  buffer[at++] = packetId & 0xff;
  if (withReason) buffer[at++] = reasonCode;
  slab.position = at;
  return size;
}

export function encodeAck(packet: AckPacket, version: ProtocolVersion): Buffer {
  const writer = new ByteWriter().uint16(packet.packetId);
  if (version === 5) {
    writer.uint8(packet.reasonCode);
    writeProperties(writer, packet.properties);
  }
  return writer.finish(firstBytes[packet.type]);
}
