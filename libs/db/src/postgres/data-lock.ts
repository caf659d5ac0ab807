// One Hearth per data folder: a lock file that names its holder, and is stale when the holder is gone.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedPostgresFailed } from './errors.js';
import { isAlive, processStart } from './process-identity.js';

const MAX_ATTEMPTS = 3;

export interface DataLock {
  /** Gives the folder free; the second time does nothing, somebody else may have it by then. */
  release(): void;
}

/** Takes the folder, made where there is none, or throws with the process that has it. */
export function lockDataFolder(folder: string): DataLock {
  const file = join(folder, 'hearth.lock');
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    if (createLock(folder, file)) return lockOf(file);
    const holder = readHolder(file);
    if (holder !== undefined && isRunning(holder)) {
      throw new EmbeddedPostgresFailed(
        `Another Hearth (process ${holder.pid}) uses the data folder ${folder}. Stop it, or choose another folder with HEARTH_DATA_DIR.`,
      );
    }
    removeStale(file);
  }
  throw new EmbeddedPostgresFailed(
    `The lock ${file} could not be taken: others are taking it too. Try again.`,
  );
}

function lockOf(file: string): DataLock {
  let held = true;
  return {
    release: () => {
      if (held) rmSync(file, { force: true });
      held = false;
    },
  };
}

/** Linked into place, complete: nobody ever sees a lock without its holder. False when there is one already. */
function createLock(folder: string, file: string): boolean {
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Readable by all, so that root's lock is not stale to others; it holds nothing secret.
    writeFileSync(draft, `${process.pid} ${processStart(process.pid)}\n`, { mode: 0o644 });
  } catch (error) {
    throw cannotWrite(folder, error);
  }
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cannotWrite(folder, error);
  } finally {
    rmSync(draft, { force: true });
  }
}

function cannotWrite(folder: string, cause: unknown): EmbeddedPostgresFailed {
  return new EmbeddedPostgresFailed(
    `The data folder ${folder} cannot be written: ${(cause as Error).message}. Choose another with HEARTH_DATA_DIR.`,
    { cause },
  );
}

/** Moved away first: of several that find the same stale lock one gets it, and a fresh lock caught by mistake is put back. */
function removeStale(file: string): void {
  const aside = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, aside);
    const holder = readHolder(aside);
    if (holder !== undefined && isRunning(holder)) linkSync(aside, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

interface Holder {
  readonly pid: number;
  readonly startedAt: string;
}

function readHolder(file: string): Holder | undefined {
  try {
    const [, pid, startedAt] = /^(\d+) (.*)$/m.exec(readFileSync(file, 'utf8')) ?? [];
    return pid === undefined ? undefined : { pid: Number(pid), startedAt: startedAt ?? '' };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined; // gone meanwhile
    throw new EmbeddedPostgresFailed(`The lock ${file} cannot be read.`, { cause: error });
  }
}

/** A process id alone may have been given to somebody else since; with its start time it is one process. */
function isRunning(holder: Holder): boolean {
  return isAlive(holder.pid) && processStart(holder.pid) === holder.startedAt;
}
