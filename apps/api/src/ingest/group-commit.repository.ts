// One commit for all that a message asks for: its readings, and what the broker has to keep because of it. They go into one
// transaction. Beside each other, a crash could keep that a QoS 2 message was received, and lose its readings.
import { Inject, Injectable } from '@nestjs/common';
import { inTransaction, type Database, type Queries } from '@hearth/db';
import type { ReadingBatch, ReadingStore } from '@hearth/ingest';
import { isDataError, isKeyTaken } from '../database/data-errors.js';
import { DATABASE } from '../database/database.js';
import { ReadingRepository } from './reading.repository.js';

/** Whoever has rows that are committed with the readings. */
export interface Companion {
  /** Hands over what goes with this batch, when its commit begins; undefined when that is nothing. */
  take(batch: ReadingBatch): CompanionRows | undefined;
}

/** May be written again after a failure. */
export interface CompanionRows {
  /** Writes all of them in the transaction of whoever calls. */
  write(queries: Queries): Promise<void>;
  /** Writes them one statement at a time, and leaves out and tells the rows that Postgres refuses. */
  writeAroundBadRows(): Promise<void>;
}

@Injectable()
export class GroupCommit implements ReadingStore {
  readonly #database: Database;
  readonly #readings: ReadingRepository;
  #companion: Companion | undefined;
  /** What goes with the batch that is under way: the same at every attempt. */
  #underWay: { batch: ReadingBatch; rows: CompanionRows | undefined } | undefined;

  constructor(@Inject(DATABASE) database: Database, readings: ReadingRepository) {
    this.#database = database;
    this.#readings = readings;
  }

  /** There is one companion: it is asked at each commit, and gets into one by `Ingest.join`. */
  takeAlong(companion: Companion): void {
    this.#companion = companion;
  }

  async store(batch: ReadingBatch): Promise<number> {
    if (this.#underWay?.batch !== batch) {
      this.#underWay = { batch, rows: this.#companion?.take(batch) };
    }
    const { rows } = this.#underWay;
    const inserted = await (rows === undefined
      ? this.#readings.store(batch)
      : this.#storeTogether(batch, rows));
    this.#underWay = undefined;
    return inserted;
  }

  async #storeTogether(batch: ReadingBatch, rows: CompanionRows): Promise<number> {
    const readings = await this.#readings.prepare(batch);
    try {
      return await inTransaction(this.#database.pool, async (queries) => {
        const inserted = await this.#readings.insert(queries, readings);
        await rows.write(queries);
        return inserted;
      });
    } catch (error) {
      if (isKeyTaken(error) && !batch.mayRepeat) {
        batch.mayRepeat = true;
        return this.#storeTogether(batch, rows);
      }
      if (!isDataError(error)) throw error;
    }
    const inserted = await this.#readings.store(batch);
    await rows.writeAroundBadRows();
    return inserted;
  }
}
