// The real `hearth start`, as a person runs it: one command, a terminal, a signal.
import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const START_TIMEOUT_MS = 120_000;
const root = fileURLToPath(new URL('../../', import.meta.url));

export interface RunningCommand {
  readonly process: ChildProcess;
  /** Everything that it printed so far. */
  output(): string;
  /** Address of the dashboard. */
  readonly url: string;
  readonly mqttPort: number;
  readonly setupUrl: string | undefined;
  /** Milliseconds from the command to the banner. */
  readonly readyAfterMs: number;
  /** Sends the signal and resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Runs `hearth start` with free ports; rejects with its output when it ends before it serves. */
export async function startCommand(variables: NodeJS.ProcessEnv): Promise<RunningCommand> {
  const startedAt = Date.now();
  const run = runCommand({
    HEARTH_PORT: '0',
    HEARTH_API_PORT: '0',
    HEARTH_MQTT_PORT: '0',
    ...variables,
  });
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`no banner:\n${run.output()}`)),
      START_TIMEOUT_MS,
    );
    const look = (): void => {
      if (!run.output().includes('Ctrl+C stops everything')) return;
      clearTimeout(timer);
      resolve();
    };
    run.process.stdout?.on('data', look);
    run.process.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`hearth start ended with ${code}:\n${run.output()}`));
    });
  });
  const found = (pattern: RegExp): string | undefined => pattern.exec(run.output())?.[1];
  return {
    ...run,
    url: found(/Dashboard\s+(http:\S+)/) ?? '',
    mqttPort: Number(found(/MQTT\s+port (\d+)/)),
    setupUrl: found(/(http:\S+\/setup\?token=\S+)/),
    readyAfterMs: Date.now() - startedAt,
  };
}

/** Runs the command without waiting for anything. */
export function runCommand(
  variables: NodeJS.ProcessEnv,
): Pick<RunningCommand, 'process' | 'output' | 'stop'> & { exited: Promise<number | null> } {
  const chunks: Buffer[] = [];
  const child = spawn(process.execPath, ['apps/cli/bin/hearth.js', 'start'], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    process: child,
    exited,
    output: () => Buffer.concat(chunks).toString('utf8'),
    stop: (signal = 'SIGINT') => {
      child.kill(signal);
      return exited;
    },
  };
}

/** Command lines of all processes that name `text` in their command line or environment (Linux). */
export function findProcesses(text: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        return commandLine.includes(text) || environment.includes(text) ? [commandLine] : [];
      } catch {
        return []; // it ended while we looked
      }
    });
}
