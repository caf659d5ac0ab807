import { RestartPauses } from './restart-pauses.js';

describe(RestartPauses, () => {
  it('grow, also when each start succeeds and its run is short', () => {
    const pauses = new RestartPauses();
    expect([0, 500, 0, 59_000, 0].map((ranMs) => pauses.next(ranMs))).toEqual([
      200, 1_000, 5_000, 15_000, 15_000,
    ]);
  });

  it('are short again after a long run', () => {
    const pauses = new RestartPauses();
    for (let failure = 0; failure < 10; failure += 1) pauses.next(0);
    expect([61_000, 0].map((ranMs) => pauses.next(ranMs))).toEqual([200, 1_000]);
  });
});
