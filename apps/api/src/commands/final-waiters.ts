// Requests that wait until a command is finished.
import type { CommandId } from '@hearth/contracts';

/** Requests that may wait at a time; more are answered at once with what there is. */
const MAX_WAITERS = 500;

export class FinalWaiters {
  readonly #waiters = new Map<CommandId, Set<() => void>>();
  #count = 0;

  /** Resolves when the command is finished, or after `timeoutMs`. */
  async wait(id: CommandId, timeoutMs: number): Promise<void> {
    if (this.#count >= MAX_WAITERS) return;
    this.#count++;
    const waiters = this.#waiters.get(id) ?? new Set();
    this.#waiters.set(id, waiters);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, timeoutMs);
      function done(): void {
        clearTimeout(timer);
        waiters.delete(done);
        resolve();
      }
      waiters.add(done);
    });
    this.#count--;
    if (waiters.size === 0) this.#waiters.delete(id);
  }

  finish(id: CommandId): void {
    for (const done of this.#waiters.get(id) ?? []) done();
  }

  /** Lets everybody go. */
  release(): void {
    for (const id of this.#waiters.keys()) this.finish(id);
  }
}
