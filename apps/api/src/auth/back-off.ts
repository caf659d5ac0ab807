// How long somebody who guesses has to wait. Pure: the record lives in the database, the time comes in.

export interface BackOffRule {
  /** Attempts before the first wait. */
  readonly freeAttempts: number;
  /** The first wait, milliseconds; it doubles with every further attempt. */
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** Without an attempt for this long, all is forgotten. Longer than `maxDelayMs`. */
  readonly forgetAfterMs: number;
}

/** Attempts that were allowed since the last success, and when the last of them was. */
export interface AttemptRecord {
  readonly count: number;
  readonly lastAttemptMs: number;
}

export type AttemptDecision =
  | { readonly allowed: true; readonly record: AttemptRecord }
  | { readonly allowed: false; readonly retryAfterMs: number };

/**
 * Whether an attempt at `nowMs` may be made. It counts before it is known to fail, so that many at once
 * gain nothing. A refused attempt does not prolong the wait: whoever waits gets through.
 */
export function decideAttempt(
  record: AttemptRecord | undefined,
  rule: BackOffRule,
  nowMs: number,
): AttemptDecision {
  const aheadMs = record ? record.lastAttemptMs - nowMs : 0;
  // Far in the future: the clock was set back, nothing can be measured, so begin anew. A little in the
  // future: another attempt read the clock later and was recorded earlier.
  if (!record || aheadMs > rule.maxDelayMs || -aheadMs >= rule.forgetAfterMs) {
    return { allowed: true, record: { count: 1, lastAttemptMs: nowMs } };
  }
  const retryAfterMs = delayAfter(record.count, rule) + Math.min(0, aheadMs);
  if (retryAfterMs > 0) return { allowed: false, retryAfterMs };
  const lastAttemptMs = Math.max(record.lastAttemptMs, nowMs);
  return { allowed: true, record: { count: record.count + 1, lastAttemptMs } };
}

function delayAfter(count: number, rule: BackOffRule): number {
  if (count < rule.freeAttempts) return 0;
  return Math.min(rule.maxDelayMs, rule.firstDelayMs * 2 ** (count - rule.freeAttempts));
}
