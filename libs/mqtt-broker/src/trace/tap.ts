// One connection's packets, cut once for all traces that follow it, or may yet find that they do.

import type { Transport } from '../auth/authenticator.js';
import type { ProtocolVersion } from '../message.js';
import { maskSecrets } from './mask.js';
import { type Cut, PacketCutter } from './packet-cutter.js';
import { PacketTeller, typeOf } from './packet-teller.js';
import type { Frame, Identity, Recording } from './recording.js';
import type { TracedConnection } from './trace.js';

/** A connection as a tap sees it. */
export interface Tapped {
  readonly address: string;
  readonly transport: Transport;
  /** Undefined until its CONNECT was accepted. */
  readonly identity: Identity | undefined;
}

export interface TapOptions {
  now: () => number;
  maxPacketBytes: number;
  /** Bytes held for traces that cannot tell yet whether they follow this connection. */
  maxUndecidedBytes: number;
  /** No trace is interested any more. */
  onIdle: () => void;
}

export class Tap {
  readonly #tapped: Tapped;
  readonly #options: TapOptions;
  readonly #in: PacketCutter;
  readonly #out: PacketCutter;
  readonly #followers = new Map<Recording, TracedConnection>();
  readonly #undecided = new Set<Recording>();
  /** What the undecided have missed. */
  #missed: Frame[] = [];
  #missedBytes = 0;
  /** What the first packet said, if it was a CONNECT. */
  #saidClientId: string | undefined;
  #saidVersion: ProtocolVersion | undefined;
  #isNamed = false;

  constructor(tapped: Tapped, options: TapOptions) {
    this.#tapped = tapped;
    this.#options = options;
    const { maxPacketBytes } = options;
    this.#in = new PacketCutter(maxPacketBytes, (cut) => this.#add('in', cut));
    this.#out = new PacketCutter(maxPacketBytes, (cut) => this.#add('out', cut));
  }

  /** A trace that may want to follow. */
  offer(recording: Recording): void {
    this.#undecided.add(recording);
    // A connection on which nothing is ever sent is nobody's.
    if (this.#tapped.identity !== undefined) this.#decide();
  }

  /** A trace that ended. */
  withdraw(recording: Recording): void {
    this.#undecided.delete(recording);
    this.#followers.delete(recording);
    this.#settle();
  }

  in(chunk: Buffer): void {
    this.#in.push(chunk);
  }

  out(pieces: readonly Buffer[]): void {
    for (const piece of pieces) this.#out.push(piece);
  }

  /** The client may have become known. */
  meet(): void {
    if (this.#isNamed) return;
    this.#decide();
    this.#name();
  }

  /** Nothing is read or written any more. */
  closed(): void {
    this.#in.end();
    this.#out.end();
    this.#decide();
    this.#undecided.clear();
    this.#followers.clear();
    this.#settle();
  }

  #add(direction: 'in' | 'out', cut: Cut): void {
    maskSecrets(cut.bytes);
    if (direction === 'in' && this.#saidClientId === undefined) this.#learn(cut.bytes);
    const frame: Frame = { ...cut, direction, atMs: this.#options.now() };
    this.#decide();
    for (const [recording, connection] of this.#followers) recording.add(connection, frame);
    if (this.#undecided.size === 0) return;
    this.#missed.push(frame);
    this.#missedBytes += frame.bytes.length;
    if (this.#missedBytes <= this.#options.maxUndecidedBytes) return;
    this.#undecided.clear();
    this.#settle();
  }

  #learn(bytes: Buffer): void {
    if (typeOf(bytes) !== 'connect') return;
    const teller = new PacketTeller(undefined, 0);
    this.#saidClientId = teller.tell(bytes, 'in').fields.clientId;
    this.#saidVersion = teller.version;
  }

  /** What the broker calls the client, which may not be what its CONNECT said. */
  #name(): void {
    const { identity } = this.#tapped;
    if (identity === undefined) return;
    this.#isNamed = true;
    for (const connection of this.#followers.values()) connection.clientId = identity.clientId;
  }

  #decide(): void {
    if (this.#undecided.size === 0) return;
    const { identity, address, transport } = this.#tapped;
    const said = this.#saidClientId === '' ? undefined : this.#saidClientId;
    for (const recording of this.#undecided) {
      const follows = recording.wants(address, said, identity);
      if (follows === undefined) continue;
      this.#undecided.delete(recording);
      if (!follows) continue;
      const connection = recording.follow({
        address,
        transport,
        clientId: identity?.clientId ?? said,
        protocolVersion: identity?.version ?? this.#saidVersion,
      });
      this.#followers.set(recording, connection);
      for (const frame of this.#missed) recording.add(connection, frame);
    }
    this.#settle();
  }

  #settle(): void {
    if (this.#undecided.size > 0) return;
    this.#missed = [];
    this.#missedBytes = 0;
    if (this.#followers.size === 0) this.#options.onIdle();
  }
}
