// A second door, for tests only: a real Postgres for a whole Jest run, and a fresh migrated database for each test file.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrate } from './migrate.js';
import { startEmbeddedPostgres } from './postgres/embedded-postgres.js';

export { MIGRATIONS_DIR } from './migrate.js';
export { schemaDifference } from './schema-difference.js';

/** Where the run's server is told to the test files, which may run in other processes. */
export const TEST_SERVER_VARIABLE = 'HEARTH_TEST_DATABASE_URL';
const TEMPLATE = 'hearth_template';

/** Starts the server of a run and makes the migrated template. Returns the function that removes both. */
export async function startTestServer(): Promise<() => Promise<void>> {
  if (process.env[TEST_SERVER_VARIABLE] !== undefined) {
    await makeTemplate(process.env[TEST_SERVER_VARIABLE]);
    return async () => {};
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'hearth-test-'));
  // Nobody pulls the plug on a test's database, and it is thrown away: safety would only cost time.
  const postgres = await startEmbeddedPostgres({
    dataDir,
    settings: ['fsync=off', 'full_page_writes=off', 'max_connections=200'],
  });
  const remove = async (): Promise<void> => {
    delete process.env[TEST_SERVER_VARIABLE];
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  const forget = onInterrupt(remove);
  try {
    await makeTemplate(postgres.url);
  } catch (error) {
    await remove();
    throw error;
  }
  process.env[TEST_SERVER_VARIABLE] = postgres.url;
  return async () => {
    forget();
    await remove();
  };
}

/** A run that is interrupted gets no tear-down from Jest; the server would stay. Returns the function that takes it back. */
function onInterrupt(remove: () => Promise<void>): () => void {
  const interrupt = (signal: NodeJS.Signals): void => {
    forget();
    void remove().finally(() => process.kill(process.pid, signal));
  };
  const forget = (): void => {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return forget;
}

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** A database of its own, migrated, empty. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env[TEST_SERVER_VARIABLE];
  if (server === undefined)
    throw new Error('no test server: is globalSetup configured for this Jest project?');
  const name = `hearth_test_${randomBytes(6).toString('hex')}`;
  await query(server, `create database ${name} template ${TEMPLATE}`);
  return {
    url: databaseUrl(server, name),
    drop: () => query(server, `drop database if exists ${name} with (force)`),
  };
}

async function makeTemplate(server: string): Promise<void> {
  await query(server, `drop database if exists ${TEMPLATE} with (force)`);
  await query(server, `create database ${TEMPLATE}`);
  await migrate(databaseUrl(server, TEMPLATE));
}

function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function query(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
