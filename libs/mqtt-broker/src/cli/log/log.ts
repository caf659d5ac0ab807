// Log lines: which kinds are wanted, what stands before them and where they go.

import { closeSync, openSync, writeSync } from 'node:fs';
import type { LogDestination } from '../mosquitto-conf/readers.js';
import { strftime } from './strftime.js';

// Names from the wire have up to 64 kB each; a pipe that nobody reads would be full after one of them, and the broker wait.
const MAX_CHARACTERS = 1000;

/** Mosquitto's kinds of log lines. */
export type LogType =
  'error' | 'warning' | 'notice' | 'information' | 'debug' | 'subscribe' | 'unsubscribe';

export interface LogOptions {
  destinations: readonly LogDestination[];
  types: ReadonlySet<LogType>;
  /** `none` prints none, `epoch` seconds since 1970, `iso` UTC with milliseconds; else strftime's format. */
  timestamp: 'none' | 'epoch' | 'iso' | { format: string };
}

/** Where lines can go besides files. */
export interface LogOutput {
  stdout(line: string): void;
  stderr(line: string): void;
}

export const allLogTypes: readonly LogType[] = [
  ...(['error', 'warning', 'notice', 'information'] as const),
  ...(['debug', 'subscribe', 'unsubscribe'] as const),
];

/** Publishes a log line to `$SYS/broker/log/…`. */
export type PublishLine = (topic: string, line: string) => void;

const topicOf: Partial<Record<LogType, string>> = {
  error: 'E',
  warning: 'W',
  notice: 'N',
  information: 'I',
  subscribe: 'M/subscribe',
  unsubscribe: 'M/unsubscribe',
};

/** Throws what `node:fs` throws when a log file cannot be opened. */
export class Log {
  readonly #options: LogOptions;
  readonly #output: LogOutput;
  #file: number | undefined;
  /** Takes the lines for `log_dest topic`; there is none before the broker runs. */
  publish: PublishLine | undefined;

  constructor(options: LogOptions, output: LogOutput) {
    this.#options = options;
    this.#output = output;
    this.reopen();
  }

  wants(type: LogType): boolean {
    return this.#options.types.has(type);
  }

  /** Opens the log file again, after somebody moved it away. The old one stays when that fails. */
  reopen(): void {
    for (const destination of this.#options.destinations) {
      if (destination.to !== 'file') continue;
      const fresh = openSync(destination.path, 'a', 0o600);
      this.close();
      this.#file = fresh;
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  write(type: LogType, text: string, atMs = Date.now()): void {
    if (!this.wants(type)) return;
    const whole = `${this.#stamp(atMs)}${text}`;
    const line = whole.length > MAX_CHARACTERS ? `${whole.slice(0, MAX_CHARACTERS)}…` : whole;
    const seen = new Set<string>();
    for (const { to } of this.#options.destinations) {
      const real = to === 'syslog' ? 'stderr' : to;
      if (seen.has(real)) continue;
      seen.add(real);
      if (real === 'stdout') this.#output.stdout(line);
      else if (real === 'stderr') this.#output.stderr(line);
      else if (real === 'file') this.#toFile(line);
      else if (real === 'topic') this.#toTopic(type, line);
    }
  }

  #stamp(atMs: number): string {
    const { timestamp } = this.#options;
    if (timestamp === 'none') return '';
    if (timestamp === 'epoch') return `${Math.floor(atMs / 1000)}: `;
    const time = new Date(atMs);
    if (timestamp === 'iso') return `${time.toISOString()} `;
    return `${strftime(timestamp.format, time)}: `;
  }

  // Synchronous: a line is there when the process ends the next moment, and none waits in memory.
  #toFile(line: string): void {
    if (this.#file === undefined) return;
    try {
      writeSync(this.#file, `${line}\n`);
    } catch (error) {
      this.#output.stderr(`hearth-broker: cannot write to the log file: ${String(error)}`);
      this.close();
    }
  }

  #toTopic(type: LogType, line: string): void {
    const topic = topicOf[type];
    if (topic !== undefined) this.publish?.(`$SYS/broker/log/${topic}`, line);
  }
}
