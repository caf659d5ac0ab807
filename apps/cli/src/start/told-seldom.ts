/** A state that lasts is told again after this time, milliseconds: somebody who looks later should see it. */
const AGAIN_AFTER_MS = 10 * 60_000;

/** Tells what is new at once, and what is repeated once in a while. */
export class ToldSeldom {
  readonly #tell: (message: string) => void;
  readonly #now: () => number;
  #last: { readonly message: string; readonly atMs: number } | undefined;

  constructor(tell: (message: string) => void, now: () => number = Date.now) {
    this.#tell = tell;
    this.#now = now;
  }

  tell(message: string): void {
    const atMs = this.#now();
    const isOld = this.#last !== undefined && atMs - this.#last.atMs >= AGAIN_AFTER_MS;
    if (this.#last?.message === message && !isOld) return;
    this.#last = { message, atMs };
    this.#tell(message);
  }

  /** It is over: the next time is news. */
  forget(): void {
    this.#last = undefined;
  }
}
