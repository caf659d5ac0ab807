// Outbound QoS 1 and 2 deliveries that await the peer. Owns packet identifiers and counts the send
// quota. Does no I/O and reads no clock.

import { LateMap } from '../late-map.js';
import type { Delivery } from './session-link.js';
import { PacketIds } from './packet-ids.js';

type Step = 'puback' | 'pubrec' | 'pubcomp';

/** A delivery under way. `delivery` is undefined when nothing will ever need it again. */
interface Pending {
  readonly packetId: number;
  readonly delivery: Delivery | undefined;
  /** Of its payload. */
  readonly bytes: number;
  awaiting: Step;
  /** Whether it counts against the quota of the present connection. */
  counted: boolean;
}

/** What has to go out again after a resume. */
export type Resend =
  { send: 'publish'; packetId: number; delivery: Delivery } | { send: 'pubrel'; packetId: number };

/** Never pushed to. */
const NOTHING: never[] = [];

export class Inflight {
  readonly #pending = new LateMap<number, Pending>();
  readonly #ids = new PacketIds();
  #used = 0;
  #usedBytes = 0;
  #toResend: Pending[] = NOTHING;

  get size(): number {
    return this.#pending.size;
  }

  /** Deliveries that count against the present connection's quota. */
  get used(): number {
    return this.#used;
  }

  /** Whether no more may be under way: so many deliveries, or so many payload bytes of them. */
  isFull(quota: number, maxBytes: number): boolean {
    return this.#used >= quota || this.#usedBytes >= maxBytes;
  }

  /** Begins a delivery and answers its packet identifier. `kept`: needed for a resend or an outcome. */
  open(qos: 1 | 2, kept: Delivery | undefined, bytes = 0): number {
    const packetId = this.#ids.next(this.#pending); // [MQTT-4.3.2-1] [MQTT-4.3.3-1]
    const awaiting = qos === 1 ? 'puback' : 'pubrec'; // [MQTT-4.3.2-3] [MQTT-4.3.3-3]
    this.#pending.set(packetId, { packetId, delivery: kept, bytes, awaiting, counted: true });
    this.#used++;
    this.#usedBytes += bytes;
    return packetId;
  }

  /** Passes over the packet identifier of a message that is not sent after all. */
  skip(): void {
    this.#ids.next(this.#pending);
  }

  /** The peer is done with a delivery that awaits `step`. Undefined when there is none such. */
  complete(packetId: number, step: Step): { delivery: Delivery | undefined } | undefined {
    const pending = this.#pending.get(packetId);
    if (pending === undefined || pending.awaiting !== step) return undefined;
    this.#pending.delete(packetId);
    if (pending.counted) {
      this.#used--;
      this.#usedBytes -= pending.bytes;
    }
    return pending;
  }

  /** The peer received a QoS 2 PUBLISH; PUBREL is next. Undefined for an unknown packet identifier. */
  receivePubrec(packetId: number): { delivery: Delivery | undefined } | undefined {
    const pending = this.#pending.get(packetId);
    if (pending === undefined || pending.awaiting === 'puback') return undefined;
    pending.awaiting = 'pubcomp'; // [MQTT-4.3.3-5] [MQTT-4.3.3-6]
    return pending;
  }

  /** Whether a delivery is under way with this packet identifier. */
  has(packetId: number): boolean {
    return this.#pending.has(packetId);
  }

  /** Whether this very delivery is under way with this packet identifier. */
  holds(packetId: number, delivery: Delivery): boolean {
    return this.#pending.get(packetId)?.delivery === delivery;
  }

  /** Puts back a delivery of an earlier life of the broker. */
  restore(packetId: number, delivery: Delivery, awaiting: Step): void {
    const bytes = payloadBytes(delivery);
    this.#pending.set(packetId, { packetId, delivery, bytes, awaiting, counted: false });
    this.#ids.continueAfter(packetId);
  }

  /** All deliveries of which something is kept, in their order, with what they await. */
  *all(): Iterable<{ packetId: number; delivery: Delivery; awaiting: Step }> {
    for (const { packetId, delivery, awaiting } of this.#pending.values()) {
      if (delivery !== undefined) yield { packetId, delivery, awaiting };
    }
  }

  /** A new connection: all that is unacknowledged goes out again, in its first order. [MQTT-4.4.0-1] [MQTT-4.6.0-1] */
  beginResend(): void {
    this.#used = 0;
    this.#usedBytes = 0;
    this.#toResend = NOTHING;
    if (this.#pending.size === 0) return;
    this.#toResend = [...this.#pending.values()];
    for (const pending of this.#toResend) pending.counted = false;
  }

  /** The next thing to send again; undefined when there is none or no room for it. */
  nextResend(quota: number, maxBytes = Infinity): Resend | undefined {
    for (;;) {
      const pending = this.#toResend[0];
      if (pending === undefined) return undefined;
      const { packetId, delivery } = pending;
      const live = this.#pending.get(packetId) === pending;
      if (live && pending.awaiting !== 'pubcomp' && this.isFull(quota, maxBytes)) return undefined;
      this.#toResend.shift();
      if (!live) continue;
      pending.counted = true;
      this.#used++;
      this.#usedBytes += pending.bytes;
      if (pending.awaiting === 'pubcomp') return { send: 'pubrel', packetId };
      if (delivery !== undefined) return { send: 'publish', packetId, delivery };
    }
  }

  /**
   * Forgets the messages that do not pass, and answers them. A PUBREL that is due stays due. `sent` are those that
   * count against the present connection's quota.
   */
  filter(
    passes: (delivery: Delivery, awaiting: Step) => boolean,
    sent: 'kept' | 'dropped' = 'dropped',
  ): Delivery[] {
    const lost: Delivery[] = [];
    for (const { packetId, delivery, awaiting, counted } of this.#pending.values()) {
      if (delivery === undefined || awaiting === 'pubcomp') continue;
      if (counted && sent === 'kept') continue;
      if (passes(delivery, awaiting)) continue;
      lost.push(delivery);
      this.complete(packetId, awaiting);
    }
    return lost;
  }

  /** Forgets everything and answers what was lost. */
  clear(): Delivery[] {
    const all = [...this.#pending.values()];
    this.#pending.clear();
    this.#toResend = [];
    this.#used = 0;
    this.#usedBytes = 0;
    return all.flatMap(({ delivery }) => (delivery === undefined ? [] : [delivery]));
  }
}

/** Payload bytes of a delivery. */
export function payloadBytes({ message }: Delivery): number {
  return message.payloadEnd - message.payloadStart;
}
