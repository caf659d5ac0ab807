import { defaultLimits } from './limits.js';
import { resolveLimits } from './options.js';

describe(resolveLimits.name, () => {
  it('lays the given ones over the defaults', () => {
    expect(resolveLimits({ maxTopicLevels: 3 })).toEqual({ ...defaultLimits, maxTopicLevels: 3 });
    expect(resolveLimits()).toEqual(defaultLimits);
  });

  it.each([-1, 1.5, Number.NaN, Infinity])('refuses %d, naming the limit', (value) => {
    expect(() => resolveLimits({ maxTopicLevels: value })).toThrow('limit maxTopicLevels');
  });
});
