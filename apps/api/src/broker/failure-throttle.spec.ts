import { FailureThrottle } from './failure-throttle.js';

const limits = { burst: 3, refillMs: 1_000, maxKeys: 10 };

describe('FailureThrottle', () => {
  it('is exhausted after a burst of failures', () => {
    const sut = new FailureThrottle(limits);
    const answered = [0, 1, 2, 3].map(() => {
      const exhausted = sut.isExhausted('10.0.0.9', 0);
      sut.recordFailure('10.0.0.9', 0);
      return !exhausted;
    });
    expect(answered).toEqual([true, true, true, false]);
  });

  it('lets one more through for each refill time', () => {
    const sut = new FailureThrottle(limits);
    for (let failure = 0; failure < 50; failure++) sut.recordFailure('a', 0);
    expect(sut.isExhausted('a', 999)).toBe(true);
    expect(sut.isExhausted('a', 1_000)).toBe(false);
    sut.recordFailure('a', 1_000);
    expect(sut.isExhausted('a', 1_001)).toBe(true);
  });

  it('counts each key on its own', () => {
    const sut = new FailureThrottle(limits);
    for (let failure = 0; failure < 3; failure++) sut.recordFailure('a', 0);
    expect(sut.isExhausted('b', 0)).toBe(false);
  });

  it('does not gain from a clock that jumps back', () => {
    const sut = new FailureThrottle(limits);
    for (let failure = 0; failure < 3; failure++) sut.recordFailure('a', 10_000);
    expect(sut.isExhausted('a', 0)).toBe(true);
  });

  it('remembers no more keys than it may', () => {
    const sut = new FailureThrottle({ ...limits, burst: 1, maxKeys: 2 });
    for (const key of ['a', 'b', 'c']) sut.recordFailure(key, 0);
    expect(['a', 'b', 'c'].map((key) => sut.isExhausted(key, 0))).toEqual([false, true, true]);
  });
});
