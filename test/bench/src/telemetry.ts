// Readings acknowledged after their commit: the whole api on its own embedded Postgres, loaded by raw MQTT clients.
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createDatabase, migrate, startEmbeddedPostgres } from '@hearth/db';
import { LoadClient } from './load-client.js';
import { benchPipeline, type PipelineResult } from './pipeline.js';
import { ratePerSecond } from './figures.js';

const require = createRequire(import.meta.url);
const METRIC_TOPIC = 'telemetry/temperature';
/** Digits of an epoch in milliseconds: every frame has the same length, only they change. */
const TIMESTAMP_DIGITS = 13;

type ApiReport =
  | { type: 'ready'; httpPort: number; mqttPort: number; setupUrl: string }
  | { type: 'failed'; message: string };

export interface TelemetryResult {
  readonly acknowledgedPerSecond: number;
  readonly acknowledged: number;
  readonly storedRows: number;
}

/** `devices` devices with `window` readings in flight each; then counts the rows. */
export async function measureTelemetry(
  devices: number,
  window: number,
  seconds: number,
): Promise<TelemetryResult> {
  const dataDir = mkdtempSync(join(tmpdir(), 'hearth-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir });
  let api: ChildProcess | undefined;
  try {
    const started = await startApi(dataDir, postgres.url);
    api = started.child;
    await claimHome(started.httpPort, started.setupUrl);
    const logins = await registerDevices(started.httpPort, dataDir, devices);
    const clients: LoadClient[] = [];
    for (const { id, secret } of logins) {
      const login = { username: id, password: secret };
      clients.push(await LoadClient.open({ port: started.mqttPort, clientId: id, login }));
    }
    clients.forEach((client, index) => publishReadings(client, logins[index]?.id ?? '', window));
    const acknowledged = (): number => clients.reduce((sum, client) => sum + client.finished, 0);
    const { value: acknowledgedPerSecond } = await ratePerSecond(acknowledged, seconds);
    for (const client of clients) client.stop();
    await settle(acknowledged);
    const total = acknowledged();
    for (const client of clients) client.close();
    return {
      acknowledgedPerSecond,
      acknowledged: total,
      storedRows: await countRows(postgres.url),
    };
  } finally {
    if (api !== undefined) await stopChild(api);
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** What ingestion costs beside bare rows, on a database of its own. */
export async function measurePipeline(seconds: number): Promise<PipelineResult> {
  const dataDir = mkdtempSync(join(tmpdir(), 'hearth-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir });
  try {
    await migrate(postgres.url);
    return await benchPipeline(postgres.url, seconds);
  } finally {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function publishReadings(client: LoadClient, deviceId: string, window: number): void {
  const prefix = '{"value":21.37,"ts":';
  const payload = Buffer.from(`${prefix}${'0'.repeat(TIMESTAMP_DIGITS)}}`);
  // Every reading has a time of its own, a millisecond after the one before: each is a row.
  let timestamp = Date.now() - 30 * 24 * 3_600_000;
  const topic = `hearth/${deviceId}/${METRIC_TOPIC}`;
  client.publishForever({ topic, payload, qos: 1 }, window, (frame) => {
    timestamp += 1;
    frame.write(String(timestamp), frame.length - 1 - TIMESTAMP_DIGITS, 'latin1');
  });
}

async function startApi(
  dataDir: string,
  databaseUrl: string,
): Promise<{ child: ChildProcess; httpPort: number; mqttPort: number; setupUrl: string }> {
  const entry = join(dirname(require.resolve('@hearth/api/package.json')), 'dist/main.js');
  const child = fork(entry, [], {
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

async function claimHome(httpPort: number, setupUrl: string): Promise<void> {
  await post(httpPort, '/api/setup', undefined, {
    token: new URL(setupUrl).searchParams.get('token'),
    owner: { name: 'Bench', email: 'bench@example.org', password: 'bench-bench-bench' },
    home: { name: 'Bench', timeZone: 'UTC' },
  });
}

async function registerDevices(
  httpPort: number,
  dataDir: string,
  count: number,
): Promise<{ id: string; secret: string }[]> {
  const token = readFileSync(join(dataDir, 'local-token'), 'utf8').trim();
  const devices = Array.from({ length: count }, (_, index) => ({
    id: `bench-${index}`,
    name: `Bench ${index}`,
    kind: 'sensor',
    room: null,
  }));
  const answer = (await post(httpPort, '/api/simulator/devices', token, { devices })) as {
    credentials: { id: string; secret: string }[];
  };
  return answer.credentials;
}

async function post(
  httpPort: number,
  path: string,
  token: string | undefined,
  body: unknown,
): Promise<unknown> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  const response = await fetch(`http://127.0.0.1:${httpPort}${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

async function countRows(databaseUrl: string): Promise<number> {
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

/** Waits until a counter stands still for half a second. */
async function settle(count: () => number): Promise<void> {
  let before = -1;
  while (before !== count()) {
    before = count();
    await new Promise((resolve) => setTimeout(resolve, 500));
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
