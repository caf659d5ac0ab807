// `npm run crash -- --rounds 100`: see crash-test.ts; with `--readings`, readings-crash.ts.
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type BrokerCommand, crashTest } from './crash-test.js';
import { readingsCrashTest } from './readings-crash.js';

const { values } = parseArgs({
  options: {
    command: { type: 'boolean', default: false },
    readings: { type: 'boolean', default: false },
    'longest-away': { type: 'string', default: '60' },
    rounds: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(`npm run crash -- [--rounds 100] [--seed N] [--command]
       npm run crash -- --readings [--rounds 100] [--seed N] [--longest-away 60]

Kills a loaded broker with SIGKILL at random moments and counts what became of acknowledged messages:
a program that embeds it, or with --command hearth-broker and a mosquitto.conf.
With --readings, kills the api, Postgres, single connections of it or both, lets Postgres hang or refuse for up to
--longest-away seconds, and counts what became of acknowledged readings.
`);
  process.exit(0);
}

function embedded(folder: string): BrokerCommand {
  return { args: [fileURLToPath(new URL('./broker-process.js', import.meta.url)), folder] };
}

let port: number | undefined;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function command(folder: string): Promise<BrokerCommand> {
  port ??= await freePort();
  const file = join(folder, 'mosquitto.conf');
  await writeFile(
    file,
    `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location ${folder}\nlog_type error\nmax_inflight_messages 1000\nmax_queued_messages 0\n`,
  );
  const program = new URL('../../../libs/mqtt-broker/bin/hearth-broker.js', import.meta.url);
  return { args: [fileURLToPath(program), '-c', file], port };
}

const rounds = Number(values.rounds);
const seed = Number(values.seed);
process.stdout.write(`seed ${seed}\n`);
if (values.readings) await crashReadings();
else await crashBroker();

async function crashBroker(): Promise<void> {
  const ledger = await crashTest({
    rounds,
    seed,
    broker: values.command ? command : embedded,
    onRound: (round, { acknowledged }) => {
      if (round % 10 === 0) process.stdout.write(`round ${round}: ${acknowledged} acknowledged\n`);
    },
  });
  const found = {
    kills: rounds,
    acknowledged: ledger.acknowledged,
    lost: ledger.losses().length,
    doubled: ledger.doubles().length,
    staleRetained: ledger.staleRetained().length,
    lostSessions: ledger.lostSessions,
  };
  process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
  const examples = [...ledger.losses(), ...ledger.doubles(), ...ledger.staleRetained()].slice(
    0,
    10,
  );
  if (examples.length > 0 || ledger.lostSessions > 0) {
    process.stdout.write(`${examples.join('\n')}\n`);
    process.exitCode = 1;
  }
}

async function crashReadings(): Promise<void> {
  const { lost, doubled, foreign, ...counts } = await readingsCrashTest({
    rounds,
    seed,
    longestAwayMs: Number(values['longest-away']) * 1000,
    onRound: (round, blow, acknowledged) =>
      process.stdout.write(`round ${round} (${blow}): ${acknowledged} acknowledged\n`),
  });
  const found = {
    rounds,
    ...counts,
    lost: lost.length,
    doubled: doubled.length,
    foreign: foreign.length,
  };
  process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
  const examples = [...lost, ...doubled, ...foreign].slice(0, 10);
  const isClean = examples.length + counts.outstanding + counts.failures.length === 0;
  if (isClean && counts.lostSessions === 0) return;
  process.stdout.write(`${examples.join('\n')}\n`);
  process.exitCode = 1;
}
