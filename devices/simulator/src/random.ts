// Small seeded generators. Everything random in a simulated house comes from here, so a seed is a house.

const { cos, floor, imul, PI } = Math;
const FNV_PRIME = 0x01000193;

/** FNV-1a over the parts, finished by a mixer: a 32-bit hash. Numbers must be whole. */
export function hash(seed: number, ...parts: (string | number)[]): number {
  let h = (0x811c9dc5 ^ seed) >>> 0;
  for (const part of parts) {
    if (typeof part === 'number') {
      h = imul(h ^ (part | 0), FNV_PRIME);
      h = imul(h ^ floor(part / 0x1_0000_0000), FNV_PRIME);
      h ^= h >>> 15;
    } else {
      for (let index = 0; index < part.length; index += 1) {
        h = imul(h ^ part.charCodeAt(index), FNV_PRIME);
      }
    }
    h = imul(h ^ 0xff, FNV_PRIME);
  }
  h = imul(h ^ (h >>> 16), 0x85ebca6b);
  h = imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A number in [0, 1) that depends on nothing but the arguments. */
export function hashUnit(seed: number, ...parts: (string | number)[]): number {
  return hash(seed, ...parts) / 0x1_0000_0000;
}

/** Smooth noise over time in [-1, 1]: random values every `periodMs`, joined by a cosine. */
export function smoothNoise(seed: number, name: string, timeMs: number, periodMs: number): number {
  const position = timeMs / periodMs;
  const index = floor(position);
  const blend = (1 - cos((position - index) * PI)) / 2;
  const from = hashUnit(seed, name, index);
  const to = hashUnit(seed, name, index + 1);
  return (from + (to - from) * blend) * 2 - 1;
}

/** mulberry32: a sequence of numbers in [0, 1) from a seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = imul(t ^ (t >>> 15), t | 1);
    t ^= t + imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** Roughly normal with the given standard deviation: the sum of three uniforms, so it has no far outliers. */
  noise(deviation: number): number {
    return (this.next() + this.next() + this.next() - 1.5) * 2 * deviation;
  }
}
