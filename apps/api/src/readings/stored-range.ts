import { EARLIEST_TIMESTAMP_MS, MAX_CLOCK_AHEAD_MS } from '@hearth/contracts';
import type { Range } from './range.js';

/** The part of a range in which something can be stored; and not every integer is a time that Postgres knows. */
export function storedRange(from: number, to: number, nowMs: number): Range {
  const latestMs = nowMs + MAX_CLOCK_AHEAD_MS + 1;
  return {
    fromMs: Math.min(Math.max(from, EARLIEST_TIMESTAMP_MS), latestMs),
    toMs: Math.min(Math.max(to, EARLIEST_TIMESTAMP_MS), latestMs),
  };
}
