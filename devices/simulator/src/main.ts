// The simulator as a process: `node dist/main.js --help`. Ends on SIGINT, SIGTERM, or when the parent that spawned it goes.
import { Command, InvalidArgumentError } from 'commander';
import { MAX_SPEED } from './clock.js';
import { SimulatorError } from './errors.js';
import { MAX_HISTORY_HOURS } from './house/run-house.js';
import { ProgressLine } from './replay/progress-line.js';
import { replayFolder, type ReplayReport } from './replay/replay.js';
import type { Access } from './provision.js';
import { simulateHouse } from './simulate.js';

interface Flags {
  api: string;
  tokenFile: string;
  seed: number;
  speed: number;
  history?: number;
  replay?: string;
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
    .option(
      '--replay <folder>',
      'instead of a house: publish recorded <Room>_<Quantity>.csv files, then end',
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

function summary(report: ReplayReport): string {
  const { files, rooms, readings, malformedLines, messages, acknowledgedMessages } = report;
  const malformed = malformedLines === 0 ? '' : `, ${malformedLines} malformed lines left out`;
  return [
    `read ${readings} readings from ${files} files of ${rooms} rooms${malformed}`,
    `server acknowledged ${acknowledgedMessages} of ${messages} messages, ${report.acknowledgedReadings} readings`,
    `took ${report.seconds.toFixed(1)} s`,
  ].join('\n');
}

async function replay(access: Access, folder: string, stop: AbortSignal): Promise<number> {
  const line = new ProgressLine(process.stdout);
  const report = await replayFolder({ ...access, folder }, stop, {
    print: (text) => line.print(text),
    progress: (share, readings, seconds) => line.update(share, readings, seconds),
  });
  line.print(summary(report));
  for (const failure of report.failures) process.stderr.write(`simulate: ${failure}\n`);
  return report.failures.length === 0 ? 0 : 1;
}

async function run(flags: Flags, stop: AbortSignal): Promise<number> {
  const access = { apiUrl: flags.api, tokenFile: flags.tokenFile };
  if (flags.replay !== undefined) return replay(access, flags.replay, stop);
  const { seed, speed, history: historyHours } = flags;
  await simulateHouse({ ...access, seed, speed, historyHours }, stop, print);
  return 0;
}

async function main(): Promise<number> {
  const flags = readFlags(process.argv);
  try {
    return await run(flags, stopSignal());
  } catch (error) {
    if (!(error instanceof SimulatorError)) throw error;
    process.stderr.write(`simulate: ${error.message}\n`);
    return 1;
  }
}

// A parent that was killed reads no more: the house still says goodbye.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});
process.exitCode = await main();
// An open channel to the parent would keep this process alive.
if (process.connected) process.disconnect();
