// Rows that are announced first and written a moment later: states that people wait for, not promises.
// One batch is under way while the next gathers; what the database refuses waits and is tried again.
// Bounded: past `maxWaiting` the oldest is given up and counted.

export interface WriteBehindOptions<K, V> {
  /** Writes a batch, oldest first. A rejection means that nothing of it was written. */
  readonly write: (batch: readonly (readonly [K, V])[]) => Promise<void>;
  /** Most entries that wait for the database. */
  readonly maxWaiting: number;
  readonly onError: (error: unknown) => void;
  /** Runs `task` after `ms`; answers with what calls it off. Default: an unreferenced timer. */
  readonly after?: (ms: number, task: () => void) => () => void;
}

/** Most entries of one write. */
const MAX_BATCH = 500;
/** First and longest pause after a failed write, milliseconds; it doubles in between. */
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;

const afterTimer = (ms: number, task: () => void): (() => void) => {
  const timer = setTimeout(task, ms).unref();
  return () => clearTimeout(timer);
};

export class WriteBehind<K, V> {
  readonly #options: WriteBehindOptions<K, V>;
  #waiting = new Map<K, V>();
  #underWay: Promise<void> | undefined;
  #callOffRetry: (() => void) | undefined;
  #retryMs = FIRST_RETRY_MS;
  #givenUp = 0;

  constructor(options: WriteBehindOptions<K, V>) {
    this.#options = options;
  }

  /** Entries that are not written yet, apart from the batch under way. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Entries that were lost because the database was away for too long. */
  get givenUp(): number {
    return this.#givenUp;
  }

  /** Writes `value` soon. An unwritten value of the same key is replaced. */
  put(key: K, value: V): void {
    this.#waiting.delete(key);
    this.#waiting.set(key, value);
    this.#bound();
    if (!this.#callOffRetry) this.#pump();
  }

  /** Tries to write everything that waits; resolves when that is done or has failed once. */
  async flush(): Promise<void> {
    this.#callOffRetry?.();
    this.#callOffRetry = undefined;
    while (this.#waiting.size > 0 || this.#underWay) {
      this.#pump();
      await this.#underWay;
      if (this.#callOffRetry) return;
    }
  }

  /** Flushes once more and stops trying. */
  async stop(): Promise<void> {
    await this.flush();
    this.#callOffRetry?.();
    this.#callOffRetry = undefined;
  }

  #pump(): void {
    if (this.#underWay || this.#waiting.size === 0) return;
    this.#underWay = this.#writeBatch().finally(() => {
      this.#underWay = undefined;
      if (!this.#callOffRetry) this.#pump();
    });
  }

  async #writeBatch(): Promise<void> {
    // Everything that is put in the same turn goes into one write.
    await Promise.resolve();
    const batch = [...this.#waiting].slice(0, MAX_BATCH);
    for (const [key] of batch) this.#waiting.delete(key);
    try {
      await this.#options.write(batch);
      this.#retryMs = FIRST_RETRY_MS;
    } catch (error) {
      this.#options.onError(error);
      this.#putBack(batch);
      this.#retryLater();
    }
  }

  /** In front of what came meanwhile, unless that replaced it. */
  #putBack(batch: readonly (readonly [K, V])[]): void {
    const newer = this.#waiting;
    this.#waiting = new Map(batch.filter(([key]) => !newer.has(key)));
    for (const [key, value] of newer) this.#waiting.set(key, value);
    this.#bound();
  }

  #retryLater(): void {
    this.#callOffRetry = (this.#options.after ?? afterTimer)(this.#retryMs, () => {
      this.#callOffRetry = undefined;
      this.#pump();
    });
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
  }

  #bound(): void {
    for (const [key] of this.#waiting) {
      if (this.#waiting.size <= this.#options.maxWaiting) return;
      this.#waiting.delete(key);
      this.#givenUp++;
    }
  }
}
