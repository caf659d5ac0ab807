// Deliveries that wait: for an offline client, or for room in a send window. Bounded in number and bytes.

import type { Delivery } from './session-link.js';

/** What an empty queue has. Never pushed to. */
const NOTHING: Delivery[] = [];

/** First in, first out. */
export class MessageQueue {
  #maxMessages: number;
  #maxBytes: number;
  #qos0 = 0;
  #waiting: Delivery[] = NOTHING;
  #head = 0;
  #bytes = 0;

  constructor(maxMessages: number, maxBytes: number) {
    this.#maxMessages = maxMessages;
    this.#maxBytes = maxBytes;
  }

  /** Other bounds from now on; what is over them already stays. */
  bound(maxMessages: number, maxBytes: number): void {
    this.#maxMessages = maxMessages;
    this.#maxBytes = maxBytes;
  }

  /** Whether a message of QoS 0 waits, so that another must not overtake it. */
  get hasQos0(): boolean {
    return this.#qos0 > 0;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#waiting.length - this.#head;
  }

  /** More than half of a limit is in use. */
  get isFilling(): boolean {
    return this.size * 2 > this.#maxMessages || this.#bytes * 2 > this.#maxBytes;
  }

  /** Less than a quarter of each limit is in use. */
  get isEasy(): boolean {
    return this.size * 4 < this.#maxMessages && this.#bytes * 4 < this.#maxBytes;
  }

  /** False when a limit is reached; the newest message is the one that goes. */
  push(delivery: Delivery): boolean {
    const bytes = delivery.message.heldBytes;
    if (this.size >= this.#maxMessages || this.#bytes + bytes > this.#maxBytes) return false;
    delivery.message.keep();
    if (this.#waiting === NOTHING) this.#waiting = [delivery];
    else this.#waiting.push(delivery);
    this.#bytes += bytes;
    if (delivery.qos === 0) this.#qos0++;
    return true;
  }

  shift(): Delivery | undefined {
    const delivery = this.#waiting[this.#head];
    if (delivery === undefined) return undefined;
    this.#head++;
    this.#bytes -= delivery.message.heldBytes;
    if (delivery.qos === 0) this.#qos0--;
    if (this.#head === this.#waiting.length) {
      this.#waiting = [];
      this.#head = 0;
    } else if (this.#head > 1024) {
      this.#waiting.splice(0, this.#head);
      this.#head = 0;
    }
    return delivery;
  }

  /** What waits, in order. */
  all(): readonly Delivery[] {
    return this.#waiting.slice(this.#head);
  }

  /** Whether one more message of ordinary size would be taken. */
  get hasRoom(): boolean {
    return this.size < this.#maxMessages && this.#bytes < this.#maxBytes;
  }

  /** Keeps what passes, and answers what did not. */
  filter(passes: (delivery: Delivery) => boolean): Delivery[] {
    const all = this.#waiting.slice(this.#head);
    this.#waiting = all.filter(passes);
    this.#head = 0;
    this.#bytes = 0;
    this.#qos0 = 0;
    for (const { message, qos } of this.#waiting) {
      this.#bytes += message.heldBytes;
      if (qos === 0) this.#qos0++;
    }
    const kept = new Set(this.#waiting);
    return all.filter((delivery) => !kept.has(delivery));
  }

  /** Empties the queue and answers what was in it. */
  clear(): Delivery[] {
    return this.filter(() => false);
  }
}
