import * as fc from 'fast-check';
import { inBatches } from './in-batches.js';
import type { Range } from './range.js';

const DAY_MS = 86_400_000;

/** All batches of rows at these times, and how often was asked for some. */
async function read(times: readonly number[], range: Range, limit: number) {
  const batches: number[][] = [];
  let asked = 0;
  const list = (window: Range, most: number) => {
    asked += 1;
    const within = times.filter((ts) => ts >= window.fromMs && ts < window.toMs);
    return Promise.resolve(within.slice(0, most).map((ts) => ({ ts })));
  };
  for await (const rows of inBatches(range, limit, list)) batches.push(rows.map(({ ts }) => ts));
  return { batches, asked };
}

describe(inBatches, () => {
  const anyTimes = fc
    .uniqueArray(fc.integer({ min: 0, max: 40 * DAY_MS }), { maxLength: 300 })
    .map((times) => times.toSorted((a, b) => a - b));

  it('gives every row of the range once, in order, never more than asked for', async () => {
    await fc.assert(
      fc.asyncProperty(anyTimes, fc.integer({ min: 1, max: 50 }), async (times, limit) => {
        const range = { fromMs: DAY_MS, toMs: 30 * DAY_MS };
        const { batches } = await read(times, range, limit);
        expect(batches.flat()).toEqual(times.filter((ts) => ts >= range.fromMs && ts < range.toMs));
        for (const batch of batches) expect(batch.length).toBeLessThanOrEqual(limit);
      }),
    );
  });

  it('strides over empty years', async () => {
    const range = { fromMs: 0, toMs: 20 * 365 * DAY_MS };
    expect((await read([], range, 100)).asked).toBeLessThan(15);
  });
});
