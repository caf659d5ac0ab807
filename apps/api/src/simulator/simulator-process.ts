// The simulated house as a child of the api: at most one, and never left behind. It ends on SIGTERM, after
// a grace time by SIGKILL, and by itself when the channel to a killed api closes.
import { spawn, type ChildProcess } from 'node:child_process';
import { LogTail } from './log-tail.js';

/** How long the house may take to say goodbye over MQTT. */
const STOP_GRACE_MS = 5_000;

export interface SimulatorCommand {
  /** JavaScript file that Node runs. */
  readonly main: string;
  readonly args: readonly string[];
}

interface Run {
  readonly child: ChildProcess;
  readonly startedAtMs: number;
  readonly ended: Promise<void>;
}

export class SimulatorProcess {
  readonly #onChange: () => void;
  #run: Run | undefined;
  #isStopping = false;
  #error: string | null = null;

  /** `onChange` is called when a run starts or ends. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get isRunning(): boolean {
    return this.#run !== undefined;
  }

  /** Epoch milliseconds; undefined while nothing runs. */
  get startedAtMs(): number | undefined {
    return this.#run?.startedAtMs;
  }

  /** Why the last run ended on its own. */
  get error(): string | null {
    return this.#error;
  }

  /** Does nothing while a run is under way. */
  start({ main, args }: SimulatorCommand, nowMs: number): void {
    if (this.#run) return;
    this.#error = null;
    const child = spawn(process.execPath, [main, ...args], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: false,
    });
    const errors = new LogTail();
    // Read and dropped: a pipe that nobody reads would stop the child.
    child.stdout?.resume();
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => errors.add(chunk));
    const ended = new Promise<void>((resolve) => {
      child.once('error', (error) => this.#end(error.message, resolve));
      child.once('close', (code, signal) => this.#end(endReason(code, signal, errors), resolve));
    });
    this.#run = { child, startedAtMs: nowMs, ended };
    this.#onChange();
  }

  /** Resolves when the child is gone. */
  async stop(): Promise<void> {
    const run = this.#run;
    if (!run) return;
    this.#isStopping = true;
    run.child.kill('SIGTERM');
    const timer = setTimeout(() => run.child.kill('SIGKILL'), STOP_GRACE_MS);
    await run.ended;
    clearTimeout(timer);
  }

  #end(reason: string | null, resolve: () => void): void {
    // A spawn that fails emits `error`, and then may or may not emit `close`.
    if (!this.#run) return;
    this.#run = undefined;
    this.#error = this.#isStopping ? null : reason;
    this.#isStopping = false;
    this.#onChange();
    resolve();
  }
}

function endReason(code: number | null, signal: string | null, errors: LogTail): string | null {
  if (code === 0) return null;
  const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
  return errors.lastLine?.replace(/^simulate: /, '') ?? `the simulator ${how}`;
}
