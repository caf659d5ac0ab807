// DISCONNECT and AUTH: MQTT 5.0 sections 3.14 and 3.15.

import { malformed, violation } from '../errors.js';
import type { ProtocolVersion } from '../message.js';
import type { ByteReader } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';
import type { AuthPacket, DisconnectPacket } from './packets.js';
import { In, NO_PROPERTIES, readProperties, writeProperties } from './properties.js';
import { ReasonCode, toDisconnectReasonCode } from './reason-codes.js';

// Table 3-10, the rows that a client may send.
const fromClient = new Set([
  0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99,
]);
const authReasons = new Set<number>([
  ReasonCode.success,
  ReasonCode.continueAuthentication,
  ReasonCode.reAuthenticate,
]);

export function decodeDisconnect(reader: ByteReader, version: ProtocolVersion): DisconnectPacket {
  let reasonCode: number = ReasonCode.success;
  let properties = NO_PROPERTIES;
  if (version === 5 && reader.hasMore) {
    reasonCode = reader.uint8();
    if (!fromClient.has(reasonCode)) {
      throw violation('a client may not send this reason code', 'disconnect-reason'); // [MQTT-3.14.2-1]
    }
    if (reader.hasMore) properties = readProperties(reader, In.disconnect);
  }
  reader.expectEnd('DISCONNECT');
  return { type: 'disconnect', reasonCode, properties };
}

/** Only v5 has a DISCONNECT from the server; 3.x is answered by closing. */
export function encodeDisconnect(packet: DisconnectPacket): Buffer {
  const writer = new ByteWriter().uint8(toDisconnectReasonCode(packet.reasonCode)); // [MQTT-3.14.2-1]
  // The length of no properties may be left out. (3.14.2.2.1)
  if (packet.properties !== NO_PROPERTIES) writeProperties(writer, packet.properties);
  return writer.finish(0xe0);
}

export function decodeAuth(reader: ByteReader, version: ProtocolVersion): AuthPacket {
  if (version !== 5) throw malformed('packet type 15 is reserved');
  let reasonCode: number = ReasonCode.success;
  let properties = NO_PROPERTIES;
  if (reader.hasMore) {
    reasonCode = reader.uint8();
    if (!authReasons.has(reasonCode)) throw violation('reason code is not one of AUTH'); // [MQTT-3.15.2-1]
    properties = readProperties(reader, In.auth);
  }
  reader.expectEnd('AUTH');
  return { type: 'auth', reasonCode, properties };
}

export function encodeAuth(packet: AuthPacket): Buffer {
  const writer = new ByteWriter().uint8(packet.reasonCode);
  writeProperties(writer, packet.properties);
  return writer.finish(0xf0);
}
