// `npm run bench`: Hearth beside Mosquitto and Aedes, same machine, same run; figures as ratios, because machines drift.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { HEAD, lineOf, measureWorkload, type Row } from './brokers.js';
import { measureReadings } from './readings.js';
import { runAttacks } from './stress.js';
import { WORKLOADS, type Workload } from './workloads.js';

const HELP = `npm run bench -- [options]

Measures Hearth's broker, with passwords and topics checked, beside Mosquitto (where it is installed) and Aedes without:
the brokers take turns, and the median of the rounds stands. "bare Node" is what sockets cost without a broker, and so
the ceiling of this load generator. A share in brackets is what of the messages arrived. Then readings
acknowledged after their commit.

  --list           only names what would be measured
  --only PATTERN   what matches this regular expression (of --list)
  --quick          a few workloads, one short round: under two minutes
  --all            also MQTT 5 with every payload size
  --seconds N      of each measurement (default 1; of readings 3)
  --rounds N       of which the median stands (default 2)
  --hostile        instead: clients that mean harm, and what others feel of them; fails when a bound is broken
                   (needs 11,000 file descriptors: ulimit -n)
  --peers A,B      of hearth, mosquitto, aedes, bare
  --json FILE      default bench-results/latest.json
`;

const { values: options } = parseArgs({
  options: {
    list: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    hostile: { type: 'boolean', default: false },
    seconds: { type: 'string' },
    rounds: { type: 'string' },
    peers: { type: 'string', default: 'hearth,mosquitto,aedes,bare' },
    json: { type: 'string', default: 'bench-results/latest.json' },
    help: { type: 'boolean', default: false },
  },
});
const seconds = Number(options.seconds ?? 1);
const rounds = Number(options.rounds ?? (options.quick ? 1 : 2));
const only = new RegExp(options.only, 'i');
const peers = options.peers.split(',');
const TELEMETRY = 'readings/committed';
/** Of a measurement of readings, when `--seconds` does not say. */
const READINGS_SECONDS = 3;

if (options.help) process.stdout.write(HELP);
else if (options.hostile) {
  if (!(await runAttacks(only, options.json))) process.exitCode = 1;
} else if (options.list) {
  const ids = chosen().map(({ id }) => id);
  process.stdout.write(`${[...ids, ...(wantsReadings() ? [TELEMETRY] : [])].join('\n')}\n`);
} else await run();

function chosen(): Workload[] {
  return WORKLOADS.filter(({ id, isQuick, isExtra }) => {
    if (options.only !== '') return only.test(id);
    return options.quick ? isQuick : options.all || !isExtra;
  }).map((workload) => ({
    ...workload,
    peers: workload.peers.filter((name) => peers.includes(name)),
  }));
}

function wantsReadings(): boolean {
  return options.only === '' ? !options.quick : only.test(TELEMETRY);
}

async function run(): Promise<void> {
  const startedAt = Date.now();
  const rows: Row[] = [];
  process.stdout.write(
    `Node ${process.versions.node}, ${cpus().length} cores shared with the load, ${seconds} s a measurement, median of ${rounds}\n\n${HEAD}\n`,
  );
  for (const workload of chosen()) {
    const measured = await measureWorkload(workload, { rounds, seconds });
    rows.push(...measured);
    for (const row of measured) process.stdout.write(`${lineOf(row)}\n`);
  }
  const readings = wantsReadings()
    ? await measureReadings(Number(options.seconds ?? READINGS_SECONDS), rounds, (line) =>
        process.stdout.write(`${line}\n`),
      )
    : undefined;
  for (const failure of readings?.failures ?? []) {
    process.stderr.write(`Not reached: ${failure}\n`);
    process.exitCode = 1;
  }
  mkdirSync(dirname(options.json), { recursive: true });
  const machine = { node: process.versions.node, cores: cpus().length, model: cpus()[0]?.model };
  writeFileSync(
    options.json,
    `${JSON.stringify({ machine, seconds, rounds, rows, ...readings }, null, 2)}\n`,
  );
  const minutes = ((Date.now() - startedAt) / 60_000).toFixed(1);
  process.stdout.write(`\nWritten to ${options.json} after ${minutes} minutes\n`);
}
