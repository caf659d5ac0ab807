// How long publishers wait for a receiver that is connected but falls behind. A burst is held back at its
// source and nothing is lost; a receiver that stays slow uses its patience up, and from then on, until it has
// caught up, its queue overflows and publishers no longer notice it.

import type { Cancel, Clock } from '../clock.js';

/** Never pushed to. */
const NOBODY: never[] = [];

export class Patience {
  readonly #clock: Clock;
  readonly #patienceMs: number;
  #waiting: (() => void)[] = NOBODY;
  #cancel: Cancel | undefined;
  #isSpent = false;

  constructor(clock: Clock, patienceMs: number) {
    this.#clock = clock;
    this.#patienceMs = patienceMs;
  }

  get isSpent(): boolean {
    return this.#isSpent;
  }

  /** Calls `release` when the receiver caught up or its time is over. Not to be called when spent. */
  hold(release: () => void): void {
    this.#waiting = [...this.#waiting, release];
    this.#cancel ??= this.#clock.after(this.#patienceMs, () => {
      this.#isSpent = true;
      this.relieve();
    });
  }

  /** The receiver caught up enough, or is gone. */
  relieve(): void {
    if (this.#cancel === undefined) return;
    this.#cancel();
    this.#cancel = undefined;
    const waiting = this.#waiting;
    this.#waiting = NOBODY;
    for (const release of waiting) release();
  }

  /** The receiver caught up altogether: it is trusted again. */
  renew(): void {
    this.#isSpent = false;
  }
}
