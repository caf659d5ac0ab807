// The running server: spawned in a process group of its own, watched until it is ready, stopped in order, never left behind.
import { spawn } from 'node:child_process';
import {
  chownSync,
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { serverEnvironment, type Cluster } from './cluster.js';
import { EmbeddedPostgresFailed } from './errors.js';
import { isAlive, isServerOf } from './process-identity.js';

const POLL_MS = 20;
const READY_TIMEOUT_MS = 60_000;
/** Replaying `max_wal_size` from an SD card takes minutes; cut short, it would begin anew at every start. */
const RECOVERY_TIMEOUT_MS = 15 * 60_000;
/** When the owner is told that it takes time. */
const RECOVERY_NOTICE_MS = 2_000;
/** A fast shutdown writes a checkpoint. Past this the server is told to stop at once, and recovers at its next start. */
const STOP_TIMEOUT_MS = 15_000;
/** Told to stop at once, Postgres itself kills what does not within 5 s. Past this it hangs. */
const ABORT_TIMEOUT_MS = 8_000;
const MAX_LOG_BYTES = 10 * 1024 * 1024;
/** What of the log is looked at after a failure. */
const MAX_EXCERPT_BYTES = 64 * 1024;
const EXCERPT_LINES = 12;

export interface ServerProcess {
  readonly pid: number;
  /** Resolves, with the reason in words, when the server has ended. */
  readonly exited: Promise<string>;
  /** Fast shutdown, harder when that takes too long. Resolves when the server has ended. */
  stop(): Promise<void>;
}

/** The server ended before it was ready; `log` is what it said. */
export class ServerDidNotStart extends EmbeddedPostgresFailed {
  constructor(
    reason: string,
    readonly log: string,
    logFile: string,
  ) {
    const excerpt = log.trimEnd().split('\n').slice(-EXCERPT_LINES).join('\n');
    super(`The database did not start: ${reason}. Its log is ${logFile}:\n${excerpt}`);
  }
}

/** Starts the server and resolves when it takes connections. Throws {@link ServerDidNotStart}, and then nothing runs. */
export async function startServer(
  cluster: Cluster,
  program: string,
  settings: readonly string[],
  tell: (message: string) => void,
): Promise<ServerProcess> {
  const logFile = join(dirname(cluster.folder), 'postgres.log');
  const { descriptor, length } = openLog(logFile);
  const server = spawnServer(cluster, program, settings, descriptor);
  closeSync(descriptor);
  const failure = await failureToStart(server, cluster.folder, tell);
  if (failure === undefined) return server;
  await server.stop();
  throw new ServerDidNotStart(failure, readFrom(logFile, length), logFile);
}

function spawnServer(
  cluster: Cluster,
  program: string,
  settings: readonly string[],
  log: number,
): ServerProcess {
  const { prefix, identity } = cluster.runner;
  const options = settings.flatMap((setting) => ['-c', setting]);
  const [first = program, ...rest] = [...prefix, program, '-D', cluster.folder, ...options];
  // A process group of its own: Ctrl+C in a terminal is for the supervisor, which stops in order.
  const child = spawn(first, rest, {
    detached: true,
    stdio: ['ignore', log, log],
    env: serverEnvironment(),
    ...identity,
  });
  const stopWithUs = (): void => void child.kill('SIGINT');
  process.once('exit', stopWithUs);
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(`it ended with ${signal ?? `code ${code}`}`));
  });
  void exited.then(() => process.off('exit', stopWithUs));
  return {
    pid: child.pid ?? 0,
    exited,
    stop: async () => {
      child.kill('SIGINT');
      const timers = [
        setTimeout(() => child.kill('SIGQUIT'), STOP_TIMEOUT_MS),
        setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS + ABORT_TIMEOUT_MS),
      ];
      await exited;
      timers.forEach(clearTimeout);
    },
  };
}

/** Waits until the server is ready. Answers what went wrong, or undefined. */
async function failureToStart(
  server: ServerProcess,
  folder: string,
  tell: (message: string) => void,
): Promise<string | undefined> {
  let failure: string | undefined;
  void server.exited.then((reason) => (failure = reason));
  const startedAt = Date.now();
  let told = false;
  for (;;) {
    const status = readPidFile(folder);
    const ours = status?.pid === server.pid;
    if (ours && status.ready) return undefined;
    if (failure !== undefined) return failure;
    const elapsed = Date.now() - startedAt;
    if (elapsed > (ours ? RECOVERY_TIMEOUT_MS : READY_TIMEOUT_MS))
      return `it was not ready after ${Math.round(elapsed / 1_000)} s`;
    if (elapsed > RECOVERY_NOTICE_MS && !told) {
      tell('The database is starting; after a power cut it may take minutes …');
      told = true;
    }
    await wait(POLL_MS);
  }
}

/**
 * A server that outlived its Hearth (which was killed without mercy) is stopped; a pid file that outlived its server is removed,
 * because its number may by now be somebody else's, which Postgres would take for the server.
 */
export async function stopOrphan(folder: string): Promise<void> {
  const pid = readPidFile(folder)?.pid;
  if (pid === undefined) return;
  const startedAt = Date.now();
  let told: NodeJS.Signals | undefined;
  while (isAlive(pid) && isServerOf(pid, folder)) {
    const elapsed = Date.now() - startedAt;
    if (elapsed > STOP_TIMEOUT_MS + 2 * ABORT_TIMEOUT_MS) {
      throw new EmbeddedPostgresFailed(
        `A Postgres left behind by an earlier Hearth (process ${pid}) does not end. End it, then start again.`,
      );
    }
    const signal = elapsed > STOP_TIMEOUT_MS ? 'SIGQUIT' : 'SIGINT';
    if (signal !== told) sendSignal(pid, signal);
    told = signal;
    await wait(POLL_MS);
  }
  rmSync(join(folder, 'postmaster.pid'), { force: true });
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // ended meanwhile
  }
}

/** What the server says of itself in its folder: process id in the first line, its state in the eighth. */
function readPidFile(folder: string): { pid: number; ready: boolean } | undefined {
  try {
    const lines = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), ready: lines[7]?.trim() === 'ready' };
  } catch {
    return undefined; // not yet, or no longer
  }
}

/** Opened at its end; a log that has grown large is put aside first, and the one before it forgotten. */
function openLog(file: string): { descriptor: number; length: number } {
  if (existsSync(file) && statSync(file).size > MAX_LOG_BYTES) renameSync(file, `${file}.1`);
  const descriptor = openSync(file, 'a', 0o600);
  const { uid, gid } = statSync(dirname(file));
  if (process.getuid?.() === 0) chownSync(file, uid, gid);
  return { descriptor, length: fstatSync(descriptor).size };
}

function readFrom(file: string, position: number): string {
  const descriptor = openSync(file, 'r');
  const buffer = Buffer.alloc(MAX_EXCERPT_BYTES);
  const bytes = readSync(descriptor, buffer, 0, buffer.length, position);
  closeSync(descriptor);
  return buffer.toString('utf8', 0, bytes);
}
