import { mergeReadings } from './merge-readings.js';

const page = { ts: Float64Array.of(1, 3, 5), values: Float64Array.of(10, 30, 50) };

describe(mergeReadings, () => {
  it('keeps the order of time, and of one time what the page says', () => {
    const held = [0, 3, 4, 6].map((ts) => ({ ts, value: -ts }));
    const { ts, values } = mergeReadings(page, held);
    expect([...ts]).toEqual([0, 1, 3, 4, 5, 6]);
    expect([...values]).toEqual([-0, 10, 30, -4, 50, -6]);
  });

  it('is one of the two where the other has nothing', () => {
    expect(mergeReadings(page, [])).toBe(page);
    expect([...mergeReadings(undefined, [{ ts: 7, value: 1 }]).ts]).toEqual([7]);
  });
});
