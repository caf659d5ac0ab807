// The folder of a log: which files are in it, whose it is. Closed to others.

import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const LOCK = 'lock';

/** Another process has the folder. */
export class StorageInUse extends Error {
  override readonly name = 'StorageInUse';
}

export interface LogFolder {
  readonly path: string;
  /** Numbers of the journals and snapshots that are there, ascending. */
  list(): Promise<{ journals: number[]; snapshots: number[] }>;
  journal(number: number): string;
  snapshot(number: number): string;
  /** Where a snapshot is written before it counts. */
  draft(): string;
  /** Makes sure that names which were given or taken away stay so. */
  sync(): Promise<void>;
  /** Removes the journals and snapshots before `number`, and a draft that nobody finished. */
  removeBefore(number: number): Promise<void>;
  /** Leaves what is there where it is, under names that are no logs. Takes the place of what was set aside before. */
  setAside(): Promise<void>;
  unlock(): Promise<void>;
}

/** Makes the folder if need be, and takes it. Rejects with StorageInUse when a living process has it. */
export async function takeFolder(path: string): Promise<LogFolder> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await lock(path);
  const nameOf = (kind: string, number: number): string =>
    join(path, `${kind}-${String(number).padStart(8, '0')}.log`);
  const list: LogFolder['list'] = async () => {
    const names = await readdir(path);
    const numbersOf = (kind: string): number[] =>
      names
        .flatMap((name) => new RegExp(`^${kind}-(\\d+)\\.log$`).exec(name)?.[1] ?? [])
        .map(Number)
        .sort((a, b) => a - b);
    return { journals: numbersOf('journal'), snapshots: numbersOf('snapshot') };
  };
  return {
    path,
    list,
    journal: (number) => nameOf('journal', number),
    snapshot: (number) => nameOf('snapshot', number),
    draft: () => join(path, 'snapshot.draft'),
    sync: () => syncFolder(path),
    removeBefore: async (number) => {
      const { journals, snapshots } = await list();
      const old = [
        ...journals.filter((one) => one < number).map((one) => nameOf('journal', one)),
        ...snapshots.filter((one) => one < number).map((one) => nameOf('snapshot', one)),
      ];
      for (const name of old) await rm(name, { force: true });
    },
    setAside: async () => {
      const { journals, snapshots } = await list();
      const all = [
        ...journals.map((one) => nameOf('journal', one)),
        ...snapshots.map((one) => nameOf('snapshot', one)),
      ];
      for (const name of all) await rename(name, `${name}.removed`);
      await syncFolder(path);
    },
    unlock: () => rm(join(path, LOCK), { force: true }),
  };
}

async function lock(path: string): Promise<void> {
  const file = join(path, LOCK);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await writeFile(file, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
      return;
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
    }
    const owner = Number(await readFile(file, 'utf8').catch(() => ''));
    if (owner !== process.pid && isAlive(owner)) {
      throw new StorageInUse(
        `${path} is in use by process ${owner}; if that is something else, remove ${file}`,
      );
    }
    // Its owner died without a word.
    await rm(file, { force: true });
  }
  throw new StorageInUse(`${path} is being taken by another process`);
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

/** Makes a file that outlives a crash of the machine, unless it is there. */
export async function leaveSign(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600, flush: true });
  } catch (error) {
    if (isCode(error, 'EEXIST')) return;
    throw error;
  }
  await syncFolder(dirname(path));
}

async function syncFolder(path: string): Promise<void> {
  // Windows has no such thing, and needs none.
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
