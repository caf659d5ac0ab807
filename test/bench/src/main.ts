// `npm run bench`: Hearth beside Mosquitto and Aedes, same machine, same run; figures as ratios, because machines drift.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { startAedes, startHearth, startMosquitto, type Peer } from './peers.js';
import { measurePipeline, measureTelemetry, type TelemetryResult } from './telemetry.js';
import { measure, WORKLOADS } from './workloads.js';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'string', default: 'bench-results/latest.json' },
    skip: { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', default: false },
  },
});

if (options.help) {
  process.stdout
    .write(`npm run bench -- [--seconds 3] [--rounds 3] [--json FILE] [--skip broker|telemetry]

Measures Hearth's broker beside Aedes and (where it is installed) Mosquitto: deliveries per second,
median of the rounds, the brokers taking turns; then readings acknowledged after their commit.
`);
  process.exit(0);
}

interface Row {
  readonly workload: string;
  readonly hearth: number;
  readonly mosquitto: number | null;
  readonly aedes: number | null;
}

const seconds = Number(options.seconds);
const rounds = Number(options.rounds);
const rows: Row[] = options.skip.includes('broker') ? [] : await measureBrokers();
const telemetry = options.skip.includes('telemetry') ? [] : await measureReadings();
const pipeline = options.skip.includes('telemetry') ? undefined : await measurePipeline(seconds);
report();

async function measureBrokers(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const workload of WORKLOADS) {
    const figures = new Map<Peer['name'], number[]>();
    for (let round = 0; round < rounds; round += 1) {
      for (const startPeer of [startHearth, startMosquitto, startAedes]) {
        const peer = await startPeer();
        if (peer === undefined) continue;
        try {
          const rate = await measure(workload, peer.port, seconds);
          figures.set(peer.name, [...(figures.get(peer.name) ?? []), rate]);
        } finally {
          await peer.stop();
        }
      }
    }
    const row = {
      workload: workload.name,
      hearth: median(figures.get('hearth') ?? []) ?? 0,
      mosquitto: median(figures.get('mosquitto') ?? []),
      aedes: median(figures.get('aedes') ?? []),
    };
    rows.push(row);
    process.stderr.write(`${tableLine(row)}\n`);
  }
  return rows;
}

async function measureReadings(): Promise<(TelemetryResult & { workload: string })[]> {
  const results = [];
  for (const [devices, window] of [
    [100, 100],
    [1_000, 1],
  ] as const) {
    const result = await measureTelemetry(devices, window, seconds);
    results.push({ workload: `${devices} devices × ${window} in flight`, ...result });
  }
  return results;
}

function report(): void {
  const lines = [
    '',
    `Node ${process.versions.node}, ${cpus().length} cores shared with the load, ${seconds} s a measurement, median of ${rounds}`,
  ];
  if (rows.length > 0) {
    lines.push(
      '',
      'Deliveries per second',
      columns(['', 'Hearth', 'Mosquitto', 'ratio', 'Aedes', 'ratio']),
    );
    lines.push(...rows.map(tableLine));
  }
  for (const result of telemetry) {
    lines.push(
      '',
      `Readings acknowledged after commit, ${result.workload}: ${whole(result.acknowledgedPerSecond)}/s`,
      `  acknowledged ${whole(result.acknowledged)}, rows in Postgres ${whole(result.storedRows)}`,
    );
  }
  if (pipeline !== undefined) {
    const { readingsPerSecond, bareRowsPerSecond } = pipeline;
    lines.push(
      '',
      `The pipeline without broker and network: ${whole(readingsPerSecond)} readings/s beside ${whole(bareRowsPerSecond)} bare rows/s (${ratio(readingsPerSecond, bareRowsPerSecond)})`,
    );
  }
  process.stdout.write(`${lines.join('\n')}\n`);
  mkdirSync(dirname(options.json), { recursive: true });
  const machine = { node: process.versions.node, cores: cpus().length, model: cpus()[0]?.model };
  writeFileSync(
    options.json,
    `${JSON.stringify({ machine, seconds, rounds, rows, telemetry, pipeline }, null, 2)}\n`,
  );
  process.stdout.write(`\nWritten to ${options.json}\n`);
  if (telemetry.some((result) => result.storedRows !== result.acknowledged)) {
    process.stderr.write('An acknowledged reading is missing, or one was stored twice.\n');
    process.exitCode = 1;
  }
}

function tableLine(row: Row): string {
  return columns([
    row.workload,
    whole(row.hearth),
    whole(row.mosquitto),
    ratio(row.hearth, row.mosquitto),
    whole(row.aedes),
    ratio(row.hearth, row.aedes),
  ]);
}

function columns(cells: readonly string[]): string {
  return cells.map((cell, index) => (index === 0 ? cell.padEnd(20) : cell.padStart(12))).join('');
}

function whole(value: number | null): string {
  return value === null ? '–' : Math.round(value).toLocaleString('en');
}

function ratio(ours: number, theirs: number | null): string {
  return theirs === null || theirs === 0 ? '–' : `${(ours / theirs).toFixed(1)}×`;
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
