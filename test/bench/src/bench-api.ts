// The whole api as a process on an embedded Postgres of its own, with a home and devices in it.
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createDatabase, startEmbeddedPostgres, type EmbeddedPostgres } from '@hearth/db';

const require = createRequire(import.meta.url);
const apiFolder = join(dirname(require.resolve('@hearth/api/package.json')), 'dist');
/** Flags for the api's Node, as for the brokers: `--cpu-prof` and the like. */
const FLAGS = (process.env['BENCH_NODE_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '');

type ApiReport =
  | { type: 'ready'; httpPort: number; mqttPort: number; setupUrl: string }
  | { type: 'failed'; message: string };

export interface Credentials {
  readonly id: string;
  readonly secret: string;
}

/** Something that the api's build exports, by its file below `dist`. */
export async function loadFromApi<T>(file: string, name: string): Promise<T> {
  const module = (await import(pathToFileURL(join(apiFolder, file)).href)) as Record<string, T>;
  const found = module[name];
  if (found === undefined) throw new Error(`${file} has no ${name}: is the api built?`);
  return found;
}

/** A folder with a Postgres in it, both gone afterwards. */
export async function withPostgres<T>(
  act: (postgres: EmbeddedPostgres, dataDir: string) => Promise<T>,
): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'hearth-bench-'));
  try {
    const postgres = await startEmbeddedPostgres({ dataDir });
    try {
      return await act(postgres, dataDir);
    } finally {
      await postgres.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** A running api. */
export class BenchApi {
  readonly mqttPort: number;
  readonly #child: ChildProcess;
  readonly #httpPort: number;
  readonly #token: string;

  private constructor(child: ChildProcess, ready: Ready, token: string) {
    this.#child = child;
    this.#httpPort = ready.httpPort;
    this.mqttPort = ready.mqttPort;
    this.#token = token;
  }

  /** On a database that has no home yet, it gets one. */
  static async start(dataDir: string, databaseUrl: string): Promise<BenchApi> {
    const { child, ...ready } = await startApi(dataDir, databaseUrl);
    const token = readFileSync(join(dataDir, 'local-token'), 'utf8').trim();
    const api = new BenchApi(child, ready, token);
    const setupToken =
      ready.setupUrl === undefined ? null : new URL(ready.setupUrl).searchParams.get('token');
    if (setupToken !== null) {
      await api.post('/api/setup', {
        token: setupToken,
        owner: { name: 'Bench', email: 'bench@example.org', password: 'bench-bench-bench' },
        home: { name: 'Bench', timeZone: 'UTC' },
      });
    }
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#httpPort}`;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Makes the devices `bench-0` and on, or gives those that are there new secrets. */
  async registerDevices(count: number): Promise<Credentials[]> {
    const devices = Array.from({ length: count }, (_, index) => ({
      id: `bench-${index}`,
      name: `Bench ${index}`,
      kind: 'sensor',
      room: null,
    }));
    const answer = (await this.post('/api/simulator/devices', { devices })) as {
      credentials: Credentials[];
    };
    return answer.credentials;
  }

  get(path: string): Promise<unknown> {
    return this.#fetch(path, {});
  }

  post(path: string, body: unknown): Promise<unknown> {
    return this.#fetch(path, { method: 'POST', body: JSON.stringify(body) });
  }

  async stop(): Promise<void> {
    await stopChild(this.#child);
  }

  async #fetch(path: string, init: RequestInit): Promise<unknown> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${this.#token}` };
    const response = await fetch(`${this.url}${path}`, { ...init, headers });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }
}

interface Ready {
  readonly httpPort: number;
  readonly mqttPort: number;
  readonly setupUrl?: string;
}

function startApi(dataDir: string, databaseUrl: string): Promise<Ready & { child: ChildProcess }> {
  const child = fork(join(apiFolder, 'main.js'), [], {
    execArgv: FLAGS,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      DATABASE_URL: databaseUrl,
      HEARTH_DATA_DIR: dataDir,
      HEARTH_API_PORT: '0',
      HEARTH_MQTT_PORT: '0',
      HEARTH_LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the api ended with ${code}`)));
    child.on('message', (report: ApiReport) => {
      if (report.type === 'ready') resolve({ child, ...report });
      else reject(new Error(report.message));
    });
  });
}

/** Rows of table `reading` of devices of a bench. */
export async function countRows(databaseUrl: string): Promise<number> {
  const database = await createDatabase(databaseUrl);
  try {
    const result = await database.pool.query<{ rows: string }>(
      `select count(*) as rows from reading join series on series.id = reading.series_id where device_id like 'bench-%'`,
    );
    return Number(result.rows[0]?.rows ?? 0);
  } finally {
    await database.close();
  }
}

function stopChild(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.removeAllListeners('exit');
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 10_000).unref();
  });
}
