// The `hearth-broker` command: arguments in, a running broker out.

import type { Broker } from '../broker.js';
import { createBroker } from '../create-broker.js';
import { InvalidTls, ListenFailed } from '../errors.js';
import type { ListenerAddress } from '../listener-options.js';
import { StorageInUse } from '../storage/log/folder.js';
import { StorageCorrupt } from '../storage/log/log-file.js';
import { type Arguments, parseArguments } from './arguments.js';
import { FileProblem, wordsOf } from './file-problem.js';
import { Log } from './log/log.js';
import { logEvents } from './log-events.js';
import { removePidFile, writePidFile } from './pid-file.js';
import { BadArguments, type Setup, setupFromArguments } from './setup.js';
import { setupFromFile } from './setup-from-file.js';
import type { Trace } from '../trace/trace.js';
import { traceToFile, traceToLines } from './trace-client.js';
import { warmUp } from './warm-up.js';

/** Where the command's lines go. */
export interface Output {
  print: (line: string) => void;
  printError: (line: string) => void;
}

/** A broker that was started by the command. */
export interface Running {
  readonly broker: Broker;
  /** Reads users, rights and certificates again; keeps the old ones when a file is broken. */
  reload(): void;
  stop(): Promise<void>;
}

/** Runs until SIGINT or SIGTERM. Sets the exit code 1 when it cannot start. */
export async function main(argv: readonly string[]): Promise<void> {
  const output = {
    print: (line: string) => console.log(line),
    printError: (line: string) => console.error(line),
  };
  const args = parseArguments(argv);
  if (args.testConfig === true) {
    if (!(await testConfig(args, output))) process.exitCode = 1;
    return;
  }
  const starting = start(args, output);
  // Before the first line is printed: whoever reads it may answer with a signal.
  obeySignals(starting);
  if ((await starting) === undefined) process.exitCode = 1;
}

/** Starts what the arguments ask for, or says why not and answers undefined. */
export async function start(args: Arguments, output: Output): Promise<Running | undefined> {
  try {
    return await run(await setupOf(args), args, output);
  } catch (error) {
    const problem = explain(error, args);
    if (problem === undefined) throw error;
    output.printError(`hearth-broker: ${problem}`);
    return undefined;
  }
}

async function testConfig(args: Arguments, output: Output): Promise<boolean> {
  try {
    if (args.configFile === undefined) throw new BadArguments('--test-config needs -c');
    for (const note of (await setupOf(args)).notes) output.print(note);
    output.print(`${args.configFile} is right.`);
    return true;
  } catch (error) {
    const problem = explain(error, args);
    if (problem === undefined) throw error;
    output.printError(`hearth-broker: ${problem}`);
    return false;
  }
}

async function setupOf(args: Arguments): Promise<Setup> {
  if (args.daemon === true) {
    throw new BadArguments(
      'it does not put itself into the background; let systemd or nohup do it',
    );
  }
  if (args.traceFile !== undefined && args.trace === undefined) {
    throw new BadArguments('--trace-file needs --trace and a client identifier');
  }
  const { configFile } = args;
  return configFile === undefined ? setupFromArguments(args) : setupFromFile(configFile, args);
}

async function run(setup: Setup, args: Arguments, output: Output): Promise<Running> {
  const log = new Log(setup.log, { stdout: output.print, stderr: output.printError });
  // What a person at a terminal waits for; with a configuration file, the log is where it belongs.
  const tell = (line: string): void => {
    if (args.configFile !== undefined) log.write('information', line);
    else if (args.quiet !== true) output.print(line);
  };
  const broker = createBroker({
    ...setup.options,
    onError: (error) => log.write('error', `internal error: ${String(error)}`),
  });
  const write = log.write.bind(log);
  logEvents(broker, write, setup.connectionMessages);
  await broker.start();
  const trace = traceFor(broker, args, output);
  try {
    if (setup.pidFile !== undefined) writePidFile(setup.pidFile);
  } catch (error) {
    await broker.stop();
    throw error;
  }
  log.publish = (topic, line) => void broker.publish({ topic, payload: line });
  for (const address of broker.addresses) tell(`hearth-broker listening: ${textOf(address)}`);
  for (const note of setup.notes) tell(`hearth-broker: ${note}`);
  let isStopping = false;
  // Beside the first clients rather than before them: whoever starts it waits for its port.
  const warming = warmUp(() => isStopping).catch(() => undefined);
  return {
    broker,
    reload: () => reload(broker, setup, log),
    stop: async () => {
      isStopping = true;
      log.publish = undefined;
      await warming;
      await broker.stop();
      trace?.stop();
      if (setup.pidFile !== undefined) removePidFile(setup.pidFile);
      log.close();
    },
  };
}

function traceFor(
  broker: Broker,
  { trace, traceFile }: Arguments,
  { print, printError }: Output,
): Trace | undefined {
  if (trace === undefined) return undefined;
  if (traceFile === undefined) return traceToLines(broker, trace, print);
  return traceToFile(broker, trace, traceFile, printError);
}

function reload(broker: Broker, setup: Setup, log: Log): void {
  try {
    log.reopen();
  } catch (error) {
    log.write('error', `reload: the log file stays as it is: ${String(error)}`);
  }
  try {
    const takeOver = setup.reload?.();
    const lost = takeOver?.(broker) ?? [];
    for (const principalId of lost) broker.disconnectPrincipal(principalId);
    log.write('information', `reloaded; ${lost.length} users are no longer who they were`);
  } catch (error) {
    const why = wordsOf(error);
    log.write('error', `reload: everything stays as it was: ${why}`);
  }
}

/** What to tell the person who started it, or undefined for a bug. */
function explain(error: unknown, args: Arguments): string | undefined {
  const foreseen = [FileProblem, BadArguments, InvalidTls, StorageInUse, StorageCorrupt];
  if (error instanceof Error && foreseen.some((kind) => error instanceof kind))
    return error.message;
  if (error instanceof ListenFailed) {
    if (args.configFile !== undefined) return error.message;
    const flag = error.port === args.websocketPort ? '--websocket-port' : '--port';
    return `${error.message}; choose another with ${flag}`;
  }
  // From the file system: its words name the path and what is wrong with it.
  if (error instanceof Error && 'code' in error && 'syscall' in error) return error.message;
  return undefined;
}

function textOf(address: ListenerAddress): string {
  return address.transport === 'unix'
    ? `unix ${address.path}`
    : `${address.transport} ${address.host} ${address.port}`;
}

function obeySignals(starting: Promise<Running | undefined>): void {
  const fail = (error: unknown): void => {
    console.error('hearth-broker:', error);
    process.exitCode = 1;
  };
  const reload = (): void => void starting.then((running) => running?.reload()).catch(fail);
  const stop = (): void => {
    // A second signal ends the process the ordinary way.
    process.off('SIGINT', stop).off('SIGTERM', stop).off('SIGHUP', reload);
    starting.then((running) => running?.stop()).catch(fail);
  };
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', reload);
}
