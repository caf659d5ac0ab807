// How long a device waits before it connects again: 1, 2, 4 … 60 s, each strayed by the jitter so that a whole
// house does not come back in the same instant.
import type { Random } from '../random.js';

const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;
const JITTER = 0.3;

export class BackOff {
  readonly #random: Random;
  #nextMs = FIRST_MS;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Milliseconds to wait before the next try; grows with every call. */
  next(): number {
    const waitMs = this.#nextMs * this.#random.between(1 - JITTER, 1 + JITTER);
    this.#nextMs = Math.min(LONGEST_MS, this.#nextMs * 2);
    return Math.round(waitMs);
  }

  /** The link held: begin again from the shortest wait. */
  reset(): void {
    this.#nextMs = FIRST_MS;
  }
}
