import { Histogram } from './histogram.js';

describe(Histogram, () => {
  it('counts a value in the first bucket that it fits in, its bound included', () => {
    const histogram = new Histogram([1, 10]);
    for (const value of [0, 1, 1.5, 10, 11, 1_000]) histogram.record(value);
    expect(histogram.counts()).toEqual({
      buckets: [
        { upTo: 1, count: 2 },
        { upTo: 10, count: 2 },
        { upTo: null, count: 2 },
      ],
      sum: 1_023.5,
    });
  });
});
