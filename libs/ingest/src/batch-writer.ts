// Group commit: while one commit is under way, the next batch gathers. No timer on the fast path; the
// batch grows with the load. A batch that cannot be committed is kept and tried again, and nothing of
// it or behind it is acknowledged meanwhile. Knows nothing of what a batch holds.
import type { Scheduler } from './ports.js';

export interface BatchLimits {
  /** Rows of one commit. A single message may exceed it. */
  readonly maxBatchRows: number;
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
}

export interface BatchWriterPorts<Batch> {
  open(): Batch;
  /** Rejects when nothing was committed. */
  commit(batch: Batch): Promise<void>;
  /** Runs right after the commit, before anything is acknowledged. Must not throw. */
  committed(batch: Batch): void;
  failed(error: unknown, attempt: number): void;
  recovered(): void;
  readonly scheduler: Scheduler;
}

/** A batch and the one promise of all who put rows into it. */
interface Gathering<Batch> {
  readonly batch: Batch;
  readonly settled: Promise<void>;
  readonly settle: () => void;
  rows: number;
}

export class BatchWriter<Batch> {
  readonly #ports: BatchWriterPorts<Batch>;
  readonly #limits: BatchLimits;
  /** The last one gathers, those before it are full. */
  readonly #queue: Gathering<Batch>[] = [];
  #committing: Gathering<Batch> | undefined;
  #isScheduled = false;
  #isJoined = false;
  #failedAttempts = 0;
  #isStopping = false;
  #waitingRows = 0;
  #commits = 0;
  #failedCommits = 0;
  #failingSinceMs: number | undefined;
  #onIdle: (() => void) | undefined;

  constructor(ports: BatchWriterPorts<Batch>, limits: BatchLimits) {
    this.#ports = ports;
    this.#limits = limits;
  }

  /** Rows handed in and not committed. */
  get waitingRows(): number {
    return this.#waitingRows;
  }

  get commits(): number {
    return this.#commits;
  }

  /** Attempts that failed since the start. */
  get failedCommits(): number {
    return this.#failedCommits;
  }

  /** Epoch milliseconds of the first attempt of those that failed in a row; undefined while commits succeed. */
  get failingSinceMs(): number | undefined {
    return this.#failingSinceMs;
  }

  /** True while the last attempt to commit failed. */
  get isFailing(): boolean {
    return this.#failedAttempts > 0;
  }

  /** The batch to put `rows` more rows into, at once, and the promise of its commit. The promise never rejects. */
  gather(rows: number): { readonly batch: Batch; readonly settled: Promise<void> } {
    let gathering = this.#queue.at(-1);
    const isFull =
      gathering !== undefined &&
      !this.#isJoined &&
      rows > 0 &&
      gathering.rows > 0 &&
      gathering.rows + rows > this.#limits.maxBatchRows;
    if (gathering === undefined || isFull) this.#queue.push((gathering = this.#openBatch()));
    gathering.rows += rows;
    this.#waitingRows += rows;
    this.#schedule();
    return gathering;
  }

  /**
   * The batch that gathers, for what goes with it and is no row. Whatever is gathered in the rest of this turn of the
   * event loop stays with it, full or not: what belongs together must not be torn by a crash between two commits.
   */
  join(): { readonly batch: Batch; readonly settled: Promise<void> } {
    const joined = this.gather(0);
    if (!this.#isJoined) {
      this.#isJoined = true;
      this.#ports.scheduler.soon(() => (this.#isJoined = false));
    }
    return joined;
  }

  /** The commit after which all that was handed in so far is stored; undefined when it already is. */
  pending(): Promise<void> | undefined {
    return this.#queue.at(-1)?.settled ?? this.#committing?.settled;
  }

  /** Commits what waits. Then, or at the first failure, resolves with the number of rows left behind: unacknowledged. */
  async stop(): Promise<number> {
    this.#isStopping = true;
    if (this.isFailing) return this.#waitingRows;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
      this.#schedule();
    });
    return this.#waitingRows;
  }

  #openBatch(): Gathering<Batch> {
    let settle = (): void => undefined;
    const settled = new Promise<void>((resolve) => (settle = resolve));
    return { batch: this.#ports.open(), settled, settle, rows: 0 };
  }

  /** Sockets that are read in this turn of the event loop still get into the batch. */
  #schedule(): void {
    if (this.#isScheduled || this.#committing !== undefined) return;
    this.#isScheduled = true;
    this.#ports.scheduler.soon(() => {
      this.#isScheduled = false;
      this.#begin();
    });
  }

  #begin(): void {
    const next = this.#queue.shift();
    if (next === undefined) {
      this.#onIdle?.();
      return;
    }
    this.#committing = next;
    void this.#attempt(next);
  }

  async #attempt(gathering: Gathering<Batch>): Promise<void> {
    try {
      await this.#ports.commit(gathering.batch);
    } catch (error) {
      this.#retry(gathering, error);
      return;
    }
    if (this.isFailing) {
      this.#failedAttempts = 0;
      this.#failingSinceMs = undefined;
      this.#ports.recovered();
    }
    this.#commits += 1;
    this.#waitingRows -= gathering.rows;
    this.#committing = undefined;
    this.#ports.committed(gathering.batch);
    gathering.settle();
    this.#begin();
  }

  #retry(gathering: Gathering<Batch>, error: unknown): void {
    this.#failedAttempts += 1;
    this.#failedCommits += 1;
    this.#failingSinceMs ??= this.#ports.scheduler.now();
    this.#ports.failed(error, this.#failedAttempts);
    if (this.#isStopping) {
      this.#onIdle?.();
      return;
    }
    const { firstRetryMs, longestRetryMs } = this.#limits;
    const pauseMs = Math.min(firstRetryMs * 2 ** (this.#failedAttempts - 1), longestRetryMs);
    this.#ports.scheduler.after(pauseMs, () => {
      if (!this.#isStopping) void this.#attempt(gathering);
    });
  }
}
