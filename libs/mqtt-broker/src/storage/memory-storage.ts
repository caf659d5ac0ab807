// What is kept in memory only: it survives the broker, not the process.

import type { Change, Storage } from './storage.js';

// Below this many changes compaction is not worth its cost.
const COMPACT_CHANGES = 10_000;

/** Keeps changes in this object, for the next broker that is given it. */
export class MemoryStorage implements Storage {
  #changes: Change[] = [];
  #compactAt = COMPACT_CHANGES;
  #snapshot: (() => Iterable<Change>) | undefined;
  #gathering: Promise<void> | undefined;

  open(snapshot: () => Iterable<Change>): Iterable<Change> {
    this.#snapshot = snapshot;
    return [...this.#changes];
  }

  append(change: Change): void {
    this.#changes.push(change);
  }

  commit(): Promise<void> {
    return (this.#gathering ??= Promise.resolve().then(() => {
      this.#gathering = undefined;
      if (this.#changes.length >= this.#compactAt) this.#compact();
    }));
  }

  async close(): Promise<void> {
    this.#compact();
    this.#snapshot = undefined;
  }

  #compact(): void {
    if (this.#snapshot === undefined) return;
    this.#changes = [...this.#snapshot()];
    this.#compactAt = Math.max(COMPACT_CHANGES, this.#changes.length * 2);
  }
}
