// Counts by size since the start: what a histogram of Prometheus is made of. One step into an array for each value.

/** How many values were at most `upTo` and more than the bucket before; the last bucket has no end, `upTo` null. */
interface HistogramBucket {
  readonly upTo: number | null;
  readonly count: number;
}

export interface HistogramCounts {
  readonly buckets: readonly HistogramBucket[];
  readonly sum: number;
}

export class Histogram {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;

  /** Upper bounds, ascending; values above the last are counted apart. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  record(value: number): void {
    let bucket = 0;
    while (bucket < this.#bounds.length && value > (this.#bounds[bucket] ?? Infinity)) bucket += 1;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sum += value;
  }

  counts(): HistogramCounts {
    const buckets = this.#counts.map((count, bucket) => ({
      upTo: this.#bounds[bucket] ?? null,
      count,
    }));
    return { buckets, sum: this.#sum };
  }
}
