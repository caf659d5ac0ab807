import { hash, hashUnit, Random, smoothNoise } from './random.js';

describe(Random.name, () => {
  it('gives the same sequence for the same seed, and another one for another', () => {
    const draw = (seed: number) => {
      const random = new Random(seed);
      return Array.from({ length: 50 }, () => random.next());
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('fills the unit interval evenly', () => {
    const random = new Random(1);
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let index = 0; index < 10_000; index += 1) {
      const tenth = Math.floor(random.next() * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    expect(Math.min(...tenths)).toBeGreaterThan(850);
    expect(Math.max(...tenths)).toBeLessThan(1_150);
  });

  it('makes noise around zero', () => {
    const random = new Random(3);
    const values = Array.from({ length: 5_000 }, () => random.noise(2));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.15);
    expect(Math.sqrt(variance)).toBeCloseTo(2, 0);
  });
});

describe(hash.name, () => {
  it('depends on the seed, on every part and on their order', () => {
    const all = [
      hash(1, 'a', 'b'),
      hash(2, 'a', 'b'),
      hash(1, 'b', 'a'),
      hash(1, 'ab'),
      hash(1, 'a'),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(hashUnit(1, 'a')).toBeGreaterThanOrEqual(0);
    expect(hashUnit(1, 'a')).toBeLessThan(1);
  });
});

describe(smoothNoise.name, () => {
  it('has no jumps and stays within -1 and 1', () => {
    let before = smoothNoise(5, 'x', 0, 1_000);
    for (let time = 10; time < 20_000; time += 10) {
      const value = smoothNoise(5, 'x', time, 1_000);
      expect(Math.abs(value)).toBeLessThanOrEqual(1);
      expect(Math.abs(value - before)).toBeLessThan(0.04);
      before = value;
    }
  });
});
