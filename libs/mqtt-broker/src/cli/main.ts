// The `hearth-broker` command: arguments in, a running broker out.

import { Command, InvalidArgumentError } from 'commander';
import { allowAll } from '../auth/allow-all.js';
import type { Broker } from '../broker.js';
import { createBroker } from '../create-broker.js';
import { ListenFailed } from '../errors.js';
import type { ListenerOptions } from '../listener-options.js';
import { logEvents } from './log-events.js';

interface Arguments {
  port: number;
  host?: string;
  websocketPort?: number;
  allowAnonymous?: true;
  verbose?: true;
}

/** Where the command's lines go. */
export interface Output {
  print: (line: string) => void;
  printError: (line: string) => void;
}

/** Runs until SIGINT or SIGTERM. Sets the exit code 1 when it cannot start. */
export async function main(argv: readonly string[]): Promise<void> {
  const output = {
    print: (line: string) => console.log(line),
    printError: (line: string) => console.error(line),
  };
  const broker = await start(argv, output);
  if (broker === undefined) process.exitCode = 1;
  else stopOnSignal(broker);
}

/** Starts what the arguments ask for, or says why not and answers undefined. */
export async function start(argv: readonly string[], output: Output): Promise<Broker | undefined> {
  const options = parse(argv);
  const broker = createBroker({
    listeners: listenersOf(options),
    ...(options.allowAnonymous === true ? { authenticator: allowAll() } : {}),
    onError: (error) => output.printError(`hearth-broker: internal error: ${String(error)}`),
  });
  if (options.verbose === true) logEvents(broker, output.print);
  try {
    await broker.start();
  } catch (error) {
    if (!(error instanceof ListenFailed)) throw error;
    const flag = error.port === options.websocketPort ? '--websocket-port' : '--port';
    output.printError(`hearth-broker: ${error.message}; choose another with ${flag}`);
    return undefined;
  }
  for (const { transport, host, port } of broker.addresses) {
    output.print(`hearth-broker listening: ${transport} ${host} ${port}`);
  }
  if (options.allowAnonymous !== true) {
    output.print('hearth-broker: every client is refused; --allow-anonymous lets everyone in');
  }
  return broker;
}

function parse(argv: readonly string[]): Arguments {
  return new Command('hearth-broker')
    .description('An MQTT 3.1, 3.1.1 and 5.0 broker.')
    .option('-p, --port <port>', 'TCP port; 0 takes a free one', toPort, 1883)
    .option('--host <address>', 'address to listen on (default: all)')
    .option('--websocket-port <port>', 'also serve MQTT over WebSocket on this port', toPort)
    .option('--allow-anonymous', 'let every client in, and through to every topic')
    .option('-v, --verbose', 'print connections, subscriptions and refusals')
    .parse(argv)
    .opts<Arguments>();
}

function toPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  }
  return port;
}

function listenersOf({ port, host, websocketPort }: Arguments): ListenerOptions[] {
  const where = host === undefined ? {} : { host };
  const listeners: ListenerOptions[] = [{ transport: 'tcp', port, ...where }];
  if (websocketPort !== undefined) {
    listeners.push({ transport: 'websocket', port: websocketPort, ...where });
  }
  return listeners;
}

function stopOnSignal(broker: Broker): void {
  const stop = (): void => {
    // A second signal ends the process the ordinary way.
    process.off('SIGINT', stop).off('SIGTERM', stop);
    broker.stop().catch((error: unknown) => {
      console.error('hearth-broker:', error);
      process.exitCode = 1;
    });
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
}
