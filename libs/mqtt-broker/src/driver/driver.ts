// The only loop: wire -> framer -> decoder -> connection -> effects -> wire.

import type { AckType } from '../codec/acks.js';
import { Decoder } from '../codec/decode.js';
import { Framer } from '../codec/framer.js';
import type { OutboundPacket } from '../codec/packets.js';
import { ReasonCode } from '../codec/reason-codes.js';
import { Slab } from '../codec/slab.js';
import type { Cancel } from '../clock.js';
import type { Core } from '../connection/core.js';
import { Connection } from '../connection/connection.js';
import type { Effects, PeerAbilities } from '../connection/effects.js';
import { receive } from '../connection/receive.js';
import type { Transport } from '../auth/authenticator.js';
import { ProtocolError } from '../errors.js';
import type { QoS } from '../message.js';
import type { RoutedMessage } from '../routing/routed-message.js';
import type { Delivery } from '../session/session-link.js';
import type { Identity } from '../trace/recording.js';
import type { Tap } from '../trace/tap.js';
import { type Tappable, Tracer } from '../trace/tracer.js';
import { FlushQueue, Outbox } from './outbox.js';
import { PacketSender } from './packet-sender.js';
import { TurnQueue } from './turn-queue.js';
import type { Wire, WireEvents } from './wire.js';

/** What the drivers of one broker share. */
export interface DriverGear {
  readonly core: Core;
  readonly slab: Slab;
  readonly flushes: FlushQueue;
  readonly turns: TurnQueue;
  readonly tracer: Tracer;
  /** Every wire that is not closed yet. */
  readonly drivers: Set<Driver>;
  /** One of them closed. */
  readonly onClosed: () => void;
}

export function makeGear(core: Core, onClosed: () => void): DriverGear {
  const { limits, clock, onError } = core;
  return {
    core,
    slab: new Slab(),
    flushes: new FlushQueue(),
    turns: new TurnQueue(),
    tracer: new Tracer(limits, clock, onError),
    drivers: new Set(),
    onClosed,
  };
}

/** Drives a new wire until it closes. */
export function drive(gear: DriverGear, wire: Wire): void {
  new Driver(gear, wire).start();
}

class Driver implements Effects, WireEvents, Tappable {
  readonly connection: Connection;
  readonly #gear: DriverGear;
  readonly #wire: Wire;
  readonly #framer: Framer;
  readonly #decoder: Decoder;
  readonly #outbox: Outbox;
  readonly #sender: PacketSender;
  #pauses = 0;
  #isClosing = false;
  #isReading = false;
  #cancelGrace: Cancel | undefined;
  #tap: Tap | undefined;

  constructor(gear: DriverGear, wire: Wire) {
    const { core } = gear;
    this.#gear = gear;
    this.#wire = wire;
    this.#framer = new Framer(core.limits.maxConnectPacketBytes);
    this.#decoder = new Decoder(core.topics);
    this.#outbox = new Outbox(wire, gear.flushes);
    this.#sender = new PacketSender(this.#outbox, gear.slab, core.clock);
    this.connection = new Connection(core, this, wire, wire.entrance.settings);
  }

