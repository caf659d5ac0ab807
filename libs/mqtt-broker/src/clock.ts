// Time as a port: protocol logic never reads the machine's clock.

/** Stops a timer that has not fired yet; harmless afterwards. */
export type Cancel = () => void;

/** Where the broker gets its time from. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `fire` once after `ms` milliseconds. May keep no process alive on its own. */
  after(ms: number, fire: () => void): Cancel;
}
