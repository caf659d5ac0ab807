// One Hearth per data folder: a lock file that names its holder, and is stale when the holder is gone.
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedPostgresFailed } from './errors.js';

export interface DataLock {
  release(): void;
}

/** Takes the folder, or throws with the process that has it. */
export function lockDataFolder(folder: string): DataLock {
  const file = join(folder, 'hearth.lock');
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      const descriptor = openSync(file, 'wx', 0o600);
      writeSync(descriptor, `${process.pid} ${processStart(process.pid)}\n`);
      closeSync(descriptor);
      return { release: () => rmSync(file, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw new EmbeddedPostgresFailed(
          `The data folder ${folder} cannot be written: ${(error as Error).message}. Choose another with HEARTH_DATA_DIR.`,
          { cause: error },
        );
      }
    }
    const holder = readHolder(file);
    if (holder !== undefined && isRunning(holder)) {
      throw new EmbeddedPostgresFailed(
        `Another Hearth (process ${holder.pid}) uses the data folder ${folder}. Stop it, or choose another folder with HEARTH_DATA_DIR.`,
      );
    }
    rmSync(file, { force: true });
  }
  throw new EmbeddedPostgresFailed(`The lock ${file} could not be taken; try again.`);
}

interface Holder {
  readonly pid: number;
  readonly startedAt: string;
}

function readHolder(file: string): Holder | undefined {
  try {
    const [pid, startedAt] = readFileSync(file, 'utf8').trim().split(' ');
    return pid === undefined || pid === ''
      ? undefined
      : { pid: Number(pid), startedAt: startedAt ?? '' };
  } catch {
    return undefined; // gone meanwhile
  }
}

/** A process id alone may have been given to somebody else since; with its start time it is one process. */
function isRunning(holder: Holder): boolean {
  return isAlive(holder.pid) && processStart(holder.pid) === holder.startedAt;
}

/** True when a process with this id exists, ours or not. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Start time in clock ticks since boot (field 22 of proc(5) stat); `?` where there is no /proc. */
function processStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '?';
  } catch {
    return '?';
  }
}