  start(): void {
    this.#gear.drivers.add(this);
    this.#wire.entrance.connections++;
    this.#gear.core.counters.connectionsOpened++;
    if (this.#gear.tracer.isOn) this.#gear.tracer.welcome(this);
    this.#wire.start(this);
  }

  bytes(chunk: Buffer): void {
    if (this.#isClosing) return;
    const { core } = this.#gear;
    core.counters.bytesIn += chunk.length;
    this.connection.lastReceivedAtMs = core.clock.now();
    this.#tap?.in(chunk);
    this.#framer.push(chunk);
    this.#read();
  }

  #read(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    const { counters } = this.#gear.core;
    try {
      while (this.#pauses === 0 && !this.#isClosing && this.#framer.next()) {
        counters.packetsIn++;
        receive(this.connection, this.#decoder.decode(this.#framer));
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isReading = false;
    }
    this.#cutIfTooSlow();
  }

  /** Nothing that the wire brought may go further up than this. */
  #fail(error: unknown): void {
    if (error instanceof ProtocolError) {
      this.connection.fail(error, this.#decoder.version);
      return;
    }
    this.connection.failInside(error, this.#decoder.version); // [MQTT3-4.8.0-2]
  }

  drained(): void {
    this.#outbox.drained();
    const { phase } = this.connection;
    if (phase.at === 'open' && !this.congested) phase.session.pump();
  }

  closed(): void {
    this.#cancelGrace?.();
    this.#gear.drivers.delete(this);
    this.#wire.entrance.connections--;
    this.#isClosing = true;
    this.#outbox.abandon();
    this.#tap?.closed();
    this.connection.lost();
    this.#gear.onClosed();
  }

  get address(): string {
    return this.#wire.address;
  }

  get transport(): Transport {
    return this.#wire.transport;
  }

  get identity(): Identity | undefined {
    const { phase } = this.connection;
    if (phase.at !== 'open') return undefined;
    const { session, principal, version } = phase;
    return { clientId: session.clientId, principalId: principal.id, version };
  }

  get unread(): Buffer {
    return this.#framer.unread;
  }

  get tap(): Tap | undefined {
    return this.#tap;
  }

  set tap(tap: Tap | undefined) {
    this.#tap = tap;
    this.#outbox.tap = tap;
  }

  get congested(): boolean {
    return this.#outbox.unsentBytes > this.#gear.core.limits.slowConsumerBytes;
  }

  beginExchange(abilities: PeerAbilities): void {
    this.#framer.connected = true;
    this.#sender.begin(abilities, 0, '');
  }

  begin(abilities: PeerAbilities): void {
    const { maxPacketBytes, maxOutgoingTopicAliases, mountPoint } = this.connection.settings;
    this.#framer.maxPacketBytes = maxPacketBytes;
    this.#framer.connected = true;
    this.#wire.admit();
    this.#sender.begin(abilities, maxOutgoingTopicAliases, mountPoint);
  }

  probe(): void {
    this.#wire.probe();
  }

  fits(packet: OutboundPacket): boolean {
    return this.#sender.fits(packet);
  }

  send(packet: OutboundPacket): boolean {
    this.#tap?.meet();
    this.#gear.core.counters.packetsOut++;
    return this.#sender.send(packet);
  }

  acknowledge(type: AckType, packetId: number, reasonCode: number): void {
    this.#gear.core.counters.packetsOut++;
    this.#sender.acknowledge(type, packetId, reasonCode);
  }

  deliverQos0(
    message: RoutedMessage,
    retain: boolean,
    subscriptionIdentifiers: readonly number[] | undefined,
  ): 'sent' | 'packet-too-large' | 'slow-consumer' {
    if (this.congested) return 'slow-consumer';
    if (!this.#sender.deliverQos0(message, retain, subscriptionIdentifiers)) {
      return 'packet-too-large';
    }
    this.#countOut(message, 0);
    return 'sent';
  }

  deliver(delivery: Delivery, packetId: number, dup: boolean): 'sent' | 'packet-too-large' {
    const { message, qos, retain, subscriptionIdentifiers } = delivery;
    if (!this.#sender.deliver(message, qos, retain, dup, packetId, subscriptionIdentifiers)) {
      return 'packet-too-large';
    }
    this.#countOut(message, qos);
    return 'sent';
  }

  #countOut({ payloadStart, payloadEnd }: RoutedMessage, qos: QoS): void {
    const { counters } = this.#gear.core;
    counters.messagesOut[qos]++;
    counters.packetsOut++;
    counters.payloadBytesOut += payloadEnd - payloadStart;
  }

  pause(): void {
    this.#pauses++;
    if (this.#pauses === 1) this.#wire.pause();
  }

  resume(): void {
    this.#pauses--;
    if (this.#pauses > 0 || this.#isClosing) return;
    this.#read();
    if (this.#pauses === 0) this.#wire.resume();
  }

  later(goOn: () => void): void {
    this.#gear.turns.add(() => {
      try {
        goOn();
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  /** Bytes over the hard limit: a client that does not read is cut, without more bytes to it. */
  #cutIfTooSlow(): void {
    if (this.#outbox.unsentBytes <= this.#gear.core.limits.maxUnsentBytes) return;
    this.connection.end({ cause: 'slow-consumer', reasonCode: ReasonCode.quotaExceeded });
    this.#wire.destroy();
  }

  close(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#outbox.close();
    this.#tap?.closed();
    const { clock, limits } = this.#gear.core;
    this.#cancelGrace = clock.after(limits.closeGraceMs, () => this.#wire.destroy());
  }

  destroy(): void {
    this.#wire.destroy();
  }
}
