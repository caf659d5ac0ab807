// Work on one thing in the order in which it was asked for, so that memory and database end up equal.

export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs `task` when all tasks asked for before with the same key have ended, however they ended. */
  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const turn = before ? before.then(task, task) : task();
    this.#last.set(key, turn);
    try {
      return await turn;
    } finally {
      if (this.#last.get(key) === turn) this.#last.delete(key);
    }
  }
}
