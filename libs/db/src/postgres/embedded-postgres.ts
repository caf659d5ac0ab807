// A real Postgres as a child process, with its data below the data folder: made once, started, stopped, recovered.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { findBinaries, type PostgresBinaries } from './binaries.js';
import { isAlive, lockDataFolder } from './data-lock.js';
import { EmbeddedPostgresFailed } from './errors.js';
import { findRunner, giveTo, type Runner } from './unprivileged.js';

const MAJOR_VERSION = '18';
const USER = 'hearth';
const DATABASE = 'hearth';
const READY_TIMEOUT_MS = 60_000;
const READY_POLL_MS = 50;
/** A fast shutdown writes a checkpoint; past this the server is told to stop at once and recovers at its next start. */
const STOP_TIMEOUT_MS = 15_000;
const MAX_LOG_BYTES = 10 * 1024 * 1024;

/** Everything else is Postgres's default. `fsync` and `synchronous_commit` are on: an acknowledged reading is on disk. */
const SETTINGS: readonly string[] = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=60',
  'shared_buffers=128MB',
  'wal_compression=on',
  'max_wal_size=1GB',
  'checkpoint_timeout=15min',
  'timezone=UTC',
  'log_timezone=UTC',
];

export interface EmbeddedPostgresOptions {
  /** Hearth's data folder; the cluster lies in `postgres` below it. */
  readonly dataDir: string;
  /** Port to listen on; without it a free one. */
  readonly port?: number;
  /** More `name=value` settings, for tests. */
  readonly settings?: readonly string[];
  /** Told what takes time. */
  readonly log?: (message: string) => void;
}

export interface EmbeddedPostgres {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Called when the server ends although nobody asked it to. */
  onUnexpectedExit(handler: () => void): void;
  /** Stops the server (fast shutdown) and gives the folder free. */
  stop(): Promise<void>;
}

/** Starts the cluster of `dataDir`, made first where there is none. Throws {@link EmbeddedPostgresFailed} with what to do. */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const lock = lockDataFolder(options.dataDir);
  try {
    const cluster = join(options.dataDir, 'postgres');
    const binaries = await findBinaries();
    const runner = findRunner();
    const password = await prepareCluster(options, cluster, binaries, runner);
    await stopOrphan(cluster);
    const port = options.port ?? (await findFreePort());
    const child = spawnServer(options, cluster, binaries, runner, port);
    const url = `postgres://${USER}:${password}@127.0.0.1:${port}/${DATABASE}`;
    await waitUntilReady(child, url.replace(/\w+$/, 'postgres'), options.dataDir);
    await ensureDatabase(url.replace(/\w+$/, 'postgres'));
    return handleOf(child, url, port, () => lock.release());
  } catch (error) {
    lock.release();
    throw error;
  }
}

