// How long to wait before something that ended is started again. Pure.

/** Milliseconds; the last one repeats. */
const PAUSES_MS = [200, 1_000, 5_000, 15_000];
/** What ran this long is healthy again: its next restart is quick. Milliseconds. */
const HEALTHY_AFTER_MS = 60_000;

/** Remembers failures: what starts and dies at once must not spin. */
export class RestartPauses {
  #failures = 0;

  /** Milliseconds until the next start, after a run of `ranMs`; 0 for a start that failed. */
  next(ranMs: number): number {
    if (ranMs > HEALTHY_AFTER_MS) this.#failures = 0;
    const pauseMs = PAUSES_MS[Math.min(this.#failures, PAUSES_MS.length - 1)] ?? 0;
    this.#failures += 1;
    return pauseMs;
  }
}
