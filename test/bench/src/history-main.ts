// `npm run bench:history`: five years of a home, generated straight into storage, and charts of it while ingest runs.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '@hearth/db';
import { BenchApi } from './bench-api.js';
import { quantile } from './figures.js';
import { fillStore, type FilledStore, type StorePlan } from './history-store.js';
import { METRICS_PER_DEVICE, randomFrom } from './history-waves.js';
import { connect, SteadyLoad } from './telemetry.js';

const HELP = `npm run bench:history -- [options]

Fills an embedded Postgres with years of readings in the product's own format, starts the api on it, and measures charts
and the overview of the home over HTTP while devices publish. Ends with 1 when a goal is missed.

  --series N     series (default 200; five for each device)
  --years N      default 5
  --every N      seconds between two readings of a series (default 60)
  --scale S      of the series, so many: 0.1 is a tenth (default 1)
  --requests N   charts of each range (default 200)
  --rate N       messages a second meanwhile (default 1000)
  --folder DIR   where the store is made (default: a temporary one)
  --keep         leaves it there
`;

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Longest times of the 99th percentile, milliseconds. */
const CHART_GOAL_MS = 50;
const OVERVIEW_GOAL_MS = 100;
const ACKNOWLEDGEMENT_GOAL_MS = 25;
const WARM_UP_MS = 3_000;
/** Requests before those that are measured: a process that has just started compiles. */
const WARM_UP_REQUESTS = 100;
const RANGES = [
  ['1 hour', HOUR_MS],
  ['24 hours', DAY_MS],
  ['7 days', 7 * DAY_MS],
  ['30 days', 30 * DAY_MS],
  ['1 year', 365 * DAY_MS],
  ['all', Infinity],
] as const;

const { values: options } = parseArgs({
  options: {
    series: { type: 'string', default: '200' },
    years: { type: 'string', default: '5' },
    every: { type: 'string', default: '60' },
    scale: { type: 'string', default: '1' },
    requests: { type: 'string', default: '200' },
    rate: { type: 'string', default: '1000' },
    folder: { type: 'string' },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const print = (line: string): void => void process.stdout.write(`${line}\n`);

if (options.help) process.stdout.write(HELP);
else await run();

async function run(): Promise<void> {
  const wanted = Number(options.series) * Number(options.scale);
  const devices = Math.max(1, Math.round(wanted / METRICS_PER_DEVICE));
  const plan: StorePlan = {
    series: devices * METRICS_PER_DEVICE,
    days: Math.round(Number(options.years) * 365.25),
    everyMs: Number(options.every) * 1_000,
    endMs: Date.now(),
  };
  if (options.folder !== undefined && existsSync(options.folder)) {
    throw new Error(`${options.folder} is there already: name a folder that is not`);
  }
  const dataDir = options.folder ?? mkdtempSync(join(tmpdir(), 'hearth-history-'));
  mkdirSync(dataDir, { recursive: true });
  const postgres = await startEmbeddedPostgres({ dataDir });
  try {
    const first = await BenchApi.start(dataDir, postgres.url);
    await first.registerDevices(devices);
    await first.stop();
    const store = await fillStore(postgres.url, plan, print);
    tellStore(store, plan);
    const api = await BenchApi.start(dataDir, postgres.url);
    try {
      await measure(api, store, plan, devices);
    } finally {
      await api.stop();
    }
  } finally {
    await postgres.stop();
    if (options.keep) print(`The store is in ${dataDir}`);
    else rmSync(dataDir, { recursive: true, force: true });
  }
}

function tellStore({ readings, seconds, sizes }: FilledStore, { series, days }: StorePlan): void {
  print(
    `\n${series} series, ${days} days: ${whole(readings)} readings in ${Math.round(seconds)} s, ${whole(readings / seconds)}/s`,
  );
  for (const { table, bytes, rows } of sizes) {
    print(
      `  ${table.padEnd(15)} ${whole(rows).padStart(12)} rows ${whole(bytes / 1e6).padStart(7)} MB ${(bytes / readings).toFixed(2).padStart(6)} bytes for each of all readings`,
    );
  }
  const bytes = sizes.reduce((sum, size) => sum + size.bytes, 0);
  print(`  together ${whole(bytes / 1e6)} MB, ${(bytes / readings).toFixed(2)} bytes a reading`);
}

async function measure(
  api: BenchApi,
  { seriesIds }: FilledStore,
  plan: StorePlan,
  devices: number,
): Promise<void> {
  const rate = Number(options.rate);
  const load = new SteadyLoad(await connect(api, await api.registerDevices(devices)));
  await load.publish(rate, WARM_UP_MS);
  const random = randomFrom(7);
  const chartOf = (rangeMs: number): (() => Promise<unknown>) => {
    const spanMs = plan.days * DAY_MS;
    const widthMs = Math.min(rangeMs, spanMs);
    return () => {
      const id = seriesIds[Math.floor(random() * seriesIds.length)] ?? 0;
      const to = Math.round(Date.now() - random() * (spanMs - widthMs));
      return api.get(`/api/series/${id}/history?from=${to - widthMs}&to=${to}`);
    };
  };
  const requests: [string, number, () => Promise<unknown>][] = [
    ...RANGES.map(([name, rangeMs]): [string, number, () => Promise<unknown>] => [
      `a chart of ${name}`,
      CHART_GOAL_MS,
      chartOf(rangeMs),
    ]),
    ['the overview', OVERVIEW_GOAL_MS, () => api.get('/api/home/overview')],
  ];
  const over = new AbortController();
  const background = (async (): Promise<void> => {
    while (!over.signal.aborted) await load.publish(rate, 1_000);
  })();
  const failures: string[] = [];
  const expect = (what: string, ms: number, goalMs: number): void => {
    if (!(ms < goalMs)) failures.push(`${what}: p99 ${ms.toFixed(1)} ms, not under ${goalMs} ms`);
  };
  try {
    for (let count = 0; count < WARM_UP_REQUESTS; count += 1) {
      await requests[count % requests.length]?.[2]();
    }
    load.forget();
    const charts: number[] = [];
    print(`\nOver HTTP, while ${whole(rate)} messages/s are ingested      p50       p99   longest`);
    for (const [name, goalMs, ask] of requests) {
      const times = await timesOf(ask, Number(options.requests));
      if (goalMs === CHART_GOAL_MS) charts.push(...times);
      print(lineOf(name, times));
      expect(name, quantile(times, 0.99), goalMs);
    }
    print(lineOf('all charts', Float64Array.from(charts).sort()));
  } finally {
    over.abort();
    await background;
  }
  const { p50Ms, p99Ms } = load.result();
  print(`  acknowledgements meanwhile: p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`);
  expect('acknowledgements', p99Ms, ACKNOWLEDGEMENT_GOAL_MS);
  load.close();
  for (const failure of failures) process.stderr.write(`Not reached: ${failure}\n`);
  if (failures.length > 0) process.exitCode = 1;
  else print('Every goal is reached.');
}

async function timesOf(ask: () => Promise<unknown>, count: number): Promise<Float64Array> {
  const times = new Float64Array(count);
  for (let index = 0; index < count; index += 1) {
    const begun = performance.now();
    await ask();
    times[index] = performance.now() - begun;
  }
  return times.sort();
}

function lineOf(name: string, sorted: Float64Array): string {
  const ms = (value: number): string => `${value.toFixed(1)} ms`.padStart(9);
  const longest = sorted.at(-1) ?? Number.NaN;
  return `  ${name.padEnd(46)} ${ms(quantile(sorted, 0.5))} ${ms(quantile(sorted, 0.99))} ${ms(longest)}`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}
