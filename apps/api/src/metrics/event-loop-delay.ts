// How long the event loop keeps everybody waiting: the first number to look at when the house feels slow.
import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';

/** How finely it is measured, milliseconds. */
const RESOLUTION_MS = 20;
const NANOSECONDS = 1e9;

export class EventLoopDelay {
  readonly #histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  start(): void {
    this.#histogram.enable();
  }

  stop(): void {
    this.#histogram.disable();
  }

  /** Seconds beyond the resolution, since the last call. */
  take(): { p50: number; p99: number; max: number } {
    const seconds = (nanoseconds: number): number =>
      Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION_MS / 1_000) || 0;
    const taken = {
      p50: seconds(this.#histogram.percentile(50)),
      p99: seconds(this.#histogram.percentile(99)),
      max: seconds(this.#histogram.max),
    };
    this.#histogram.reset();
    return taken;
  }
}
