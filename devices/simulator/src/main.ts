// The simulator as a process: `node dist/main.js --help`. Ends on SIGINT, SIGTERM, or when the parent that spawned it goes.
import { Command, InvalidArgumentError } from 'commander';
import { MAX_SPEED } from './clock.js';
import { SimulatorError } from './errors.js';
import { MAX_HISTORY_HOURS } from './house/run-house.js';
import { simulateHouse } from './simulate.js';

interface Flags {
  api: string;
  tokenFile: string;
  seed: number;
  speed: number;
  history?: number;
}

function numberBetween(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= low && value <= high)) {
      throw new InvalidArgumentError(`give a number from ${low} to ${high}`);
    }
    return value;
  };
}

function webAddress(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new InvalidArgumentError('give an address like http://127.0.0.1:3001');
  }
  return text;
}

function readFlags(argv: readonly string[]): Flags {
  const command = new Command('simulate')
    .description('Runs a simulated house of real MQTT clients against a running Hearth.')
    .option('--api <url>', 'where Hearth is', webAddress, 'http://127.0.0.1:3001')
    .option('--token-file <file>', 'local token that Hearth wrote', 'data/local-token')
    .option(
      '--seed <number>',
      'the house, its weather and its people',
      numberBetween(0, 2 ** 32 - 1),
      1,
    )
    .option(
      '--speed <factor>',
      'house time per real time; reports keep real time',
      numberBetween(1, MAX_SPEED),
      1,
    )
    .option(
      '--history <hours>',
      `past hours to publish first (default: ${MAX_HISTORY_HOURS} on the first run, then none)`,
      numberBetween(0, MAX_HISTORY_HOURS),
    )
    .parse(argv);
  return command.opts<Flags>();
}

function print(line: string): void {
  process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
}

/** Aborted when the process is asked to end. A second request ends it at once. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  if (process.connected) process.once('disconnect', () => controller.abort());
  return controller.signal;
}

async function main(): Promise<number> {
  const flags = readFlags(process.argv);
  const stop = stopSignal();
  try {
    await simulateHouse(
      {
        apiUrl: flags.api,
        tokenFile: flags.tokenFile,
        seed: flags.seed,
        speed: flags.speed,
        historyHours: flags.history,
      },
      stop,
      print,
    );
    return 0;
  } catch (error) {
    if (!(error instanceof SimulatorError)) throw error;
    process.stderr.write(`simulate: ${error.message}\n`);
    return 1;
  }
}

process.exitCode = await main();
// An open channel to the parent would keep this process alive.
if (process.connected) process.disconnect();
