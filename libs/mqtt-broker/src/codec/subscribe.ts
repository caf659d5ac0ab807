// SUBSCRIBE, UNSUBSCRIBE and their acknowledgements: MQTT 5.0 sections 3.8 to 3.11.

import { malformed, violation } from '../errors.js';
import type { ProtocolVersion, QoS } from '../message.js';
import type { ByteReader } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';
import type {
  SubackPacket,
  SubscribePacket,
  SubscriptionRequest,
  UnsubscribePacket,
} from './packets.js';
import { In, NO_PROPERTIES, readProperties, writeProperties } from './properties.js';

export function decodeSubscribe(reader: ByteReader, version: ProtocolVersion): SubscribePacket {
  const packetId = reader.packetId();
  const properties = version === 5 ? readProperties(reader, In.subscribe) : NO_PROPERTIES;
  const requests: SubscriptionRequest[] = [];
  while (reader.hasMore) requests.push(readRequest(reader, version));
  if (requests.length === 0) throw violation('SUBSCRIBE has no topic filter', 'subscription'); // [MQTT-3.8.3-2]
  return { type: 'subscribe', packetId, requests, properties };
}

function readRequest(reader: ByteReader, version: ProtocolVersion): SubscriptionRequest {
  const filter = reader.string();
  const options = reader.uint8();
  const qos = options & 3;
  const retainHandling = (options >> 4) & 3;
  if (qos === 3) throw violation('requested QoS is 3', 'subscription'); // [MQTT3-3.8.3-4]
  const reserved = version === 5 ? 0xc0 : 0xfc;
  if ((options & reserved) !== 0) throw malformed('reserved subscription options are set'); // [MQTT-3.8.3-5]
  if (retainHandling === 3) throw violation('retain handling is 3', 'subscription');
  return {
    filter,
    qos: qos as QoS,
    noLocal: (options & 4) !== 0,
    retainAsPublished: (options & 8) !== 0,
    retainHandling: retainHandling as 0 | 1 | 2,
  };
}

export function decodeUnsubscribe(reader: ByteReader, version: ProtocolVersion): UnsubscribePacket {
  const packetId = reader.packetId();
  const properties = version === 5 ? readProperties(reader, In.unsubscribe) : NO_PROPERTIES;
  const filters: string[] = [];
  while (reader.hasMore) filters.push(reader.string());
  if (filters.length === 0) throw violation('UNSUBSCRIBE has no topic filter', 'subscription'); // [MQTT-3.10.3-2]
  return { type: 'unsubscribe', packetId, filters, properties };
}

export function encodeSuback(packet: SubackPacket, version: ProtocolVersion): Buffer {
  const writer = new ByteWriter().uint16(packet.packetId);
  if (version === 5) writeProperties(writer, packet.properties);
  const unsubscribed = packet.type === 'unsuback';
  // A 3.x UNSUBACK has no payload; a 3.x SUBACK knows one failure. [MQTT3-3.9.3-2]
  if (version === 5) writer.bytes(Uint8Array.from(packet.reasonCodes));
  else if (!unsubscribed) {
    writer.bytes(Uint8Array.from(packet.reasonCodes, (code) => (code >= 0x80 ? 0x80 : code)));
  }
  return writer.finish(unsubscribed ? 0xb0 : 0x90);
}
