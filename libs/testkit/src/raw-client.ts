// An MQTT client without a mind of its own: it sends the bytes it is told to, acknowledges nothing by
// itself, and hands over what comes, packet by packet. Every wait ends, with an error that says what
// was awaited and what came instead.

import { connect as connectSocket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Inbox, type Arrival } from './inbox.js';
import {
  acknowledgement,
  connect,
  disconnect,
  pingreq,
  publish,
  subscribe,
  unsubscribe,
  type ConnectFields,
  type PublishFields,
  type SubscriptionFields,
  type Version,
} from './wire/packets.js';
import { hexOf, PacketReader, type Received, type ServerPacketName } from './wire/packet-reader.js';
import { wire } from './wire/notation.js';
import type { Properties } from './wire/properties.js';
import { differenceFrom, show, type Shape } from './wire/shape.js';

/** Where a server listens: a port of this machine, or host and port. */
export type Address = number | { host?: string; port: number };

/** How a client is opened. */
export interface OpenOptions {
  version?: Version;
  /** For error messages. */
  name?: string;
  /** Longest wait for an answer. Default 8 s: generous, because only a failing test spends it. */
  waitMs?: number;
}

/** How a connected client is opened. */
export type ConnectOptions = ConnectFields & Omit<OpenOptions, 'version'>;

const DEFAULT_WAIT_MS = 8000;
const opened = new Set<RawClient>();

