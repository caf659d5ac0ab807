// `hearth start`: database, api and dashboard up in order, watched, and down again in reverse.
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { BoundedLog } from './bounded-log.js';
import { banner } from './banner.js';
import { openDatabase, type RunningDatabase } from './database.js';
import { parseStartEnvironment, type StartEnvironment } from './environment.js';
import { findFreePort, findTakenPorts } from './ports.js';
import { Service } from './service.js';

const require = createRequire(import.meta.url);

/** Starts everything and resolves when a signal has stopped it again. Throws with a message for people. */
export async function start(variables: NodeJS.ProcessEnv): Promise<void> {
  const parsed = parseStartEnvironment(variables);
  await refuseTakenPorts(parsed);
  const environment = await choosePorts(parsed);
  mkdirSync(join(environment.dataDir, 'logs'), { recursive: true, mode: 0o700 });
  const house = new House(environment, variables);
  const stopped = stopOnSignal(house);
  try {
    await house.start();
  } catch (error) {
    if (!house.stopping) {
      await house.stop();
      throw error;
    }
  }
  await stopped;
}

/** Port 0 becomes a free one, once: the parts must find each other again after one of them was started anew. */
async function choosePorts(environment: StartEnvironment): Promise<StartEnvironment> {
  const { port, apiPort, mqttPort } = environment;
  return {
    ...environment,
    port: port === 0 ? await findFreePort() : port,
    apiPort: apiPort === 0 ? await findFreePort() : apiPort,
    mqttPort: mqttPort === 0 ? await findFreePort() : mqttPort,
  };
}

/** Everything that runs, in the order in which it was started. */
class House {
  readonly #environment: StartEnvironment;
  readonly #variables: NodeJS.ProcessEnv;
  readonly #logs: BoundedLog[] = [];
  #database: RunningDatabase | undefined;
  #api: Service | undefined;
  #web: Service | undefined;
  #stopped: Promise<void> | undefined;

  constructor(environment: StartEnvironment, variables: NodeJS.ProcessEnv) {
    this.#environment = environment;
    this.#variables = variables;
  }

  get stopping(): boolean {
    return this.#stopped !== undefined;
  }

  async start(): Promise<void> {
    const { dataDir, databaseUrl } = this.#environment;
    this.#database = await openDatabase(dataDir, databaseUrl, tell);
    if (this.stopping) return;
    this.#api = this.#service('api', '@hearth/api', 'dist/main.js', {
      DATABASE_URL: this.#database.url,
      HEARTH_DATA_DIR: dataDir,
      HEARTH_PORT: String(this.#environment.port),
      HEARTH_API_PORT: String(this.#environment.apiPort),
      HEARTH_MQTT_PORT: String(this.#environment.mqttPort),
    });
    const api = await this.#api.start();
    if (this.stopping) return;
    this.#web = this.#service('dashboard', '@hearth/web', 'server/main.js', {
      HEARTH_API_URL: `http://127.0.0.1:${api.httpPort}`,
      HEARTH_PORT: String(this.#environment.port),
      DATABASE_URL: undefined,
    });
    const web = await this.#web.start();
    if (this.stopping) return;
    process.stdout.write(
      banner({
        port: web.port ?? this.#environment.port,
        mqttPort: api.mqttPort ?? this.#environment.mqttPort,
        setupUrl: api.setupUrl ?? undefined,
        dataDir,
        database: this.#environment.databaseUrl === undefined ? 'embedded' : 'external',
      }),
    );
  }

  /** Dashboard, api, database: nobody loses what it still needs. A second call waits for the first. */
  stop(): Promise<void> {
    this.#stopped ??= (async () => {
      await this.#web?.stop();
      await this.#api?.stop();
      await this.#database?.stop();
      for (const log of this.#logs) log.close();
    })();
    return this.#stopped;
  }

  kill(): void {
    this.#web?.kill();
    this.#api?.kill();
  }

  #service(name: string, packageName: string, entry: string, extra: NodeJS.ProcessEnv): Service {
    const log = new BoundedLog(join(this.#environment.dataDir, 'logs', `${name}.log`));
    this.#logs.push(log);
    const folder = dirname(require.resolve(`${packageName}/package.json`));
    return new Service({
      name,
      entry: join(folder, entry),
      env: { ...this.#variables, NODE_ENV: 'production', ...extra },
      log,
      tell,
    });
  }
}

function tell(message: string): void {
  process.stderr.write(`${message}\n`);
}

async function refuseTakenPorts(environment: StartEnvironment): Promise<void> {
  const { taken, problems } = await findTakenPorts([
    { port: environment.port, host: environment.host, variable: 'HEARTH_PORT' },
    { port: environment.apiPort, host: '127.0.0.1', variable: 'HEARTH_API_PORT' },
    { port: environment.mqttPort, host: environment.mqttHost, variable: 'HEARTH_MQTT_PORT' },
  ]);
  const lines = taken.map(
    ({ port, variable }) =>
      `Port ${port} is taken by another program. Stop that, or set ${variable} to a free port, for example: ${variable}=${port < 50_000 ? port + 10_000 : port - 10_000} npm start`,
  );
  const all = [...lines, ...problems];
  if (all.length > 0) throw new Error(all.join('\n'));
}

/** Signals within this time are one wish: Ctrl+C under npm arrives from the terminal and once more from npm. */
const SAME_WISH_MS = 1_500;

/** Resolves when the house is down. A second wish does not wait for anybody. */
function stopOnSignal(house: House): Promise<void> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    const onSignal = (): void => {
      const now = performance.now();
      if (firstAt !== undefined && now - firstAt < SAME_WISH_MS) return;
      const isFirst = firstAt === undefined;
      firstAt ??= now;
      if (!isFirst) {
        tell('Stopping at once.');
        house.kill();
        return;
      }
      tell('\nStopping …');
      house.stop().then(
        () => {
          tell('Stopped. Your data is safe.');
          resolve();
        },
        (error: unknown) => {
          tell(error instanceof Error ? error.message : String(error));
          process.exitCode = 1;
          resolve();
        },
      );
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
    process.on('SIGHUP', onSignal);
  });
}
