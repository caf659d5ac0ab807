// What a house runs, for killing it: Postgres under the product's supervisor, and the api as a process of its own.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createDatabase, type Database } from '@hearth/db';

const require = createRequire(import.meta.url);
/** The supervisor's own pauses grow with every death; a hundred rounds would be spent waiting. */
const RESTART_MS = 100;
/** How long the api may take to serve, first migrations included, milliseconds. */
const READY_WITHIN_MS = 60_000;

interface RunningDatabase {
  readonly url: string;
  stop(): Promise<void>;
}

interface Supervisor {
  readonly openDatabase: (
    dataDir: string,
    databaseUrl: string | undefined,
    tell: (message: string) => void,
    pauses: { next(ranMs: number): number },
  ) => Promise<RunningDatabase>;
}

export interface DeviceAccount {
  readonly id: string;
  readonly secret: string;
}

export class ReadingsHouse {
  readonly mqttPort: number;
  /** What went wrong that no kill of ours explains. */
  readonly failures: string[] = [];
  readonly #dataDir: string;
  readonly #postgres: RunningDatabase;
  readonly #env: NodeJS.ProcessEnv;
  readonly #apiUrl: string;
  #api: ChildProcess | undefined;
  #restart: NodeJS.Timeout | undefined;
  #isStopping = false;
  #isKilled = false;
  #isServing = false;
  #setupUrl: string | undefined;

  private constructor(dataDir: string, postgres: RunningDatabase, ports: [number, number]) {
    const [apiPort, mqttPort] = ports;
    this.mqttPort = mqttPort;
    this.#dataDir = dataDir;
    this.#postgres = postgres;
    this.#apiUrl = `http://127.0.0.1:${apiPort}`;
    this.#env = {
      ...process.env,
      NODE_OPTIONS: '',
      NODE_ENV: 'production',
      DATABASE_URL: postgres.url,
      HEARTH_DATA_DIR: dataDir,
      HEARTH_API_PORT: String(apiPort),
      HEARTH_MQTT_PORT: String(mqttPort),
      HEARTH_MQTT_HOST: '127.0.0.1',
      HEARTH_LOG_LEVEL: process.env['HEARTH_TEST_LOG'] ?? 'silent',
    };
  }

  static async start(): Promise<ReadingsHouse> {
    const dataDir = await mkdtemp(join(tmpdir(), 'hearth-crash-'));
    const cli = dirname(require.resolve('@hearth/cli/package.json'));
    const file = pathToFileURL(join(cli, 'dist/start/database.js')).href;
    const { openDatabase } = (await import(file)) as Supervisor;
    const postgres = await openDatabase(dataDir, undefined, () => undefined, {
      next: () => RESTART_MS,
    });
    const house = new ReadingsHouse(dataDir, postgres, [await freePort(), await freePort()]);
    await house.#startApi();
    return house;
  }

  /** Does the first-run setup and registers this many devices. */
  async registerDevices(count: number): Promise<DeviceAccount[]> {
    const token = new URL(this.#setupUrl ?? '').searchParams.get('token');
    const owner = { name: 'Ada', email: 'ada@example.org', password: 'correct horse battery' };
    const home = { name: 'Crash', timeZone: 'Europe/Berlin' };
    const setup = await this.#post('/api/setup', { token, owner, home });
    const cookie = setup.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
    const accounts: DeviceAccount[] = [];
    for (let i = 1; i <= count; i++) {
      const wanted = { name: `Publisher ${i}`, kind: 'climate-node' };
      const answer = await this.#post('/api/devices', wanted, { cookie });
      const { device, credentials } = (await answer.json()) as {
        device: { id: string };
        credentials: { secret: string };
      };
      accounts.push({ id: device.id, secret: credentials.secret });
    }
    return accounts;
  }

  /** For looking behind the api. */
  openDatabase(): Promise<Database> {
    return createDatabase(this.#postgres.url);
  }

  killApi(): void {
    this.#isKilled = true;
    this.#api?.kill('SIGKILL');
  }

  /** False when there is none at the moment. */
  killPostmaster(): boolean {
    return signal(this.#postmaster(), 'SIGKILL');
  }

  /** Kills one process that serves a connection; Postgres ends all others and recovers. */
  killBackend(random: () => number): boolean {
    const backends = childrenOf(this.#postmaster()).filter((pid) =>
      commandLineOf(pid).includes('127.0.0.1('),
    );
    return signal(backends[Math.floor(random() * backends.length)], 'SIGKILL');
  }

  /** Stops every process of Postgres where it stands; answers what lets them go on. */
  hang(): () => void {
    const postmaster = this.#postmaster();
    // First the one that would start others.
    signal(postmaster, 'SIGSTOP');
    const all = [...childrenOf(postmaster), ...(postmaster === undefined ? [] : [postmaster])];
    for (const pid of all) signal(pid, 'SIGSTOP');
    return () => {
      for (const pid of all) signal(pid, 'SIGCONT');
    };
  }

  /** Ends all connections and lets none in; answers what lets them in again. */
  async refuse(): Promise<() => Promise<void>> {
    const url = new URL(this.#postgres.url);
    const name = url.pathname.slice(1);
    url.pathname = '/postgres';
    const database = await createDatabase(url.href);
    await database.pool.query(`alter database "${name}" with allow_connections false`);
    await database.pool.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1',
      [name],
    );
    return async () => {
      await database.pool.query(`alter database "${name}" with allow_connections true`);
      await database.close();
    };
  }

  async close(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#restart);
    const api = this.#api;
    if (api !== undefined && api.exitCode === null && api.signalCode === null) {
      api.kill('SIGTERM');
      await once(api, 'exit');
    }
    await this.#postgres.stop();
    await rm(this.#dataDir, { recursive: true, force: true });
  }

  async #startApi(): Promise<void> {
    const entry = join(dirname(require.resolve('@hearth/api/package.json')), 'dist/main.js');
    const api = fork(entry, [], { env: this.#env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#api = api;
    this.#isKilled = false;
    this.#isServing = false;
    api.once('exit', (code, reason) => this.#ended(code, reason));
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the api did not start')), READY_WITHIN_MS);
      api.on('message', (message: { type: string; setupUrl?: string; message?: string }) => {
        if (message.type !== 'ready') return;
        this.#setupUrl ??= message.setupUrl;
        this.#isServing = true;
        clearTimeout(timer);
        resolve();
      });
      api.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Where the database is not back yet the api does not start; one that serves must live through everything. */
  #ended(code: number | null, reason: NodeJS.Signals | null): void {
    if (this.#isStopping) return;
    if (!this.#isKilled && this.#isServing) {
      this.failures.push(`the api ended by itself (${reason ?? code})`);
    }
    this.#restart = setTimeout(() => {
      this.#startApi().catch((error: unknown) => this.failures.push(String(error)));
    }, RESTART_MS);
  }

  /** The process id that Postgres left in its folder; undefined while there is none. */
  #postmaster(): number | undefined {
    try {
      const file = readFileSync(join(this.#dataDir, 'postgres', 'postmaster.pid'), 'utf8');
      const pid = Number(file.split('\n')[0]);
      return commandLineOf(pid).includes('postgres') ? pid : undefined;
    } catch {
      return undefined;
    }
  }

  async #post(path: string, body: unknown, headers: Record<string, string> = {}) {
    const answer = await fetch(this.#apiUrl + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}

function signal(pid: number | undefined, name: NodeJS.Signals): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(pid, name);
  } catch {
    return false; // it ended while we looked
  }
}

function childrenOf(pid: number | undefined): number[] {
  if (pid === undefined) return [];
  try {
    const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return list.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
