// A few rounds of `npm run crash -- --readings`: every kind of blow once.
import { BLOWS, readingsCrashTest } from '../crash/src/readings-crash.js';

it('an acknowledged reading is stored once, whatever dies, hangs or refuses', async () => {
  const { acknowledged, stored, blows, ...found } = await readingsCrashTest({
    rounds: BLOWS.length,
    seed: Date.now(),
    longestAwayMs: 2_000,
  });
  expect(Object.values(blows)).toEqual(BLOWS.map(() => 1));
  expect(acknowledged).toBeGreaterThan(0);
  expect(stored).toBeGreaterThanOrEqual(acknowledged);
  expect(found).toEqual({
    lost: [],
    doubled: [],
    foreign: [],
    outstanding: 0,
    lostSessions: 0,
    failures: [],
  });
}, 120_000);
