// One child process of `hearth start`: forked, watched, started again when it dies, stopped in order.
import { fork, type ChildProcess } from 'node:child_process';
import { z } from 'zod';
import type { BoundedLog } from './bounded-log.js';
import { RestartPauses } from './restart-pauses.js';

/** How long a child may take until it reports ready, in milliseconds. */
const READY_TIMEOUT_MS = 60_000;
/** How long a child may take to stop after SIGTERM, in milliseconds; then it is killed. */
const STOP_TIMEOUT_MS = 10_000;

const reportSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ready'),
    port: z.number().optional(),
    httpPort: z.number().optional(),
    mqttPort: z.number().optional(),
    setupUrl: z.string().nullish(),
  }),
  z.object({ type: z.literal('failed'), message: z.string() }),
]);
export type ReadyReport = Extract<z.infer<typeof reportSchema>, { type: 'ready' }>;

export interface ServiceOptions {
  readonly name: string;
  readonly entry: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: BoundedLog;
  /** Told when the child died on its own and when it is back. */
  readonly tell: (message: string) => void;
}

export class Service {
  readonly #options: ServiceOptions;
  readonly #pauses = new RestartPauses();
  #child: ChildProcess | undefined;
  #stopping = false;
  #restart: NodeJS.Timeout | undefined;

  constructor(options: ServiceOptions) {
    this.#options = options;
  }

  /** Resolves with what the child reports when it serves; rejects with its own words when it cannot. */
  async start(): Promise<ReadyReport> {
    const { child, ready } = this.#spawn();
    const report = await ready;
    this.#watch(child);
    return report;
  }

  /** Asks the child to stop and waits; kills it when it takes too long. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      const kill = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      child.once('exit', () => {
        clearTimeout(kill);
        resolve();
      });
      child.kill('SIGTERM');
    });
  }

  /** Ends the child at once. */
  kill(): void {
    this.#stopping = true;
    this.#child?.kill('SIGKILL');
  }

  #spawn(): { child: ChildProcess; ready: Promise<ReadyReport> } {
    const { name, entry, env, log } = this.#options;
    // A process group of its own: Ctrl+C in the terminal reaches the supervisor only, which stops in order.
    const child = fork(entry, [], {
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    child.stdout?.on('data', (chunk: Buffer) => log.write(chunk));
    child.stderr?.on('data', (chunk: Buffer) => log.write(chunk));
    const ready = new Promise<ReadyReport>((resolve, reject) => {
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        reject(
          new Error(
            `The ${name} did not start within ${READY_TIMEOUT_MS / 1_000} s; see ${log.path}`,
          ),
        );
      }, READY_TIMEOUT_MS);
      child.on('message', (message) => {
        const report = reportSchema.safeParse(message);
        if (!report.success) return;
        clearTimeout(timer);
        if (report.data.type === 'ready') resolve(report.data);
        else reject(new Error(report.data.message));
      });
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        reject(
          new Error(`The ${name} ended (${signal ?? code}) before it was ready:\n${log.tail()}`),
        );
      });
    });
    return { child, ready };
  }

  #watch(child: ChildProcess): void {
    const startedAt = Date.now();
    child.once('exit', (code, signal) => {
      if (this.#stopping) return;
      const pauseMs = this.#pauses.next(Date.now() - startedAt);
      const { name, tell, log } = this.#options;
      tell(
        `The ${name} ended unexpectedly (${signal ?? code}); starting it again. Its log: ${log.path}`,
      );
      this.#restart = setTimeout(() => this.#comeBack(), pauseMs);
    });
  }

  #comeBack(): void {
    const { name, tell } = this.#options;
    const { child, ready } = this.#spawn();
    ready.then(
      () => {
        tell(`The ${name} is back.`);
        this.#watch(child);
      },
      (error: unknown) => {
        if (this.#stopping) return;
        tell(error instanceof Error ? error.message : String(error));
        this.#restart = setTimeout(() => this.#comeBack(), this.#pauses.next(0));
      },
    );
  }
}
