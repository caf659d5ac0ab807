// When each connection has to be looked at again. One timer of the clock serves all: a timer and its closures each
// would be a tenth of what an idle connection costs. The heap keeps the soonest first; ends in between cost log n.

import type { Cancel, Clock } from '../clock.js';

/** Something with one deadline at a time. The two numbers are kept by `Deadlines`. */
export interface Due {
  dueAtMs: number;
  /** Where in the heap it stands; −1 while it waits for nothing. */
  heapIndex: number;
  /** The time has come. May set the next one. */
  due(): void;
}

export class Deadlines {
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  readonly #heap: Due[] = [];
  #cancel: Cancel | undefined;
  #armedForMs = Infinity;

  constructor(clock: Clock, onError: (error: unknown) => void) {
    this.#clock = clock;
    this.#onError = onError;
  }

  get size(): number {
    return this.#heap.length;
  }

  /** Replaces the deadline that it has. */
  set(one: Due, ms: number): void {
    this.clear(one);
    one.dueAtMs = this.#clock.now() + ms;
    this.#heap.push(one);
    this.#rise(one, this.#heap.length - 1);
    if (one.dueAtMs < this.#armedForMs) this.#arm(one.dueAtMs, ms);
  }

  clear(one: Due): void {
    const index = one.heapIndex;
    if (index < 0) return;
    one.heapIndex = -1;
    const last = this.#heap.pop();
    if (this.#heap.length === 0) this.#disarm();
    if (last === undefined || last === one) return;
    if (last.dueAtMs < one.dueAtMs) this.#rise(last, index);
    else this.#sink(last, index);
  }

  #arm(atMs: number, ms: number): void {
    this.#cancel?.();
    this.#armedForMs = atMs;
    this.#cancel = this.#clock.after(ms, () => this.#fire());
  }

  /** Nothing is left to wait for. */
  #disarm(): void {
    if (this.#cancel === undefined) return;
    this.#cancel();
    this.#cancel = undefined;
    this.#armedForMs = Infinity;
  }

  #fire(): void {
    this.#cancel = undefined;
    // What is set while others are called is waited for afterwards.
    this.#armedForMs = -Infinity;
    const now = this.#clock.now();
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined || first.dueAtMs > now) break;
      this.clear(first);
      try {
        first.due();
      } catch (error) {
        this.#onError(error);
      }
    }
    this.#armedForMs = Infinity;
    const next = this.#heap[0];
    if (next !== undefined) this.#arm(next.dueAtMs, next.dueAtMs - now);
  }

  #rise(one: Due, from: number): void {
    let index = from;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.#heap[parentIndex];
      if (parent === undefined || parent.dueAtMs <= one.dueAtMs) break;
      this.#place(parent, index);
      index = parentIndex;
    }
    this.#place(one, index);
  }

  #sink(one: Due, from: number): void {
    let index = from;
    for (;;) {
      const left = this.#heap[2 * index + 1];
      const right = this.#heap[2 * index + 2];
      if (left === undefined) break;
      const isRight = right !== undefined && right.dueAtMs < left.dueAtMs;
      const child = isRight ? right : left;
      if (one.dueAtMs <= child.dueAtMs) break;
      this.#place(child, index);
      index = 2 * index + (isRight ? 2 : 1);
    }
    this.#place(one, index);
  }

  #place(one: Due, index: number): void {
    this.#heap[index] = one;
    one.heapIndex = index;
  }
}
