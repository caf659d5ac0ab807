// A time in which a device gave its readings times that lie apart from their arrival. Says what was off: its clock, or
// only the delivery. Pure.
import type { DeviceId } from '@hearth/contracts';

/**
 * Messages whose device time differs from their arrival, one after the other. The arrival of a reading in between lies on
 * the straight line between both ends, or no further from it than `MAX_CLOCK_DIFFERENCE_MS`.
 */
export interface ClockStretch {
  readonly deviceId: DeviceId;
  /** Arrival of the first and of the last message, epoch milliseconds. */
  readonly fromAtMs: number;
  readonly toAtMs: number;
  /** Earliest and latest time that the device gave, epoch milliseconds. */
  readonly fromTs: number;
  readonly toTs: number;
  readonly messages: number;
}

/** A clock that is behind is believed only after so long: until then it may be a buffer that is being sent. */
const STEADY_AFTER_MS = 30_000;
/** And after so many messages: two may agree by chance. */
const STEADY_AFTER_MESSAGES = 3;
/** A buffer is sent faster than it filled. A clock runs as fast as ours, give or take this share, delays included. */
const STEADY_RATE = 0.1;

/**
 * How far the clock of the device is ahead, in milliseconds, negative for behind; undefined where the readings may as
 * well have come late. What is ahead cannot be late; behind is a clock that goes as fast as ours and stays behind.
 */
export function clockOffset(stretch: ClockStretch): number | undefined {
  const { fromAtMs, toAtMs, fromTs, toTs, messages } = stretch;
  const first = fromTs - fromAtMs;
  const last = toTs - toAtMs;
  if (first > 0 && last > 0) return last;
  const span = toAtMs - fromAtMs;
  const isSteady =
    messages >= STEADY_AFTER_MESSAGES &&
    span >= STEADY_AFTER_MS &&
    Math.abs(last - first) <= span * STEADY_RATE;
  return isSteady ? last : undefined;
}

/** When the reading of that device time came in, as the stretch has it; undefined when it is not of that time. */
export function arrivalIn(stretch: ClockStretch, ts: number): number | undefined {
  const { fromAtMs, toAtMs, fromTs, toTs } = stretch;
  if (ts < fromTs || ts > toTs) return undefined;
  if (toTs === fromTs) return fromAtMs;
  return fromAtMs + ((toAtMs - fromAtMs) * (ts - fromTs)) / (toTs - fromTs);
}
