// A real Postgres as a child process, with its data below the data folder: made once, started, stopped, recovered.
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { findBinaries, type PostgresBinaries } from './binaries.js';
import { openCluster, USER, type Cluster } from './cluster.js';
import { lockDataFolder, type DataLock } from './data-lock.js';
import { DiskFull, EmbeddedPostgresFailed } from './errors.js';
import {
  ServerDidNotStart,
  startServer,
  stopOrphan,
  type ServerProcess,
} from './server-process.js';

const DATABASE = 'hearth';
/** A free port may be somebody else's by the time it is used; this often in a row it is something else. */
const MAX_PORTS = 5;
/** Processes of a killed server end by themselves as soon as they notice; a long query notices late. */
const REMNANT_TIMEOUT_MS = 20_000;
const REMNANT_POLL_MS = 100;

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
  // The log grows for as long as Hearth runs, and values that people entered do not belong in it.
  'log_checkpoints=off',
  'log_error_verbosity=terse',
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
  /** Called when the server ends although nobody asked it to; the folder is free then. */
  onUnexpectedExit(handler: () => void): void;
  /** Stops the server (fast shutdown) and gives the folder free. */
  stop(): Promise<void>;
}

interface Listening {
  readonly server: ServerProcess;
  readonly port: number;
}

/** Starts the cluster of `dataDir`, made first where there is none. Throws {@link EmbeddedPostgresFailed} with what to do. */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  const lock = takeLock(dataDir);
  try {
    const binaries = await findBinaries();
    await stopOrphan(join(dataDir, 'postgres'));
    const cluster = await openCluster(dataDir, binaries, (message) => options.log?.(message));
    const { server, port } = await listen(options, cluster, binaries);
    await ensureDatabase(urlOf(cluster, port, 'postgres'), server);
    return handleOf(server, port, urlOf(cluster, port, DATABASE), () => lock.release());
  } catch (error) {
    lock.release();
    throw isNoRoom(error) ? new DiskFull(dataDir, error) : error;
  }
}

/** Postgres has a code for it only when it already takes connections; before that, words in its log. */
function isNoRoom(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof ServerDidNotStart && error.log.includes('No space left on device'))
    return true;
  const code = 'code' in error ? error.code : undefined;
  return code === 'ENOSPC' || code === '53100' || isNoRoom(error.cause);
}

function takeLock(dataDir: string): DataLock {
  try {
    return lockDataFolder(dataDir);
  } catch (error) {
    throw isNoRoom(error) ? new DiskFull(dataDir, error) : error;
  }
}

function handleOf(
  server: ServerProcess,
  port: number,
  url: string,
  release: () => void,
): EmbeddedPostgres {
  let stopping = false;
  const exited = server.exited.then(release);
  return {
    url,
    port,
    pid: server.pid,
    onUnexpectedExit: (handler) => {
      void exited.then(() => {
        if (!stopping) handler();
      });
    },
    stop: async () => {
      stopping = true;
      await server.stop();
      await exited;
    },
  };
}

/** Starts the server on the wanted port or on a free one, and again after failures that pass by themselves. */
async function listen(
  options: EmbeddedPostgresOptions,
  cluster: Cluster,
  binaries: PostgresBinaries,
): Promise<Listening> {
  const deadline = Date.now() + REMNANT_TIMEOUT_MS;
  let ports = 0;
  for (;;) {
    const port = options.port ?? (await findFreePort());
    const settings = [...SETTINGS, `port=${port}`, ...(options.settings ?? [])];
    const tell = (message: string): void => options.log?.(message);
    try {
      return { server: await startServer(cluster, binaries.postgres, settings, tell), port };
    } catch (error) {
      const reason = error instanceof ServerDidNotStart ? passingReason(error.log) : undefined;
      ports += 1;
      if (reason === undefined) throw error;
      if (reason === 'port-taken' && (options.port !== undefined || ports >= MAX_PORTS))
        throw error;
      if (reason === 'remnants' && Date.now() > deadline) throw error;
      if (reason === 'remnants') await wait(REMNANT_POLL_MS);
    }
  }
}

/** Postgres has no codes for these, only words; LC_ALL=C fixes them. */
function passingReason(log: string): 'port-taken' | 'remnants' | undefined {
  if (log.includes('Address already in use')) return 'port-taken';
  if (log.includes('pre-existing shared memory block')) return 'remnants';
  return undefined;
}

async function ensureDatabase(url: string, server: ServerProcess): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {}); // the query in progress fails as well, and tells
  try {
    await client.connect();
    const found = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`create database ${DATABASE}`);
    await client.end();
  } catch (error) {
    await server.stop();
    throw new EmbeddedPostgresFailed(
      `The database runs, but does not let Hearth in: ${(error as Error).message}. Was the file postgres-password in the data folder changed?`,
      { cause: error },
    );
  }
}

function urlOf(cluster: Cluster, port: number, database: string): string {
  return `postgres://${USER}:${cluster.password}@127.0.0.1:${port}/${database}`;
}

function findFreePort(): Promise<number> {
  return new Promise((found, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => found(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
