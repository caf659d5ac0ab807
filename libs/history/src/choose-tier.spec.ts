import { chooseTier } from './choose-tier.js';

describe(chooseTier, () => {
  it.each([
    [1_000, undefined],
    [30_000, undefined],
    [60_000, 'minute'],
    [20 * 60_000, 'minute'],
    [30 * 60_000, 'quarter'],
    [3_600_000, 'hour'],
    [12 * 3_600_000, 'hour'],
    [7 * 86_400_000, 'day'],
  ])('%d ms: %s', (widthMs, tier) => {
    expect(chooseTier(widthMs)).toBe(tier);
  });
});
