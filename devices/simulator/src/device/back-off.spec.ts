import { Random } from '../random.js';
import { BackOff } from './back-off.js';

describe(BackOff.name, () => {
  it('doubles up to a minute, strayed by at most 30 %, and begins again after a reset', () => {
    const backOff = new BackOff(new Random(1));
    for (const nominal of [1, 2, 4, 8, 16, 32, 60, 60]) {
      const waitMs = backOff.next();
      expect(waitMs).toBeGreaterThanOrEqual(nominal * 700);
      expect(waitMs).toBeLessThanOrEqual(nominal * 1_300);
    }
    backOff.reset();
    expect(backOff.next()).toBeLessThanOrEqual(1_300);
  });

  it('strays differently for two devices', () => {
    expect(new BackOff(new Random(1)).next()).not.toBe(new BackOff(new Random(2)).next());
  });
});
