// A storage in memory whose commits can be held back, and whose crash leaves what was committed.

import type { Change, Storage } from '@hearth/mqtt-broker';

interface Batch {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly changes: Change[];
}

export class CrashStorage implements Storage {
  readonly #committed: Change[];
  #gathering: Batch | undefined;
  #isHeld = false;
  #isCrashed = false;

  constructor(committed: readonly Change[] = []) {
    this.#committed = [...committed];
  }

  open(): Iterable<Change> {
    return [...this.#committed];
  }

  append(change: Change): void {
    this.#gather().changes.push(change);
  }

  commit(): Promise<void> {
    return this.#gather().promise;
  }

  async close(): Promise<void> {
    this.release();
  }

  /** From now on nothing is committed. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Commits what waits, and whatever comes. */
  release(): void {
    this.#isHeld = false;
    this.#commit();
  }

  /** What the next process finds. Nothing more is committed here. */
  crash(): CrashStorage {
    this.#isCrashed = true;
    return new CrashStorage(this.#committed);
  }

  #gather(): Batch {
    if (this.#gathering !== undefined) return this.#gathering;
    let resolve = (): void => undefined;
    const promise = new Promise<void>((yes) => {
      resolve = yes;
    });
    this.#gathering = { promise, resolve, changes: [] };
    if (!this.#isHeld) queueMicrotask(() => this.#isHeld || this.#commit());
    return this.#gathering;
  }

  #commit(): void {
    const batch = this.#gathering;
    if (batch === undefined || this.#isCrashed) return;
    this.#gathering = undefined;
    this.#committed.push(...batch.changes);
    batch.resolve();
  }
}
