// The readings of one commit, as columns: no object per reading waits for Postgres.
import type { Series } from './series.js';

export class ReadingBatch {
  /** Numbers and booleans: series, epoch milliseconds, value of row i. */
  readonly series: Series[] = [];
  readonly ts: number[] = [];
  readonly values: number[] = [];
  /** Text changes, the same way. */
  readonly textSeries: Series[] = [];
  readonly textTs: number[] = [];
  readonly textValues: string[] = [];
  /** Series whose row is to be made or changed before the readings are inserted. */
  readonly unsaved = new Set<Series>();
  /** Epoch milliseconds at which each message of the batch was received. */
  readonly receivedAtMs: number[] = [];
  /**
   * False as long as every row is newer than all of its series: then none can be in the table, and
   * the store may insert without looking for conflicts, which is twice as fast.
   */
  mayRepeat = false;

  get rows(): number {
    return this.ts.length + this.textTs.length;
  }
}
