// Work that goes on in slices: one slice a turn of the event loop, whoever asked, so that the wires are read and written in
// between however many ask at once.

export class TurnQueue {
  readonly #waiting: (() => void)[] = [];

  /** Calls `act` in a later turn, behind all that wait already. It must not throw. */
  add(act: () => void): void {
    this.#waiting.push(act);
    if (this.#waiting.length === 1) setImmediate(this.#run);
  }

  readonly #run = (): void => {
    const act = this.#waiting[0];
    if (act === undefined) return;
    act();
    this.#waiting.shift();
    if (this.#waiting.length > 0) setImmediate(this.#run);
  };
}
