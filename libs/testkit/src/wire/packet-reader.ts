// Bytes from a server, cut into packets and read by mqtt-packet: a codec that is not ours.

import {
  parser,
  type IAuthPacket,
  type IConnackPacket,
  type IDisconnectPacket,
  type IPingrespPacket,
  type IPubackPacket,
  type IPubcompPacket,
  type IPublishPacket,
  type IPubrecPacket,
  type IPubrelPacket,
  type ISubackPacket,
  type IUnsubackPacket,
  type Packet,
} from 'mqtt-packet';
import type { Version } from './packets.js';

interface ServerPackets {
  auth: IAuthPacket;
  connack: IConnackPacket;
  disconnect: IDisconnectPacket;
  pingresp: IPingrespPacket;
  puback: IPubackPacket;
  pubcomp: IPubcompPacket;
  publish: Omit<IPublishPacket, 'payload'> & { payload: Buffer };
  pubrec: IPubrecPacket;
  pubrel: IPubrelPacket;
  suback: Omit<ISubackPacket, 'granted'> & { granted: number[] };
  unsuback: IUnsubackPacket;
}

/** What a server may send. */
export type ServerPacketName = keyof ServerPackets;

/** A packet as mqtt-packet reads it, with its bytes. */
export type Received<N extends ServerPacketName = ServerPacketName> = ServerPackets[N] & {
  cmd: N;
  bytes: Buffer;
};

/** Collects bytes and answers the packets that they complete. Throws on bytes that are no packet. */
export class PacketReader {
  readonly #version: Version;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(version: Version) {
    this.#version = version;
  }

  /** Bytes of a packet that is not complete yet. */
  get rest(): Buffer {
    return this.#bytes;
  }

  push(chunk: Uint8Array): Received[] {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    const packets: Received[] = [];
    for (let length = frameLength(this.#bytes); length !== undefined;) {
      packets.push(readPacket(this.#bytes.subarray(0, length), this.#version));
      this.#bytes = this.#bytes.subarray(length);
      length = frameLength(this.#bytes);
    }
    return packets;
  }
}

/** The length of the packet that `bytes` begin with, or undefined while it is incomplete. */
function frameLength(bytes: Buffer): number | undefined {
  let length = 0;
  for (let i = 1; i <= 4; i++) {
    const byte = bytes[i];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) * 128 ** (i - 1);
    if (byte < 0x80) {
      const total = 1 + i + length;
      return bytes.length >= total ? total : undefined;
    }
  }
  throw new Error(`the server sent a remaining length of five bytes: ${hexOf(bytes)}`);
}

function readPacket(bytes: Buffer, version: Version): Received {
  const reader = parser({ protocolVersion: version });
  let read: Packet | undefined;
  let failure: unknown;
  reader.on('packet', (packet) => (read = packet));
  reader.on('error', (error) => (failure = error));
  reader.parse(bytes);
  if (failure !== undefined || read === undefined) {
    throw new Error(`the server sent bytes that are no packet: ${hexOf(bytes)}`, {
      cause: failure,
    });
  }
  return Object.assign(read, { bytes }) as Received;
}

/** Bytes for an error message, cut where they stop being helpful. */
export function hexOf(bytes: Uint8Array): string {
  const shown = Buffer.from(bytes.subarray(0, 64)).toString('hex');
  return bytes.length > 64 ? `${shown}… (${bytes.length} bytes)` : shown;
}
