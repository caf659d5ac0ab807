import { decideAttempt, type AttemptRecord, type BackOffRule } from './back-off.js';

const rule: BackOffRule = {
  freeAttempts: 3,
  firstDelayMs: 1_000,
  maxDelayMs: 5_000,
  forgetAfterMs: 60_000,
};

/** Attempts at these times, one after the other: the wait that each was told, 0 when allowed. */
function waitsOf(times: number[]): number[] {
  let record: AttemptRecord | undefined;
  return times.map((time) => {
    const decision = decideAttempt(record, rule, time);
    if (!decision.allowed) return decision.retryAfterMs;
    record = decision.record;
    return 0;
  });
}

describe('decideAttempt', () => {
  it('lets the free attempts through and then asks to wait', () => {
    expect(waitsOf([0, 0, 0, 0])).toEqual([0, 0, 0, 1_000]);
  });

  it('doubles the wait with every further attempt, up to the most', () => {
    const times = [0, 0, 0, 1_000, 1_000, 3_000, 3_000, 7_000, 7_000, 12_000, 12_000];
    expect(waitsOf(times)).toEqual([0, 0, 0, 0, 2_000, 0, 4_000, 0, 5_000, 0, 5_000]);
  });

  it('does not prolong the wait for attempts made while waiting', () => {
    expect(waitsOf([0, 0, 0, 400, 800, 999, 1_000])).toEqual([0, 0, 0, 600, 200, 1, 0]);
  });

  it('forgets after a quiet time', () => {
    expect(waitsOf([0, 0, 0, 60_000, 60_000, 60_000, 60_000])).toEqual([0, 0, 0, 0, 0, 0, 1_000]);
  });

  it('counts attempts that read the clock in another order than they are recorded', () => {
    expect(waitsOf([7, 5, 6, 3])).toEqual([0, 0, 0, 1_000]);
  });

  it('does not lock anybody out for long when the clock is set back', () => {
    expect(waitsOf([9e9, 9e9, 9e9, 0])).toEqual([0, 0, 0, 0]);
  });
});
