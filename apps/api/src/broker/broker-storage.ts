// What the broker keeps, in Postgres: gathers its changes, and has them stored in the commit of the readings.
import { Inject, Injectable } from '@nestjs/common';
import { Ingest, type ReadingBatch } from '@hearth/ingest';
import type { Change, Storage } from '@hearth/mqtt-broker';
import type { Logger } from 'pino';
import { LOGGER } from '../common/logger.js';
import { Directory } from '../directory/directory.js';
import {
  GroupCommit,
  type Companion,
  type CompanionRows,
} from '../ingest/group-commit.repository.js';
import { BrokerStateRepository } from './broker-state.repository.js';
import { NetChanges } from './net-changes.js';

/** Longest that the end waits for what is not committed, milliseconds. Nothing that rests on it was acknowledged. */
const CLOSE_PATIENCE_MS = 5_000;
const STORED = Promise.resolve();

@Injectable()
export class BrokerStorage implements Storage, Companion {
  readonly #ingest: Ingest;
  readonly #repository: BrokerStateRepository;
  readonly #directory: Directory;
  readonly #logger: Logger;
  /** By the batch of readings that they are committed with. */
  readonly #waiting = new Map<ReadingBatch, NetChanges>();
  /** The commit of the last change. */
  #settled = STORED;
  #lastDelivery = 0;

  constructor(
    ingest: Ingest,
    commits: GroupCommit,
    repository: BrokerStateRepository,
    directory: Directory,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#ingest = ingest;
    this.#repository = repository;
    this.#directory = directory;
    this.#logger = logger;
    commits.takeAlong(this);
  }

  /** The tables are as small as they can be: no snapshot is asked for. */
  async *open(): AsyncGenerator<Change, void> {
    let lastDelivery = 0;
    const orphans: string[] = [];
    for await (const change of this.#repository.read()) {
      if (change.type === 'delivery') lastDelivery = Math.max(lastDelivery, change.delivery.id);
      if (isOrphan(change, this.#directory)) orphans.push(change.session.key);
      else yield change;
    }
    this.#lastDelivery = lastDelivery;
    for (const key of orphans) this.append({ type: 'session-end', key });
  }

  append(change: Change): void {
    const { batch, settled } = this.#ingest.join();
    let changes = this.#waiting.get(batch);
    if (changes === undefined) {
      changes = new NetChanges(this.#lastDelivery);
      this.#waiting.set(batch, changes);
      this.#settled = settled;
    }
    changes.add(change);
    if (change.type === 'delivery') {
      this.#lastDelivery = Math.max(this.#lastDelivery, change.delivery.id);
    }
  }

  /** The promise of the readings' commit: whoever waits for both waits for one. */
  commit(): Promise<void> {
    return this.#settled;
  }

  take(batch: ReadingBatch): CompanionRows | undefined {
    const rows = this.#waiting.get(batch)?.rows();
    this.#waiting.delete(batch);
    if (rows === undefined || rows.isEmpty) return undefined;
    return {
      write: (queries) => this.#repository.write(rows, queries),
      writeAroundBadRows: () => this.#repository.writeAroundBadRows(rows),
    };
  }

  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<'too late'>((resolve) => {
      const patienceMs = this.#ingest.counts().isFailing ? 0 : CLOSE_PATIENCE_MS;
      timer = setTimeout(resolve, patienceMs, 'too late');
    });
    const end = await Promise.race([this.commit(), tooLate]);
    clearTimeout(timer);
    if (end === 'too late') this.#logger.warn("stopped without the last of the broker's state");
  }
}

/** The session of a principal that was removed just before an earlier life ended: nobody can ever resume it. */
function isOrphan(
  change: Change,
  directory: Directory,
): change is Extract<Change, { type: 'session' }> {
  return (
    change.type === 'session' && directory.findByUsername(change.session.principalId) === undefined
  );
}
