// One trace: whom it follows, what it keeps, when it has enough.

import { PacketTeller } from './packet-teller.js';
import type { ProtocolVersion } from '../message.js';
import type { Cut } from './packet-cutter.js';
import type { Trace, TracedConnection, TracedPacket, TraceFilter } from './trace.js';

/** A packet of a connection, without its secrets. */
export interface Frame extends Cut {
  readonly atMs: number;
  readonly direction: 'in' | 'out';
}

/** Who a client is, once its CONNECT was accepted. */
export interface Identity {
  readonly clientId: string;
  readonly principalId: string;
  readonly version: ProtocolVersion;
}

/** `TraceOptions` with everything decided. */
export interface RecordingOptions {
  maxPackets: number;
  maxBytes: number;
  payloadBytes: number;
  onPacket: ((packet: TracedPacket) => void) | undefined;
  /** Called once, when the trace ends. */
  onEnd: (why: NonNullable<Trace['endedBy']>) => void;
}

/** A frame in the order in which it came, with the connection that it belongs to. */
interface Entry {
  connection: TracedConnection;
  frame: Frame;
}

export class Recording implements Trace {
  readonly filter: TraceFilter;
  readonly #options: RecordingOptions;
  readonly #entries: Entry[] = [];
  readonly #live = new Reader();
  #connections = 0;
  #packets = 0;
  #bytes = 0;
  #endedBy: Trace['endedBy'];

  constructor(filter: TraceFilter, options: RecordingOptions) {
    this.filter = filter;
    this.#options = options;
  }

  get endedBy(): Trace['endedBy'] {
    return this.#endedBy;
  }

  stop(): void {
    this.#end('stop');
  }

  packets(): TracedPacket[] {
    const reader = new Reader();
    const { payloadBytes } = this.#options;
    return this.#entries.map((entry) => reader.read(entry, payloadBytes));
  }

  /** Whether to follow a connection of which this much is known; undefined when it is too little. */
  wants(
    address: string,
    said: string | undefined,
    identity: Identity | undefined,
  ): boolean | undefined {
    const { filter } = this;
    if (this.#endedBy !== undefined) return false;
    if (filter.next === true && this.#connections > 0) return false;
    if (filter.address !== undefined && filter.address !== address) return false;
    if (identity !== undefined) {
      const { clientId = identity.clientId, principalId = identity.principalId } = filter;
      return clientId === identity.clientId && principalId === identity.principalId;
    }
    if (filter.principalId !== undefined) return undefined;
    return filter.clientId === undefined || filter.clientId === said ? true : undefined;
  }

  follow(connection: Omit<TracedConnection, 'number'>): TracedConnection {
    this.#connections++;
    return { number: this.#connections, ...connection };
  }

  add(connection: TracedConnection, frame: Frame): void {
    if (this.#endedBy !== undefined) return;
    const { maxPackets, maxBytes, payloadBytes, onPacket } = this.#options;
    if (this.#bytes + frame.bytes.length > maxBytes) this.#end('bytes');
    else if (this.#packets >= maxPackets) this.#end('packets');
    if (this.#endedBy !== undefined) return;
    this.#packets++;
    this.#bytes += frame.bytes.length;
    if (onPacket === undefined) this.#entries.push({ connection, frame });
    else onPacket(this.#live.read({ connection, frame }, payloadBytes));
    // Not with the next one, which may never come.
    if (this.#packets === maxPackets) this.#end('packets');
  }

  #end(why: NonNullable<Trace['endedBy']>): void {
    if (this.#endedBy !== undefined) return;
    this.#endedBy = why;
    this.#live.forget();
    this.#options.onEnd(why);
  }
}

/** Tells the packets of several connections. */
class Reader {
  readonly #tellers = new Map<TracedConnection, PacketTeller>();

  read({ connection, frame }: Entry, payloadBytes: number): TracedPacket {
    let teller = this.#tellers.get(connection);
    if (teller === undefined) {
      teller = new PacketTeller(connection.protocolVersion, payloadBytes);
      this.#tellers.set(connection, teller);
    }
    const { type, fields, problem } = teller.tell(frame.bytes, frame.direction);
    const { atMs, direction, size, bytes } = frame;
    const why = frame.problem ?? problem;
    return {
      atMs,
      direction,
      connection,
      type,
      size,
      fields,
      ...(why === undefined ? {} : { problem: why }),
      bytes,
    };
  }

  forget(): void {
    this.#tellers.clear();
  }
}