/** Opens a TCP connection and sends nothing. */
export async function openRaw(address: Address, options: OpenOptions = {}): Promise<RawClient> {
  const { host = '127.0.0.1', port } = typeof address === 'number' ? { port: address } : address;
  const socket = connectSocket({ host, port, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return new RawClient(socket, options);
}

/** Opens a TCP connection, sends a CONNECT and expects it to be accepted. */
export async function connectRaw(
  address: Address,
  options: ConnectOptions = {},
): Promise<ConnectedClient> {
  const client = await openRaw(address, {
    ...options,
    name: options.name ?? options.clientId ?? '',
  });
  return client.connect(options);
}

/**
 * Cuts every connection opened since the last call, and answers what no test asked for: packets that
 * nobody read and ends that nobody expected. For an `afterEach`, which should want an empty list.
 */
export function closeRawClients(): string[] {
  const complaints = [...opened].flatMap((client) => client.complaints());
  for (const client of opened) client.cut();
  opened.clear();
  return complaints;
}

/** A client whose CONNECT was accepted. */
export type ConnectedClient = RawClient & { readonly connack: Received<'connack'> };

export class RawClient {
  readonly version: Version;
  /** The latest CONNACK. */
  connack: Received<'connack'> | undefined;
  readonly #stream: Duplex;
  readonly #inbox = new Inbox();
  readonly #reader: PacketReader;
  readonly #name: string;
  readonly #waitMs: number;
  #lastPacketId = 0;
  #isEndSeen = false;

  constructor(stream: Duplex, options: OpenOptions = {}) {
    this.version = options.version ?? 5;
    this.#stream = stream;
    this.#reader = new PacketReader(this.version);
    this.#name = options.name === undefined || options.name === '' ? 'client' : options.name;
    this.#waitMs = options.waitMs ?? DEFAULT_WAIT_MS;
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    stream.on('end', () => this.#inbox.end());
    stream.on('close', () => this.#inbox.end());
    // A reset is one of the ways in which a server closes.
    stream.on('error', () => this.#inbox.end());
    opened.add(this);
  }

  /** Whether the server has ended the connection, as far as it has been seen here. */
  get isEnded(): boolean {
    return this.#inbox.isEnded;
  }

  /** What arrived and nobody has asked for, in words. */
  complaints(): string[] {
    const unread = this.#inbox.packets.map((packet) => `${this.#name}: unread ${describe(packet)}`);
    return this.#inbox.isEnded && !this.#isEndSeen
      ? [...unread, `${this.#name}: the server ended the connection, which nobody expected`]
      : unread;
  }

  /** Sends bytes, or wire notation, in one write. */
  send(...bytes: (Uint8Array | string)[]): void {
    this.#stream.write(
      Buffer.concat(bytes.map((part) => (typeof part === 'string' ? wire(part) : part))),
    );
  }

  /** Sends a CONNECT and expects it to be accepted. */
  async connect(fields: ConnectFields = {}): Promise<ConnectedClient> {
    this.send(connect({ ...fields, version: fields.version ?? this.version }));
    this.connack = await this.expect(
      'connack',
      this.version === 5 ? { reasonCode: 0 } : { returnCode: 0 },
    );
    return this as ConnectedClient;
  }

  /** The next packet, which must be of this kind and shape. */
  async expect<N extends ServerPacketName>(name: N, shape: Shape<N> = {}): Promise<Received<N>> {
    const wanted = `${name.toUpperCase()} ${show(shape)}`;
    const arrival = await this.#next(wanted);
    const difference = differenceFrom({ cmd: name, ...shape }, arrival.packet);
    if (arrival.packet === undefined || difference !== undefined) {
      throw this.#unexpected(wanted, arrival, difference);
    }
    return arrival.packet as Received<N>;
  }

  /** The next packets, one for each shape, in whatever order; answered in the order of the shapes. */
  async expectInAnyOrder<N extends ServerPacketName>(
    name: N,
    shapes: readonly Shape<N>[],
  ): Promise<Received<N>[]> {
    const found = new Map<Shape<N>, Received<N>>();
    while (found.size < shapes.length) {
      const missing = shapes.filter((shape) => !found.has(shape));
      const wanted = `${name.toUpperCase()} in any order of ${show(missing)}`;
      const arrival = await this.#next(wanted);
      const fits = missing.find(
        (shape) => differenceFrom({ cmd: name, ...shape }, arrival.packet) === undefined,
      );
      if (fits === undefined) throw this.#unexpected(wanted, arrival);
      found.set(fits, arrival.packet as Received<N>);
    }
    return shapes.map((shape) => found.get(shape) as Received<N>);
  }

  /** The next packet, whatever it is. */
  async expectAny(): Promise<Received> {
    const arrival = await this.#next('any packet');
    if (arrival.packet === undefined) throw this.#unexpected('any packet', arrival);
    return arrival.packet;
  }

  /** The next packet, or undefined for the end of the connection. */
  async expectAnyOrEnd(): Promise<Received | undefined> {
    return (await this.#next('a packet or the end of the connection')).packet;
  }

  /** The end of the connection, with no packet before it. */
  async expectClosed(): Promise<void> {
    const arrival = await this.#next('the end of the connection');
    if (arrival.packet !== undefined) throw this.#unexpected('the end of the connection', arrival);
    const { rest } = this.#reader;
    if (rest.length > 0) throw new Error(`${this.#name}: half a packet at the end: ${hexOf(rest)}`);
  }

  /** The end of the connection, with at most one packet before it, which is the answer. */
  async expectEnd(): Promise<Received | undefined> {
    const last = await this.expectAnyOrEnd();
    if (last !== undefined) await this.expectClosed();
    return last;
  }

  /**
   * What a server does to a client that it must disconnect: on 5.0 a DISCONNECT with one of the reason
   * codes and then the end, on 3.x (which has no such packet) the end alone.
   */
  async expectDisconnected(...reasonCodes: number[]): Promise<void> {
    if (this.version === 5) {
      const { reasonCode } = await this.expect('disconnect');
      if (!reasonCodes.includes(reasonCode ?? 0)) {
        const codes = reasonCodes.map(hexCode).join(' or ');
        throw new Error(
          `${this.#name}: DISCONNECT with reason code ${hexCode(reasonCode ?? 0)}, wanted ${codes}`,
        );
      }
    }
    await this.expectClosed();
  }

  /**
   * That nothing has been sent to this client: whatever the server sent before it read our PINGREQ
   * arrives before the PINGRESP.
   */
  async expectNothing(): Promise<void> {
    this.send(pingreq());
    const wanted = 'nothing but the PINGRESP';
    const arrival = await this.#next(wanted);
    if (arrival.packet?.cmd !== 'pingresp') throw this.#unexpected(wanted, arrival);
  }

  /** Waits until the server has worked through all that was sent before. The next packet must be the PINGRESP. */
  async roundTrip(): Promise<void> {
    await this.expectNothing();
  }

  /** Sends a PUBLISH and does nothing more. Answers its packet identifier. */
  sendPublish(fields: PublishFields): number {
    const packetId = fields.packetId ?? this.nextPacketId();
    this.send(publish(this.version, { ...fields, packetId }));
    return packetId;
  }

  /** Publishes and completes the exchange of its QoS; QoS 0 ends with a round trip. */
  async publish(fields: PublishFields): Promise<void> {
    const messageId = this.sendPublish(fields);
    const { qos = 0 } = fields;
    if (qos === 0) return this.roundTrip();
    if (qos === 1) {
      await this.expect('puback', { messageId });
      return;
    }
    await this.expect('pubrec', { messageId });
    this.send(acknowledgement('pubrel', messageId));
    await this.expect('pubcomp', { messageId });
  }

  /** Subscribes and expects the SUBACK as the next packet; it may refuse. */
  async subscribe(
    subscriptions: SubscriptionFields | readonly SubscriptionFields[],
    properties?: Properties,
  ): Promise<Received<'suback'>> {
    const messageId = this.nextPacketId();
    const list = [subscriptions].flat();
    this.send(subscribe(this.version, messageId, list, properties));
    return this.expect('suback', { messageId });
  }

  /** Unsubscribes and expects the UNSUBACK as the next packet. */
  async unsubscribe(...filters: string[]): Promise<Received<'unsuback'>> {
    const messageId = this.nextPacketId();
    this.send(unsubscribe(this.version, messageId, filters));
    return this.expect('unsuback', { messageId });
  }

  /** Completes the exchange of a PUBLISH that was received. */
  async acknowledge(received: Received<'publish'>): Promise<void> {
    const messageId = received.messageId ?? 0;
    if (received.qos === 1) this.send(acknowledgement('puback', messageId));
    if (received.qos !== 2) return;
    this.send(acknowledgement('pubrec', messageId));
    await this.expect('pubrel', { messageId });
    this.send(acknowledgement('pubcomp', messageId));
  }

  /** Expects a PUBLISH and completes its exchange. */
  async take(shape: Shape<'publish'> = {}): Promise<Received<'publish'>> {
    const received = await this.expect('publish', shape);
    await this.acknowledge(received);
    return received;
  }

  nextPacketId(): number {
    this.#lastPacketId = (this.#lastPacketId % 0xffff) + 1;
    return this.#lastPacketId;
  }

  /** Says DISCONNECT and waits for the server to close. */
  async disconnect(reasonCode?: number, properties?: Properties): Promise<void> {
    this.send(disconnect(reasonCode, properties));
    await this.expectClosed();
  }

  /** Pulls the plug: the connection ends without a DISCONNECT. */
  cut(): void {
    opened.delete(this);
    this.#stream.destroy();
  }

  /** Stops taking bytes from the network, as a client that hangs. */
  stopReading(): void {
    this.#stream.pause();
  }

  startReading(): void {
    this.#stream.resume();
  }

  #receive(chunk: Buffer): void {
    try {
      for (const packet of this.#reader.push(chunk)) this.#inbox.add(packet);
    } catch (error) {
      this.#inbox.fail(error as Error);
      this.#stream.destroy();
    }
  }

  async #next(wanted: string): Promise<Arrival> {
    const arrival = await this.#inbox.next(this.#waitMs, `${this.#name} waited for ${wanted}`);
    if (arrival.packet === undefined) this.#isEndSeen = true;
    return arrival;
  }

  #unexpected(wanted: string, { packet }: Arrival, difference?: string): Error {
    const got = packet === undefined ? 'the end of the connection' : describe(packet);
    const why = packet === undefined || difference === undefined ? '' : ` (${difference})`;
    return new Error(`${this.#name}: wanted ${wanted}, got ${got}${why}`);
  }
}

function describe(packet: Received): string {
  const fields = Object.fromEntries(Object.entries(packet).filter(([name]) => name !== 'bytes'));
  return `${packet.cmd.toUpperCase()} ${show(fields)} [${hexOf(packet.bytes)}]`;
}

function hexCode(code: number): string {
  return `0x${code.toString(16).padStart(2, '0')}`;
}
