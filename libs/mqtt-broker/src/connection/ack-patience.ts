// Ends connections on which an acknowledgement has waited too long. No client may send again on a live connection
// (4.4 in 3.1.1 and 5.0): without an end, one whose window is full would be stuck for as long as its message is.

import type { Cancel, Clock } from '../clock.js';

/** A connection that may owe acknowledgements. */
export interface Owing {
  /** Since when the oldest acknowledgement waits, in epoch milliseconds; undefined when none does. */
  readonly owesSinceMs: number | undefined;
  /** It has waited too long. */
  overdue(): void;
}

export class AckPatience {
  readonly #clock: Clock;
  readonly #open: ReadonlySet<Owing>;
  readonly #patienceMs: number;
  /** One timer for all connections, and none while nothing waits: a deadline for each batch would cost on the hot path. */
  #cancel: Cancel | undefined;

  constructor(clock: Clock, open: ReadonlySet<Owing>, patienceMs: number) {
    this.#clock = clock;
    this.#open = open;
    this.#patienceMs = patienceMs;
  }

  /** An acknowledgement begins to wait. */
  watch(): void {
    if (this.#cancel === undefined && this.#patienceMs > 0) this.#arm(this.#patienceMs);
  }

  #arm(ms: number): void {
    this.#cancel = this.#clock.after(ms, () => this.#look());
  }

  #look(): void {
    this.#cancel = undefined;
    const now = this.#clock.now();
    let oldest = Infinity;
    for (const connection of this.#open) {
      const sinceMs = connection.owesSinceMs;
      if (sinceMs === undefined) continue;
      if (now - sinceMs < this.#patienceMs) oldest = Math.min(oldest, sinceMs);
      else connection.overdue();
    }
    // Ended connections may have made others wait: those are watched by now.
    if (oldest < Infinity && this.#cancel === undefined) this.#arm(oldest + this.#patienceMs - now);
  }
}
