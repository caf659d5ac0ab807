// Time as the simulator sees it. Wall time stamps the readings; house time drives the physics and may run faster.

/** Calls off what it was returned for; harmless afterwards. */
export type Cancel = () => void;

export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls `fn` once, after `ms` milliseconds. */
  after(ms: number, fn: () => void): Cancel;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
};

/** Fastest that a house may live. Above it one tick would compute hours of physics at once. */
export const MAX_SPEED = 3_600;

/** House time: starts at wall time `startMs` and runs `speed` times as fast. */
export function houseTime(startMs: number, speed: number): (wallMs: number) => number {
  return (wallMs) => startMs + (wallMs - startMs) * speed;
}