function handleOf(
  child: ChildProcess,
  url: string,
  port: number,
  release: () => void,
): EmbeddedPostgres {
  let stopping = false;
  const exited = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
  return {
    url,
    port,
    pid: child.pid ?? 0,
    onUnexpectedExit: (handler) => {
      void exited.then(() => {
        if (stopping) return;
        release();
        handler();
      });
    },
    stop: async () => {
      stopping = true;
      child.kill('SIGINT'); // fast shutdown: connections are ended, everything is written
      const impatient = setTimeout(() => child.kill('SIGQUIT'), STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(impatient);
      release();
    },
  };
}

/** Makes the cluster on the first start; answers the password of its only user. */
async function prepareCluster(
  options: EmbeddedPostgresOptions,
  cluster: string,
  binaries: PostgresBinaries,
  runner: Runner,
): Promise<string> {
  const passwordFile = join(options.dataDir, 'postgres-password');
  const versionFile = join(cluster, 'PG_VERSION');
  if (existsSync(versionFile) && existsSync(passwordFile)) {
    const version = readFileSync(versionFile, 'utf8').trim();
    if (version !== MAJOR_VERSION) {
      throw new EmbeddedPostgresFailed(
        `${cluster} was made by Postgres ${version}; this Hearth brings Postgres ${MAJOR_VERSION}. Dump it with version ${version} and restore it, or choose an empty folder with HEARTH_DATA_DIR.`,
      );
    }
    if (runner.owner !== undefined) giveTo(runner.owner, cluster);
    return readFileSync(passwordFile, 'utf8').trim();
  }
  if (existsSync(versionFile)) {
    throw new EmbeddedPostgresFailed(
      `${cluster} holds a database, but its password file ${passwordFile} is missing. Put it back, or move ${cluster} away to begin anew.`,
    );
  }
  options.log?.('Making the database (first start only) …');
  const password = randomBytes(24).toString('base64url');
  await initialise(options.dataDir, cluster, password, binaries, runner);
  return password;
}

async function initialise(
  dataDir: string,
  cluster: string,
  password: string,
  binaries: PostgresBinaries,
  runner: Runner,
): Promise<void> {
  // Made beside and moved into place: a start that is cut short leaves no half cluster behind.
  const draft = `${cluster}.new`;
  const draftPassword = join(draft, 'password');
  rmSync(draft, { recursive: true, force: true });
  const draftData = join(draft, 'data');
  mkdirSync(draftData, { recursive: true, mode: 0o700 });
  writeFileSync(draftPassword, `${password}\n`, { mode: 0o600 });
  if (runner.owner !== undefined) giveTo({ ...runner.owner }, draft);
  const [program, ...args] = [
    ...runner.prefix,
    binaries.initdb,
    `--pgdata=${draftData}`,
    `--username=${USER}`,
    `--pwfile=${draftPassword}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--locale=C.UTF-8',
    '--data-checksums',
  ];
  try {
    await promisify(execFile)(program ?? '', args, {
      env: serverEnvironment(),
      ...identityOf(runner),
    });
  } catch (error) {
    const words = (error as { stderr?: string }).stderr ?? String(error);
    throw new EmbeddedPostgresFailed(`The database could not be made in ${cluster}:\n${words}`, {
      cause: error,
    });
  }
  writeFileSync(join(dataDir, 'postgres-password'), `${password}\n`, { mode: 0o600 });
  renameSync(draftData, cluster);
  rmSync(draft, { recursive: true, force: true });
}

/** A server that outlived its Hearth (killed without mercy) is stopped; a stale pid file of a machine that lost power is removed. */
async function stopOrphan(cluster: string): Promise<void> {
  const pidFile = join(cluster, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  if (!isAlive(pid) || !isServerOf(pid, cluster)) {
    rmSync(pidFile, { force: true });
    return;
  }
  process.kill(pid, 'SIGINT');
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (isAlive(pid)) {
    if (Date.now() > deadline) process.kill(pid, 'SIGQUIT');
    await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
  }
}

/** Where there is no /proc, an alive process is taken for the server: better to wait for a stranger than to damage data. */
function isServerOf(pid: number, cluster: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(cluster);
  } catch {
    return process.platform !== 'linux';
  }
}

function spawnServer(
  options: EmbeddedPostgresOptions,
  cluster: string,
  binaries: PostgresBinaries,
  runner: Runner,
  port: number,
): ChildProcess {
  const logFile = join(options.dataDir, 'postgres.log');
  if (existsSync(logFile) && statSync(logFile).size > MAX_LOG_BYTES)
    renameSync(logFile, `${logFile}.1`);
  const log = openSync(logFile, 'a', 0o600);
  const settings = [...SETTINGS, `port=${port}`, ...(options.settings ?? [])];
  const [program, ...args] = [
    ...runner.prefix,
    binaries.postgres,
    '-D',
    cluster,
    ...settings.flatMap((setting) => ['-c', setting]),
  ];
  // A process group of its own: Ctrl+C in a terminal is for the supervisor, which stops in order.
  const child = spawn(program ?? '', args, {
    detached: true,
    stdio: ['ignore', log, log],
    env: serverEnvironment(),
    ...identityOf(runner),
  });
  closeSync(log);
  return child;
}

async function waitUntilReady(child: ChildProcess, url: string, dataDir: string): Promise<void> {
  let failure: string | undefined;
  child.once('error', (error) => (failure = error.message));
  child.once('exit', (code, signal) => (failure = `it ended with ${signal ?? code}`));
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!(await accepts(url))) {
    if (failure === undefined && Date.now() > deadline) {
      child.kill('SIGQUIT');
      failure = `it was not ready within ${READY_TIMEOUT_MS / 1_000} s`;
    }
    if (failure !== undefined) {
      throw new EmbeddedPostgresFailed(
        `The database did not start: ${failure}. Its log: ${join(dataDir, 'postgres.log')}\n${lastLines(join(dataDir, 'postgres.log'))}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
  }
}

async function accepts(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}

function identityOf(runner: Runner): { uid?: number; gid?: number } {
  return runner.uid === undefined || runner.gid === undefined
    ? {}
    : { uid: runner.uid, gid: runner.gid };
}

/** Neither PG* variables nor the locale of whoever starts Hearth may change the server. */
function serverEnvironment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    LC_ALL: 'C',
    ...(process.platform === 'win32' ? process.env : {}),
  };
}

function lastLines(file: string): string {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(-12).join('\n');
  } catch {
    return '';
  }
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        resolve(typeof address === 'object' && address !== null ? address.port : 0),
      );
    });
  });
}
