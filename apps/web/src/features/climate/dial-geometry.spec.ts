import { arcPath, CENTRE, isOnRing, spotOf, valueAt } from './dial-geometry';

const scale = { min: 5, max: 30 };

describe(valueAt, () => {
  it.each([5, 9.3, 17.5, 24, 30])('is where %f stands', (value) => {
    expect(valueAt(spotOf(value, scale), scale)).toBeCloseTo(value, 1);
  });

  it('gives the gap at the bottom to its nearer end', () => {
    expect(valueAt({ x: CENTRE - 10, y: 190 }, scale)).toBe(5);
    expect(valueAt({ x: CENTRE + 10, y: 190 }, scale)).toBe(30);
  });
});

describe(spotOf, () => {
  it('has the middle of the scale at the top', () => {
    expect(spotOf(17.5, scale)).toEqual({ x: CENTRE, y: 18 });
  });

  it('keeps values from outside on the ring', () => {
    expect(spotOf(-40, scale)).toEqual(spotOf(5, scale));
  });
});

describe(arcPath, () => {
  it('goes the long way round when it has to', () => {
    expect(arcPath(5, 30, scale)).toContain(' 0 1 1 ');
    expect(arcPath(20, 22, scale)).toContain(' 0 0 1 ');
  });
});

describe(isOnRing, () => {
  it('leaves the middle alone', () => {
    expect(isOnRing({ x: CENTRE, y: CENTRE })).toBe(false);
    expect(isOnRing(spotOf(20, scale))).toBe(true);
  });
});
