// Runs few things at a time and lets only so many wait: a storm of CONNECTs must not fill the thread pool.

/** Thrown by `run` when the waiting room is full. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull';
}

export class BoundedQueue {
  readonly #maxRunning: number;
  readonly #maxWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(maxRunning: number, maxWaiting: number) {
    this.#maxRunning = maxRunning;
    this.#maxWaiting = maxWaiting;
  }

  /** Runs `task` when its turn comes, first come, first served. Rejects with `QueueFull` at once when too many wait. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#maxRunning) {
      if (this.#waiting.length >= this.#maxWaiting) throw new QueueFull('too many are waiting');
      // The one that ends hands its place over, so the count of running ones stays.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running++;
    }
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}
