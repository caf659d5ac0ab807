// A storage in a folder: an append-only journal of batches, each written and synced as one frame, and now and then a
// snapshot that makes the journals before it superfluous. While one batch is on its way to the disk the next gathers.

import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { ByteWriter } from '../../codec/byte-writer.js';
import type { Change, Storage } from '../storage.js';
import { writeChange } from './change-codec.js';
import { leaveSign, type LogFolder, takeFolder } from './folder.js';
import { frameOf } from './frames.js';
import { LogFile } from './log-file.js';

export interface LogStorageOptions {
  /** Bytes of journal below which no snapshot is worth its cost. Default 16 MiB. */
  compactBytes?: number;
  /**
   * A file beside the folder that stands for it, made where there is none. When somebody removes it, the next start
   * begins anew, and what the folder has is set aside in it. Default: none.
   */
  sign?: string;
  /** Milliseconds between attempts to write while the disk refuses. Default 1000. */
  retryMs?: number;
  /**
   * Told when the disk refuses a batch, for the first time and then once a minute. Acknowledgements wait; the batch is
   * tried again until it is written.
   */
  onError?: (error: unknown) => void;
}

// How many times its snapshot a journal may grow to.
const GROWTH = 2;
// A snapshot is written in pieces of about this size, and other work goes on in between.
const SLICE_BYTES = 256 * 1024;
const COMPLAIN_EVERY_MS = 60_000;

/** Changes that go to the disk together. */
interface Batch {
  readonly writer: ByteWriter;
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Keeps the broker's state in a folder of its own, which it makes, closes to others and locks. */
export class LogStorage implements Storage {
  readonly #path: string;
  readonly #compactBytes: number;
  readonly #retryMs: number;
  readonly #sign: string | undefined;
  readonly #onError: (error: unknown) => void;
  #folder: LogFolder | undefined;
  #snapshot: (() => Iterable<Change>) | undefined;
  #journal: LogFile | undefined;
  #number = 1;
  #compactAt: number;
  #gathering: Batch | undefined;
  #isWriting = false;
  #compaction: Promise<void> | undefined;
  #complainedAtMs = -Infinity;
  #isClosing = false;
  #wake: (() => void) | undefined;
  #whenIdle: (() => void) | undefined;

  constructor(path: string, options: LogStorageOptions = {}) {
    this.#path = path;
    this.#compactBytes = options.compactBytes ?? 16 * 1024 * 1024;
    this.#compactAt = this.#compactBytes;
    this.#sign = options.sign;
    this.#retryMs = options.retryMs ?? 1000;
    this.#onError = options.onError ?? ((error) => process.emitWarning(String(error)));
  }

  async *open(snapshot: () => Iterable<Change>): AsyncIterable<Change> {
    const folder = await takeFolder(this.#path);
    this.#folder = folder;
    this.#snapshot = snapshot;
    try {
      yield* this.#load(folder);
    } catch (error) {
      await this.#letGo();
      throw error;
    }
  }

  async *#load(folder: LogFolder): AsyncIterable<Change> {
    await this.#heedSign(folder);
    const { journals, snapshots } = await folder.list();
    const first = snapshots.at(-1) ?? journals[0] ?? 1;
    await rm(folder.draft(), { force: true });
    await folder.removeBefore(first);
    if (snapshots.length > 0) {
      const file = await LogFile.openExisting(folder.snapshot(first));
      try {
        for await (const changes of file.read('is-whole')) yield* changes;
        this.#compactAt = Math.max(this.#compactBytes, GROWTH * file.bytes);
      } finally {
        await file.close();
      }
    }
    const present = journals.filter((number) => number >= first);
    const last = present.at(-1);
    for (const number of present) {
      const file = await LogFile.openExisting(folder.journal(number));
      if (number === last) this.#journal = file;
      try {
        // Only the journal that was written last can have been cut short.
        const tail = number === last ? 'may-be-torn' : 'is-whole';
        for await (const changes of file.read(tail)) yield* changes;
      } finally {
        if (number !== last) await file.close();
      }
    }
    this.#number = last ?? first;
    this.#journal ??= await LogFile.create(folder.journal(this.#number));
    await folder.sync();
  }

  /** Sets aside first: whatever crashes in between, nothing that was removed comes back. */
  async #heedSign(folder: LogFolder): Promise<void> {
    const sign = this.#sign;
    if (sign === undefined) return;
    if (!existsSync(sign)) await folder.setAside();
    await leaveSign(
      sign,
      `What hearth-broker keeps is in ${this.#path}. To remove it, remove this file.\n`,
    );
  }

