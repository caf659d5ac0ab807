// What became of messages since the start: counts, durations and reasons.
import { AckLatency } from './ack-latency.js';
import type { ReadingBatch } from './reading-batch.js';
import { Histogram, type HistogramCounts } from './histogram.js';
import { RefusalCounter, type Refusal, type RefusalCode, type Step } from './refusal.js';

/** Totals since the start. */
export interface IngestCounts {
  readonly messages: number;
  /** Readings that were accepted, repeated ones included. */
  readonly readings: number;
  /** Rows really inserted. */
  readonly stored: number;
  readonly commits: number;
  /** Readings that were there already, and the few whose device was deleted before their commit. */
  readonly duplicates: number;
  /** Attempts to commit readings that failed, and since when they do: epoch milliseconds, null while they succeed. */
  readonly failedCommits: number;
  readonly failingSinceMs: number | null;
  /** Rows of a commit. */
  readonly commitRows: HistogramCounts;
  /** Milliseconds of a commit, of the attempt that succeeded. */
  readonly commitMs: HistogramCounts;
  /** Milliseconds from a message to its acknowledgement. */
  readonly ackMs: HistogramCounts;
  /** Refused messages that were kept. */
  readonly deadLetters: number;
  /** Messages on topics that nobody claims. */
  readonly discovered: number;
  /** Rows that wait for their commit. */
  readonly waiting: number;
  readonly droppedQos0: number;
  /** Messages with QoS 1 or 2 that were not taken because too many rows waited. */
  readonly overloaded: number;
  readonly droppedDeadLetters: number;
  readonly droppedSightings: number;
  readonly refused: readonly { step: Step; code: RefusalCode; count: number }[];
  readonly ackP50Ms: number | null;
  readonly ackP99Ms: number | null;
  /** True while readings cannot be committed. */
  readonly isFailing: boolean;
}

/** What the meter does not count itself. */
type CountedElsewhere =
  | 'commits'
  | 'failedCommits'
  | 'failingSinceMs'
  | 'isFailing'
  | 'waiting'
  | 'deadLetters'
  | 'discovered'
  | 'droppedDeadLetters'
  | 'droppedSightings';

/** Up to the rows of the largest commit, in steps that tell a quiet home from a busy one. */
const COMMIT_ROWS_BOUNDS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000];
/** From a commit without an fsync to a database that hangs; 25 ms is what acknowledgements must keep. */
const DURATION_BOUNDS_MS = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];

/** Its counts are fields, added to for every message. */
export class IngestMeter {
  messages = 0;
  readings = 0;
  duplicates = 0;
  droppedQos0 = 0;
  overloaded = 0;
  #stored = 0;
  readonly #refusals = new RefusalCounter();
  readonly #latency = new AckLatency();
  readonly #commitRows = new Histogram(COMMIT_ROWS_BOUNDS);
  readonly #commitMs = new Histogram(DURATION_BOUNDS_MS);
  readonly #ackMs = new Histogram(DURATION_BOUNDS_MS);

  refuse(refusal: Refusal): void {
    this.#refusals.count(refusal);
  }

  /** A commit of `rows`, of which `inserted` were new; it took `tookMs`. */
  commit(rows: number, inserted: number, tookMs: number): void {
    this.#stored += inserted;
    // A batch that others joined has rows of theirs, and may have none of ours.
    if (rows === 0) return;
    this.duplicates += rows - inserted;
    this.#commitRows.record(rows);
    this.#commitMs.record(tookMs);
  }

  /** What was received then is acknowledged now. */
  acknowledge({ receivedAtMs }: Pick<ReadingBatch, 'receivedAtMs'>, nowMs: number): void {
    for (const atMs of receivedAtMs) {
      this.#latency.record(nowMs - atMs, nowMs);
      this.#ackMs.record(nowMs - atMs);
    }
  }

  counts(nowMs: number): Omit<IngestCounts, CountedElsewhere> {
    return {
      messages: this.messages,
      readings: this.readings,
      stored: this.#stored,
      duplicates: this.duplicates,
      commitRows: this.#commitRows.counts(),
      commitMs: this.#commitMs.counts(),
      ackMs: this.#ackMs.counts(),
      droppedQos0: this.droppedQos0,
      overloaded: this.overloaded,
      refused: this.#refusals.list(),
      ackP50Ms: this.#latency.percentile(0.5, nowMs),
      ackP99Ms: this.#latency.percentile(0.99, nowMs),
    };
  }
}
