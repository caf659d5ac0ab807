// The whole api, for tests: real Postgres, real broker, free ports, its own data folder.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setupResponseSchema, type Home, type Role } from '@hearth/contracts';
import { createDatabase, type Database } from '@hearth/db';
import { createTestDatabase, type TestDatabase } from '@hearth/db/testing';
import { FakeClock } from '@hearth/testkit';

import { createApp, type RunningApp } from '../../apps/api/src/app.js';
import { createLogger } from '../../apps/api/src/common/logger.js';
import { hashSecret } from '../../apps/api/src/common/secret-hash.js';
import { parseEnv } from '../../apps/api/src/config/env.js';
import { HttpClient } from './http-client.js';

export const OWNER = {
  name: 'Ada',
  email: 'ada@example.org',
  password: 'correct horse battery',
} as const;

export interface StartOptions {
  /** Variables over the defaults of a test. */
  readonly env?: NodeJS.ProcessEnv;
  /** Without it, the system's. */
  readonly clock?: FakeClock;
  /** Puts something between the api and its database; answers the address to use. */
  readonly linkDatabase?: (databaseUrl: string) => Promise<string>;
  /** Leaves the first-run setup undone. */
  readonly withoutSetup?: boolean;
}

export interface RunningHearth {
  readonly app: RunningApp;
  readonly dataDir: string;
  /** The database of this test, for looking behind the API. */
  readonly database: Database;
  /** The home; fails before the setup. */
  readonly home: Home;
  /** Signed in as the owner by the setup. */
  readonly owner: HttpClient;
  /** With the local token. */
  readonly local: HttpClient;
  /** A browser that nobody signed in with. */
  anonymous(): HttpClient;
  /** Does the first-run setup with the link's token. */
  setUp(): Promise<void>;
  /** A new person in the home, signed in. */
  signInAs(role: Role): Promise<HttpClient>;
  /** Stops the app and starts another on the same database and data folder, after `whileStopped`. */
  restart(whileStopped?: () => Promise<unknown>): Promise<void>;
  /** Stops everything and removes database and folder. */
  close(): Promise<void>;
}

/** Starts Hearth and does the first-run setup. `await hearth.close()` in `afterAll`. */
export async function startHearth(options: StartOptions = {}): Promise<RunningHearth> {
  const testDatabase = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'hearth-test-'));
  const hearth = new Hearth(testDatabase, dataDir, options);
  await hearth.start();
  if (!options.withoutSetup) await hearth.setUp();
  return hearth;
}

class Hearth implements RunningHearth {
  readonly dataDir: string;
  readonly #testDatabase: TestDatabase;
  readonly #options: StartOptions;
  #apiDatabaseUrl: string | undefined;
  #app: RunningApp | undefined;
  #database: Database | undefined;
  #home: Home | undefined;
  #owner: HttpClient | undefined;

  constructor(testDatabase: TestDatabase, dataDir: string, options: StartOptions) {
    this.#testDatabase = testDatabase;
    this.dataDir = dataDir;
    this.#options = options;
  }

  get app(): RunningApp {
    return expectStarted(this.#app);
  }

  get database(): Database {
    return expectStarted(this.#database);
  }

  get home(): Home {
    return expectStarted(this.#home);
  }

  get owner(): HttpClient {
    return expectStarted(this.#owner);
  }

  get local(): HttpClient {
    return new HttpClient(this.#url, this.app.localToken);
  }

  readonly #url = (): string => `http://127.0.0.1:${this.app.httpPort}`;

  anonymous(): HttpClient {
    return new HttpClient(this.#url);
  }

  async start(): Promise<void> {
    const { url } = this.#testDatabase;
    this.#apiDatabaseUrl ??= (await this.#options.linkDatabase?.(url)) ?? url;
    const env = parseEnv({
      DATABASE_URL: this.#apiDatabaseUrl,
      HEARTH_DATA_DIR: this.dataDir,
      HEARTH_API_PORT: '0',
      HEARTH_MQTT_PORT: '0',
      HEARTH_MQTT_HOST: '127.0.0.1',
      HEARTH_LOG_LEVEL: process.env['HEARTH_TEST_LOG'] ?? 'silent',
      ...this.#options.env,
    });
    const logger = createLogger(env);
    const { clock } = this.#options;
    this.#app = await createApp(env, { logger, ...(clock && { clock }) });
    this.#database ??= await createDatabase(url);
  }

  async setUp(): Promise<void> {
    const token = new URL(this.app.setupUrl ?? '').searchParams.get('token');
    const owner = this.anonymous();
    const home = { name: 'Test home', timeZone: 'Europe/Berlin' };
    const answer = await owner.post('/api/setup', { token, owner: OWNER, home });
    if (answer.status !== 201) throw new Error(`setup answered ${answer.status}: ${answer.text}`);
    this.#home = setupResponseSchema.parse(answer.json()).home;
    this.#owner = owner;
  }

  async signInAs(role: Role): Promise<HttpClient> {
    const id = randomUUID();
    const email = `${role}-${id}@example.org`;
    const password = `secret of ${id}`;
    await this.database.prisma.user.create({
      data: {
        id,
        name: role,
        email,
        memberships: { create: { homeId: this.home.id, role } },
        accounts: {
          create: {
            id: randomUUID(),
            accountId: id,
            providerId: 'credential',
            issuer: 'local:credential',
            password: await hashSecret(password),
          },
        },
      },
    });
    const client = this.anonymous();
    const answer = await client.post('/api/auth/sign-in/email', { email, password });
    if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status}: ${answer.text}`);
    return client;
  }

  async restart(whileStopped?: () => Promise<unknown>): Promise<void> {
    await this.app.close();
    await whileStopped?.();
    await this.start();
  }

  async close(): Promise<void> {
    await this.#app?.close();
    await this.#database?.close();
    await this.#testDatabase.drop();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

function expectStarted<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('not started, or not set up');
  return value;
}
