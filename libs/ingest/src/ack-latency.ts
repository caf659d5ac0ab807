// How long acknowledgements took, over the last minutes: counts in geometric buckets, a few numbers in all.

/** Upper bound of the first bucket, milliseconds. */
const FIRST_BOUND_MS = 1;
const GROWTH = 1.25;
/** The last bucket begins at about 70 s and has no end. */
const BUCKETS = 50;
const WINDOW_MS = 60_000;
/** Windows that a percentile looks at: the current one and those before it. */
const WINDOWS = 5;

interface Window {
  index: number;
  readonly counts: Uint32Array;
}

export class AckLatency {
  readonly #windows: Window[] = Array.from({ length: WINDOWS }, () => ({
    index: -1,
    counts: new Uint32Array(BUCKETS),
  }));

  /** Notes one acknowledgement. Both times are epoch milliseconds. */
  record(latencyMs: number, nowMs: number): void {
    const { counts } = this.#window(nowMs);
    const bucket = bucketOf(latencyMs);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }

  /** Upper bound of the bucket in which the share `fraction` (0–1) of acknowledgements ends, milliseconds; null without any. */
  percentile(fraction: number, nowMs: number): number | null {
    const current = Math.floor(nowMs / WINDOW_MS);
    const recent = this.#windows.filter(({ index }) => index > current - WINDOWS);
    const total = recent.reduce((sum, { counts }) => sum + counts.reduce((a, b) => a + b, 0), 0);
    if (total === 0) return null;
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      for (const { counts } of recent) seen += counts[bucket] ?? 0;
      if (seen >= total * fraction) return Math.round(FIRST_BOUND_MS * GROWTH ** bucket * 10) / 10;
    }
    return null;
  }

  #window(nowMs: number): Window {
    const index = Math.floor(nowMs / WINDOW_MS);
    const window = this.#windows[((index % WINDOWS) + WINDOWS) % WINDOWS];
    if (window === undefined) throw new Error('windows are never empty');
    if (window.index !== index) {
      window.index = index;
      window.counts.fill(0);
    }
    return window;
  }
}

function bucketOf(latencyMs: number): number {
  if (latencyMs <= FIRST_BOUND_MS) return 0;
  return Math.min(Math.ceil(Math.log(latencyMs / FIRST_BOUND_MS) / Math.log(GROWTH)), BUCKETS - 1);
}
