// Traced packets as a capture file: the MQTT bytes in TCP segments in IP packets that were never on a wire, but
// that a dissector takes for such. What is masked in the trace is masked here.

import { ByteWriter } from '../codec/byte-writer.js';
import { writeProperties } from '../codec/properties.js';
import { ipBytes } from './ip-address.js';
import type { Trace, TracedConnection, TracedPacket } from './trace.js';

const MICROSECOND_MAGIC = 0xa1b2c3d4;
// Raw IP, version 4 or 6 by its first half byte.
const LINKTYPE_RAW = 101;
const SNAP_LENGTH = 262_144;
// An IPv4 packet has at most 65,535 bytes, headers included.
const MAX_SEGMENT_BYTES = 65_000;
const MQTT_PORT = 1883;
const FIRST_CLIENT_PORT = 49_152;
const TCP = 6;
const TCP_HEADER_BYTES = 20;
const ACK = 0x10;
const PSH = 0x08;
const WINDOW = 0xffff;
const HOP_LIMIT = 64;
// From the ranges for documentation (RFC 5737, RFC 3849): the broker, and clients whose address is none of IP.
const SERVER_4 = Buffer.from([192, 0, 2, 1]);
const SERVER_6 = Buffer.from('20010db8000000000000000000000001', 'hex');
const UNKNOWN_4 = Buffer.from([192, 0, 2, 2]);

/** A whole trace as a pcap file, for example for Wireshark. */
export function toPcap(trace: Pick<Trace, 'packets'>): Buffer {
  const writer = new PcapWriter();
  return Buffer.concat([writer.header(), ...trace.packets().map((packet) => writer.write(packet))]);
}

/** One connection as a stream of TCP. */
interface Stream {
  client: Buffer;
  server: Buffer;
  clientPort: number;
  /** The next sequence number of each side. */
  next: { in: number; out: number };
}

/** Writes a capture packet by packet, for an `onPacket`. */
export class PcapWriter {
  readonly #streams = new Map<number, Stream>();

  /** The beginning of the file. */
  header(): Buffer {
    const header = Buffer.alloc(24);
    header.writeUInt32BE(MICROSECOND_MAGIC, 0);
    header.writeUInt16BE(2, 4);
    header.writeUInt16BE(4, 6);
    header.writeUInt32BE(SNAP_LENGTH, 16);
    header.writeUInt32BE(LINKTYPE_RAW, 20);
    return header;
  }

  /** What one packet adds to the file. */
  write({ connection, direction, bytes, size, type, atMs }: TracedPacket): Buffer {
    const parts: Buffer[] = [];
    let stream = this.#streams.get(connection.number);
    if (stream === undefined) {
      stream = streamOf(connection);
      this.#streams.set(connection.number, stream);
      if (type !== 'connect' && connection.protocolVersion !== undefined) {
        parts.push(
          ...segments(stream, 'in', standIn(connection, connection.protocolVersion), atMs),
        );
      }
    }
    parts.push(...segments(stream, direction, bytes, atMs));
    // Bytes that the trace did not hold are missing here too.
    stream.next[direction] = (stream.next[direction] + size - bytes.length) >>> 0;
    return Buffer.concat(parts);
  }
}

function streamOf({ address, number }: TracedConnection): Stream {
  const client = ipBytes(address) ?? UNKNOWN_4;
  return {
    client,
    server: client.length === 4 ? SERVER_4 : SERVER_6,
    clientPort: FIRST_CLIENT_PORT + (number % (0x10000 - FIRST_CLIENT_PORT)),
    next: { in: 1, out: 1 },
  };
}

/** A CONNECT for a trace that began after it: without one no dissector knows the version. */
function standIn({ clientId = '' }: TracedConnection, version: number): Buffer {
  const writer = new ByteWriter().string(version === 3 ? 'MQIsdp' : 'MQTT').uint8(version);
  writer.uint8(0).uint16(0);
  if (version === 5) {
    const note = 'stand-in for the CONNECT, which was before this trace began';
    writeProperties(writer, { userProperties: [['trace', note]] });
  }
  return writer.string(clientId).finish(0x10);
}

function segments(stream: Stream, direction: 'in' | 'out', bytes: Buffer, atMs: number): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += MAX_SEGMENT_BYTES) {
    const data = bytes.subarray(at, at + MAX_SEGMENT_BYTES);
    const ip = ipPacket(stream, direction, data);
    parts.push(recordHeader(atMs, ip.length), ip);
    stream.next[direction] = (stream.next[direction] + data.length) >>> 0;
  }
  return parts;
}

function recordHeader(atMs: number, length: number): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32BE(Math.floor(atMs / 1000) >>> 0, 0);
  header.writeUInt32BE(Math.floor((atMs % 1000) * 1000), 4);
  header.writeUInt32BE(length, 8);
  header.writeUInt32BE(length, 12);
  return header;
}

function ipPacket(stream: Stream, direction: 'in' | 'out', data: Buffer): Buffer {
  const { client, server, clientPort, next } = stream;
  const isIn = direction === 'in';
  const [from, to] = isIn ? [client, server] : [server, client];
  const tcp = Buffer.alloc(TCP_HEADER_BYTES + data.length);
  tcp.writeUInt16BE(isIn ? clientPort : MQTT_PORT, 0);
  tcp.writeUInt16BE(isIn ? MQTT_PORT : clientPort, 2);
  tcp.writeUInt32BE(next[direction], 4);
  tcp.writeUInt32BE(next[isIn ? 'out' : 'in'], 8);
  tcp[12] = (TCP_HEADER_BYTES / 4) << 4;
  tcp[13] = PSH | ACK;
  tcp.writeUInt16BE(WINDOW, 14);
  tcp.set(data, TCP_HEADER_BYTES);
  const pseudo = Buffer.alloc(8);
  pseudo.writeUInt32BE(tcp.length, 0);
  pseudo[7] = TCP;
  tcp.writeUInt16BE(checksum(from, to, pseudo, tcp), 16);
  return Buffer.concat([from.length === 4 ? ip4(from, to, tcp) : ip6(from, to, tcp), tcp]);
}

function ip4(from: Buffer, to: Buffer, tcp: Buffer): Buffer {
  const header = Buffer.alloc(20);
  header[0] = 0x45;
  header.writeUInt16BE(header.length + tcp.length, 2);
  header[8] = HOP_LIMIT;
  header[9] = TCP;
  header.set(from, 12);
  header.set(to, 16);
  header.writeUInt16BE(checksum(header), 10);
  return header;
}

function ip6(from: Buffer, to: Buffer, tcp: Buffer): Buffer {
  const header = Buffer.alloc(40);
  header[0] = 0x60;
  header.writeUInt16BE(tcp.length, 4);
  header[6] = TCP;
  header[7] = HOP_LIMIT;
  header.set(from, 8);
  header.set(to, 24);
  return header;
}

/** RFC 1071. Only the last part may have an odd length. */
function checksum(...parts: Buffer[]): number {
  let sum = 0;
  for (const part of parts) {
    for (let i = 0; i < part.length; i += 2) sum += ((part[i] ?? 0) << 8) | (part[i + 1] ?? 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}