  append(change: Change): void {
    writeChange(this.#gather().writer, change);
  }

  commit(): Promise<void> {
    return this.#gather().promise;
  }

  #gather(): Batch {
    if (this.#gathering !== undefined) return this.#gathering;
    this.#gathering = makeBatch();
    // Whatever else this turn of the event loop brings gets into the batch.
    if (!this.#isWriting) setImmediate(() => void this.#write());
    this.#isWriting = true;
    return this.#gathering;
  }

  /** Writes batch after batch until none gathers. */
  async #write(): Promise<void> {
    for (;;) {
      await this.#compactWhenDue();
      const batch = this.#gathering;
      if (batch === undefined) break;
      this.#gathering = undefined;
      if (await this.#persist(batch)) batch.resolve();
      else batch.reject(new Error('the storage was closed before this could be written'));
    }
    this.#isWriting = false;
    this.#whenIdle?.();
  }

  /** Tries until it is written. False when the storage is closed instead. */
  async #persist({ writer }: Batch): Promise<boolean> {
    const pieces = frameOf(writer);
    if (pieces[1].length === 0) return true;
    for (;;) {
      if (this.#journal === undefined) return false;
      try {
        await this.#journal.append(pieces);
        this.#complainedAtMs = -Infinity;
        return true;
      } catch (error) {
        this.#complain(error);
        if (this.#isClosing) return false;
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.#retryMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  #complain(error: unknown): void {
    const nowMs = performance.now();
    if (nowMs - this.#complainedAtMs < COMPLAIN_EVERY_MS) return;
    this.#complainedAtMs = nowMs;
    const reason = error instanceof Error ? error.message : String(error);
    this.#onError(new Error(`cannot write to ${this.#path}: ${reason}`, { cause: error }));
  }

  /**
   * From here on changes go to a new journal. A snapshot of the present state, which may hold what gathers already, takes
   * the place of all before it: changes that come twice are harmless.
   */
  async #compactWhenDue(): Promise<void> {
    const [folder, old] = [this.#folder, this.#journal];
    if (folder === undefined || old === undefined || this.#isClosing) return;
    if (old.bytes < this.#compactAt || this.#compaction !== undefined) return;
    try {
      const next = await LogFile.create(folder.journal(this.#number + 1));
      await folder.sync();
      this.#journal = next;
      this.#number++;
    } catch (error) {
      this.#compactAt = old.bytes + this.#compactBytes;
      this.#complain(error);
      return;
    }
    const changes = [...(this.#snapshot?.() ?? [])];
    this.#compaction = this.#replace(folder, old, changes, this.#number)
      .catch((error: unknown) => this.#complain(error))
      .finally(() => {
        this.#compaction = undefined;
      });
  }

  /** Writes the snapshot beside everything else; when it is whole, what it replaces goes. */
  async #replace(
    folder: LogFolder,
    old: LogFile,
    changes: readonly Change[],
    number: number,
  ): Promise<void> {
    await old.close();
    const draft = await LogFile.create(folder.draft());
    try {
      await writeAll(draft, changes);
    } finally {
      await draft.close();
    }
    await rename(folder.draft(), folder.snapshot(number));
    await folder.sync();
    this.#compactAt = Math.max(this.#compactBytes, GROWTH * draft.bytes);
    await folder.removeBefore(number);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.#wake?.();
    if (this.#isWriting) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
    }
    await this.#compaction;
    await this.#letGo();
  }

  async #letGo(): Promise<void> {
    await this.#journal?.close();
    this.#journal = undefined;
    await this.#folder?.unlock();
    this.#folder = undefined;
  }
}

function makeBatch(): Batch {
  let resolve = (): void => undefined;
  let reject: (error: Error) => void = resolve;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { writer: new ByteWriter(), promise, resolve, reject };
}

/** Many small frames rather than one large one, so that the event loop is never held for long. */
async function writeAll(file: LogFile, changes: readonly Change[]): Promise<void> {
  let writer = new ByteWriter();
  for (const [index, change] of changes.entries()) {
    writeChange(writer, change);
    if (writer.body().length < SLICE_BYTES && index < changes.length - 1) continue;
    await file.append(frameOf(writer));
    writer = new ByteWriter();
  }
}
