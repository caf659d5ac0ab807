// The real `hearth-broker` in its own process, with real configuration files.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { within } from '@hearth/testkit';
import { afterwards } from './server.js';

const entry = fileURLToPath(
  new URL('../../../libs/mqtt-broker/bin/hearth-broker.js', import.meta.url),
);

/** A running command. */
export interface Command {
  /** All that it printed, errors included. */
  readonly output: string;
  /** Resolves when it has printed this since the start, or since the last wait for it. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  signal(name: 'SIGHUP' | 'SIGTERM' | 'SIGINT' | 'SIGKILL'): void;
  /** Resolves with its exit code when it is gone. */
  readonly exited: Promise<number | null>;
}

/** A folder that is gone after the test. */
async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-command-'));
  afterwards(async () => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files into a folder of their own and answers it. `~/` in them stands for the folder. */
export async function makeFiles(files: Record<string, string>): Promise<string> {
  const folder = await makeFolder();
  for (const [name, content] of Object.entries(files)) await writeIn(folder, name, content);
  return folder;
}

export async function writeIn(folder: string, name: string, content: string): Promise<void> {
  await writeFile(join(folder, name), content.replaceAll('~/', `${folder}/`));
}

/** Starts the command. It is stopped after the test. */
export function startCommand(args: readonly string[], cwd?: string): Command {
  const child = spawn(process.execPath, [entry, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  const exited = once(child, 'close').then(([code]: unknown[]) => code as number | null);
  afterwards(async () => {
    child.kill('SIGTERM');
    await within(5000, 'the end on SIGTERM', exited).catch(() => child.kill('SIGKILL'));
  });
  return new Running(child, exited);
}

/** Starts with a configuration, in a folder with these files, and waits until it listens. */
export async function startWithConf(
  conf: string,
  files: Record<string, string> = {},
): Promise<{ command: Command; folder: string }> {
  const folder = await makeFiles({ ...files, 'broker.conf': conf });
  const command = startCommand(['-c', join(folder, 'broker.conf')], folder);
  await command.printed(/hearth-broker listening: /);
  return { command, folder };
}

class Running implements Command {
  output = '';
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcess;
  #seen = 0;
  #check: (() => void) | undefined;

  constructor(child: ChildProcess, exited: Promise<number | null>) {
    this.#child = child;
    this.exited = exited;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
        this.#check?.();
      });
    }
    void exited.then(() => this.#check?.());
  }

  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    const found = new Promise<RegExpExecArray>((resolve, reject) => {
      this.#check = () => {
        const match = pattern.exec(this.output.slice(this.#seen));
        if (match !== null) {
          this.#seen += match.index + match[0].length;
          resolve(match);
        } else if (this.#child.exitCode !== null) reject(new Error(`it ended:\n${this.output}`));
      };
      this.#check();
    });
    try {
      return await within(10_000, `${pattern} printed`, found);
    } catch (error) {
      throw new Error(`${String(error)}; it printed:\n${this.output}`, { cause: error });
    } finally {
      this.#check = undefined;
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
