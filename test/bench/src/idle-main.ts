// `npm run bench:idle`: processor time of Hearth's processes while nothing happens, and under the messages of a busy home.
import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { BenchApi, withPostgres } from './bench-api.js';
import { cpuSeconds, pause } from './figures.js';
import { connect, SteadyLoad } from './telemetry.js';

const HELP = `npm run bench:idle -- [options]

Starts the api on an embedded Postgres, and the dashboard's server where it is built, with the devices of a home connected.
Tells what share of one core each uses while nobody speaks and nobody looks, and while the devices publish at a steady
rate. Postgres' share is told apart. Ends with 1 when a goal is missed.

  --seconds N   of each measurement (default 30)
  --settle N    seconds after the warm-up that do not count (default 30)
  --devices N   default 25
  --rate N      messages a second of the second measurement (default 50)
`;

/** Shares of one core: of the api and the dashboard together while idle, and of the api under the rate. */
const IDLE_GOAL = 0.01;
const BUSY_GOAL = 0.05;

/** As many messages as a busy home sends in some minutes: what V8 compiles for a process that runs for months is no cost of it. */
const WARM_UP_PER_SECOND = 2_000;
const WARM_UP_MS = 10_000;

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    settle: { type: 'string', default: '30' },
    devices: { type: 'string', default: '25' },
    rate: { type: 'string', default: '50' },
    help: { type: 'boolean', default: false },
  },
});
const seconds = Number(options.seconds);
const rate = Number(options.rate);
const print = (line: string): void => void process.stdout.write(`${line}\n`);

if (options.help) process.stdout.write(HELP);
else await withPostgres(run);

async function run(postgres: { url: string; pid: number }, dataDir: string): Promise<void> {
  const api = await BenchApi.start(dataDir, postgres.url);
  const web = await startDashboard(api);
  try {
    const devices = await connect(api, await api.registerDevices(Number(options.devices)));
    const load = new SteadyLoad(devices);
    await load.publish(WARM_UP_PER_SECOND, WARM_UP_MS);
    await pause(Number(options.settle) * 1_000);
    const used = { api: api.pid, web: web?.pid, postgres: postgres.pid };
    const idle = await measure(used, () => pause(seconds * 1_000));
    tell('Idle', idle);
    const busy = await measure(used, () => load.publish(rate, seconds * 1_000));
    tell(`At ${rate} messages/s`, busy);
    load.close();
    expect(idle.api + (idle.web ?? 0) < IDLE_GOAL, `idle, ${percent(IDLE_GOAL)} or more`);
    expect(busy.api < BUSY_GOAL, `at ${rate} messages/s, ${percent(BUSY_GOAL)} or more`);
  } finally {
    web?.kill();
    await api.stop();
  }
}

interface Shares {
  readonly api: number;
  readonly web: number | undefined;
  readonly postgres: number;
}

/** Shares of one core that were used while `act` ran. */
async function measure(
  pids: { api: number; web: number | undefined; postgres: number },
  act: () => Promise<void>,
): Promise<Shares> {
  const now = (): Shares => ({
    api: cpuSeconds(pids.api),
    web: pids.web === undefined ? undefined : cpuSeconds(pids.web),
    postgres: cpuSecondsOfServer(pids.postgres),
  });
  const before = now();
  const startedAt = performance.now();
  await act();
  const elapsed = (performance.now() - startedAt) / 1_000;
  const after = now();
  return {
    api: (after.api - before.api) / elapsed,
    web: after.web === undefined ? undefined : (after.web - (before.web ?? 0)) / elapsed,
    postgres: (after.postgres - before.postgres) / elapsed,
  };
}

/** Of a server and its processes, also of those that ended. */
function cpuSecondsOfServer(pid: number): number {
  let sum = cpuSeconds(pid, true);
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      if (parent === pid) sum += cpuSeconds(Number(name));
    } catch {
      // Ended since it was listed: its parent has its time.
    }
  }
  return sum;
}

/** Undefined where the dashboard is not built. */
async function startDashboard(api: BenchApi): Promise<ChildProcess | undefined> {
  const folder = dirname(createRequire(import.meta.url).resolve('@hearth/web/package.json'));
  if (!existsSync(join(folder, '.next', 'BUILD_ID'))) return undefined;
  const child = fork(join(folder, 'server', 'main.js'), [], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      HEARTH_HOST: '127.0.0.1',
      HEARTH_PORT: '0',
      HEARTH_API_URL: api.url,
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the dashboard ended with ${code}`)));
    child.once('message', () => resolve(child));
  });
}

function tell(name: string, { api, web, postgres }: Shares): void {
  const dashboard = web === undefined ? 'not built' : percent(web);
  print(`${name}: api ${percent(api)}, dashboard ${dashboard}; Postgres ${percent(postgres)}`);
}

function expect(holds: boolean, missed: string): void {
  if (holds) return;
  process.stderr.write(`Not reached: ${missed}\n`);
  process.exitCode = 1;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} % of one core`;
}
