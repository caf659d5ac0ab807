import type { Scheduler } from '@hearth/ingest';
import type { Clock } from '../common/clock.js';

/** The event loop of this process. */
export class NodeScheduler implements Scheduler {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  soon(action: () => void): void {
    setImmediate(action);
  }

  after(ms: number, action: () => void): void {
    setTimeout(action, ms).unref();
  }
}
