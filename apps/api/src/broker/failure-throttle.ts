// How often credentials may fail before the next guess is not even looked at. A bucket of failures for
// each key, leaking with time. Reads no clock.

export interface ThrottleLimits {
  /** Failures in a row that are answered. */
  readonly burst: number;
  /** Milliseconds until one more failure is answered. */
  readonly refillMs: number;
  /** Keys remembered; beyond, the oldest is forgotten, which favours nobody who keeps failing. */
  readonly maxKeys: number;
}

interface Bucket {
  /** Failures not leaked away yet. */
  level: number;
  updatedAtMs: number;
}

export class FailureThrottle {
  readonly #limits: ThrottleLimits;
  readonly #buckets = new Map<string, Bucket>();

  constructor(limits: ThrottleLimits) {
    this.#limits = limits;
  }

  /** True while `key` has failed too often lately. */
  isExhausted(key: string, nowMs: number): boolean {
    const bucket = this.#buckets.get(key);
    return bucket !== undefined && this.#levelAt(bucket, nowMs) > this.#limits.burst - 1;
  }

  recordFailure(key: string, nowMs: number): void {
    const bucket = this.#buckets.get(key);
    const level = bucket === undefined ? 0 : this.#levelAt(bucket, nowMs);
    this.#buckets.delete(key);
    this.#buckets.set(key, { level: Math.min(level + 1, this.#limits.burst), updatedAtMs: nowMs });
    if (this.#buckets.size <= this.#limits.maxKeys) return;
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }

  #levelAt(bucket: Bucket, nowMs: number): number {
    const leaked = Math.max(0, nowMs - bucket.updatedAtMs) / this.#limits.refillMs;
    return Math.max(0, bucket.level - leaked);
  }
}
