// A program under test in its own process: what it prints, and its end.
import { spawn } from 'node:child_process';

export interface Program {
  /** Everything that it printed so far, errors included. */
  output(): string;
  /** As if the power failed. Resolves when it is gone. */
  kill(): Promise<void>;
}

export function startProgram(
  command: string,
  args: readonly string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv },
): Program {
  const chunks: Buffer[] = [];
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A wrapper script starts the real program: the whole group must go.
    detached: true,
  });
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    output: () => Buffer.concat(chunks).toString('utf8'),
    async kill() {
      if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
        process.kill(-child.pid, 'SIGKILL');
      }
      await gone;
    },
  };
}
