import type { Clock } from '../clock.js';

// setTimeout fires at once beyond this; longer waits go in steps.
const LONGEST_MS = 2 ** 31 - 1;

/** The machine's clock. Its timers keep no process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, fire) => {
    let timer: NodeJS.Timeout;
    const wait = (left: number): void => {
      const step = Math.min(left, LONGEST_MS);
      timer = setTimeout(() => (left > step ? wait(left - step) : fire()), step);
      timer.unref();
    };
    wait(ms);
    return () => clearTimeout(timer);
  },
};
