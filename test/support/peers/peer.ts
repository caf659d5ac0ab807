// A client that other people wrote, made to do what a test asks. Each kind of client is one Peer.

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { within } from '@hearth/testkit';

const WAIT_MS = 20_000;

export interface Target {
  port: number;
  version: 4 | 5;
  transport: 'tcp' | 'websocket';
}

export interface Publication {
  topic: string;
  payload: string;
  qos: 0 | 1 | 2;
  retain?: boolean;
}

export interface Subscription {
  filter: string;
  qos: 0 | 1 | 2;
  /** Messages after which the client disconnects; 0: as soon as it has subscribed. */
  count: number;
  /** A persistent session of this client identifier; without it a clean one. */
  persistentId?: string;
  will?: Publication;
}

/** A subscriber that runs. */
export interface Subscriber {
  /** `topic|qos|retain|payload` of each message, when all have come and the client has disconnected. */
  readonly messages: Promise<string[]>;
  /** Ends the client without a DISCONNECT. */
  kill(): void;
}

export interface Peer {
  /** Connects, publishes, completes the exchange, disconnects. */
  publish(target: Target, publication: Publication): Promise<void>;
  subscribe(target: Target, subscription: Subscription): Subscriber;
}

/** The lines that a program prints; rejects when it fails. */
export async function outputLines(program: ChildProcess, what: string): Promise<string[]> {
  let output = '';
  let errors = '';
  program.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  program.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [code, signal] = (await within(WAIT_MS, `${what} ends`, once(program, 'close'))) as [
    number | null,
    string | null,
  ];
  if (code !== 0) throw new Error(`${what} ended with ${code ?? signal}: ${errors}${output}`);
  return output.split('\n').filter((line) => line !== '');
}

/** A subscriber that is a program printing one line a message. */
export function subscriberOf(program: ChildProcess, what: string): Subscriber {
  const messages = outputLines(program, what);
  // Whoever kills it does not ask for its messages.
  messages.catch(() => undefined);
  return { messages, kill: () => void program.kill('SIGKILL') };
}
