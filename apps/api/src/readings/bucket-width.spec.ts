import * as fc from 'fast-check';
import { bucketWidth } from './bucket-width.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe(bucketWidth, () => {
  it.each([
    [HOUR, 600, 10_000],
    [DAY, 600, 3 * MINUTE],
    [7 * DAY, 600, 20 * MINUTE],
    [30 * DAY, 600, 2 * HOUR],
    [365 * DAY, 600, DAY],
    [3_650 * DAY, 600, 7 * DAY],
    [1, 10, 1_000],
  ])('cuts %d ms into at most %d buckets of %d ms', (range, points, width) => {
    expect(bucketWidth(range, points)).toBe(width);
  });

  it('never gives more buckets than points, and always widths that fit into days or are days', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 * 365 * DAY }),
        fc.integer({ min: 10, max: 2_000 }),
        (range, points) => {
          const width = bucketWidth(range, points);
          return range / width <= points && (DAY % width === 0 || width % DAY === 0);
        },
      ),
    );
  });
});
