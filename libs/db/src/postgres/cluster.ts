// The folder in which Postgres keeps its data: made once, with a password of its own, then opened by every start.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeSync,
  type Stats,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PostgresBinaries } from './binaries.js';
import { EmbeddedPostgresFailed } from './errors.js';
import { giveTo, listRunners, type Owner, type Runner } from './unprivileged.js';

/** Of the binaries that npm installs. */
const MAJOR_VERSION = '18';
/** The only user of the cluster. */
export const USER = 'hearth';

const NO_RIGHTS_TO_GIVE_UP =
  'Postgres does not run as root, and no way of giving up its rights works here. Start Hearth as an ordinary user; or install util-linux (unshare, setpriv); or put Hearth and its data where other users may enter; or give it a database with DATABASE_URL.';

export interface Cluster {
  readonly folder: string;
  readonly password: string;
  /** How its programs are run. */
  readonly runner: Runner;
}

/** Opens the cluster below `dataDir` or makes it. Throws {@link EmbeddedPostgresFailed} and then changes nothing. */
export async function openCluster(
  dataDir: string,
  binaries: PostgresBinaries,
  tell: (message: string) => void,
): Promise<Cluster> {
  const folder = join(dataDir, 'postgres');
  const passwordFile = join(dataDir, 'postgres-password');
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats === undefined || isEmpty(folder, stats)) {
    tell('Making the database (first start only) …');
    return makeCluster(dataDir, folder, passwordFile, binaries);
  }
  checkVersion(folder);
  const password = readPassword(folder, passwordFile);
  return { folder, password, runner: await findRunner(folder, stats, binaries) };
}

/** True for an empty folder, which is then removed. Throws when it is not ours to look into. */
function isEmpty(folder: string, stats: Stats): boolean {
  const uid = process.getuid?.();
  if (uid !== undefined && uid !== 0 && uid !== stats.uid) {
    throw new EmbeddedPostgresFailed(
      `${folder} belongs to user ${stats.uid}, and Hearth runs as user ${uid}. Start it as that user, or give the data to this one: sudo chown -R ${uid} ${folder}`,
    );
  }
  if (readdirSync(folder).length > 0) return false;
  rmdirSync(folder);
  return true;
}

function checkVersion(folder: string): void {
  let version: string;
  try {
    version = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    throw new EmbeddedPostgresFailed(
      `${folder} holds something, but no database that can be read (${(error as Error).message}). Move it away to begin anew.`,
      { cause: error },
    );
  }
  if (version !== MAJOR_VERSION) {
    throw new EmbeddedPostgresFailed(
      `${folder} was made by Postgres ${version}; this Hearth brings Postgres ${MAJOR_VERSION}. Dump it with version ${version} and restore it, or choose an empty folder with HEARTH_DATA_DIR.`,
    );
  }
}

function readPassword(folder: string, passwordFile: string): string {
  try {
    return readFileSync(passwordFile, 'utf8').trim();
  } catch (error) {
    throw new EmbeddedPostgresFailed(
      `${folder} holds a database, but its password cannot be read (${(error as Error).message}). Put the file back, or move ${folder} away to begin anew.`,
      { cause: error },
    );
  }
}

/** Tries the ways to run Postgres on this cluster. */
async function findRunner(
  folder: string,
  owner: Owner,
  binaries: PostgresBinaries,
): Promise<Runner> {
  const runners = listRunners(owner);
  const [only] = runners;
  if (runners.length === 1 && only !== undefined) return only; // no choice: the server itself will tell
  const refusals: string[] = [];
  for (const runner of runners) {
    try {
      if (runner.owner !== undefined) giveTo(runner.owner, folder);
      await run(runner, binaries.postgres, ['-D', folder, '-C', 'data_directory']);
      return runner;
    } catch (error) {
      refusals.push(wordsOf(error));
    }
  }
  giveTo(owner, folder);
  throw new EmbeddedPostgresFailed(`${NO_RIGHTS_TO_GIVE_UP}\n${refusals.join('\n')}`);
}

/** Made beside and moved into place: a start that is cut short leaves no half cluster behind. */
async function makeCluster(
  dataDir: string,
  folder: string,
  passwordFile: string,
  binaries: PostgresBinaries,
): Promise<Cluster> {
  const password = randomBytes(24).toString('base64url');
  const draft = `${folder}.new`;
  const owner = statSync(dataDir);
  const refusals: string[] = [];
  for (const runner of listRunners(owner)) {
    try {
      await initialise(draft, password, binaries, runner);
    } catch (error) {
      refusals.push(wordsOf(error));
      continue;
    }
    writeSecret(passwordFile, password, owner);
    renameSync(join(draft, 'data'), folder);
    rmSync(draft, { recursive: true, force: true });
    syncFolder(dataDir);
    return { folder, password, runner };
  }
  rmSync(draft, { recursive: true, force: true });
  const advice = process.getuid?.() === 0 ? `${NO_RIGHTS_TO_GIVE_UP}\n` : '';
  throw new EmbeddedPostgresFailed(
    `The database could not be made in ${folder}. ${advice}${refusals.join('\n')}`,
  );
}

async function initialise(
  draft: string,
  password: string,
  binaries: PostgresBinaries,
  runner: Runner,
): Promise<void> {
  const data = join(draft, 'data');
  const passwordFile = join(draft, 'password');
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(data, { recursive: true, mode: 0o700 });
  writeSecret(passwordFile, password, statSync(draft));
  if (runner.owner !== undefined) giveTo(runner.owner, draft);
  await run(runner, binaries.initdb, [
    `--pgdata=${data}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Built in: neither the machine's locales nor their next version change how an index is sorted.
    '--locale-provider=builtin',
    '--locale=C.UTF-8',
    '--data-checksums',
  ]);
}

async function run(runner: Runner, program: string, args: readonly string[]): Promise<void> {
  const [first = program, ...rest] = [...runner.prefix, program, ...args];
  await promisify(execFile)(first, rest, { env: serverEnvironment(), ...runner.identity });
}

/** Neither PG* variables nor the locale of whoever starts Hearth may change the server. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  if (process.platform === 'win32') return { ...process.env, LC_ALL: 'C' };
  return { PATH: process.env['PATH'], LC_ALL: 'C' };
}

function wordsOf(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return stderr === undefined || stderr.trim() === '' ? message : stderr.trim();
}

/** For its owner's eyes only, and on disk before anything is locked with it. */
function writeSecret(file: string, secret: string, owner: Owner): void {
  const descriptor = openSync(file, 'w', 0o600);
  writeSync(descriptor, `${secret}\n`);
  fsyncSync(descriptor);
  closeSync(descriptor);
  if (process.getuid?.() === 0) chownSync(file, owner.uid, owner.gid);
}

/** Makes the names in a folder outlive a power cut. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return; // cannot open a folder
  const descriptor = openSync(folder, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
