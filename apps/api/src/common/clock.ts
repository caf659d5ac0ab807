/** Time as the slices see it. Injected, so that a test can move it. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

/** Injection token of `Clock`. */
export const CLOCK = Symbol('Clock');

export class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }
}
