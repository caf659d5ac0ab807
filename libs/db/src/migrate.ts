// Brings a database to the schema of prisma/migrations. The layout is Prisma's own, so `prisma migrate deploy` does the same.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { NO_FILTERS, withSchemaEngine } from './schema-engine.js';

/** The migrations of this repository. */
export const MIGRATIONS_DIR = fileURLToPath(new URL('../../../prisma/migrations', import.meta.url));

/** Key of the advisory lock that lets one process migrate at a time; the ASCII codes of "hear". */
const MIGRATION_LOCK = 0x68_65_61_72;
/** How long another process may migrate before this one gives up. */
const LOCK_TIMEOUT_MS = 15 * 60_000;
const LOCK_NOT_AVAILABLE = '55P03';

/** The database is not, and was not brought, to the schema that this Hearth needs. */
export class MigrationFailed extends Error {
  override readonly name = 'MigrationFailed';
  readonly code = 'migration-failed';
}

/**
 * Applies what is missing, in order, and returns the names of what it applied. Safe to call from several processes at once and
 * every time at start. Each migration is one transaction: it is applied and recorded, or it has left nothing and is tried again
 * by the next call. Throws {@link MigrationFailed} with the name of the migration and the database's words.
 */
export async function migrate(databaseUrl: string, directory = MIGRATIONS_DIR): Promise<string[]> {
  const migrations = await readMigrations(directory);
  const client = new Client({ connectionString: databaseUrl });
  client.on('error', () => {}); // the query in progress fails as well, and tells
  await client.connect();
  try {
    await takeLock(client);
    const history = await readHistory(client);
    const unknown = history.applied.find(
      (name) => !migrations.some((known) => known.name === name),
    );
    if (unknown !== undefined) {
      throw new MigrationFailed(
        `The database was made by a newer Hearth: this one does not know its migration ${unknown}. Install the newer Hearth again.`,
      );
    }
    if (history.applied.length === migrations.length) return [];
    if (history.cutShort) await forgetCutShort(client);
    return await apply(databaseUrl, directory, migrations);
  } finally {
    await client.end();
  }
}

interface Migration {
  readonly name: string;
  readonly sql: string;
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => ({
      name,
      sql: await readFile(join(directory, name, 'migration.sql'), 'utf8'),
    })),
  );
}

interface History {
  readonly applied: readonly string[];
  /** A migration failed, or the power did, while it was applied. */
  readonly cutShort: boolean;
}

/** Read without the engine, so that the usual start need not load it. */
async function readHistory(client: Client): Promise<History> {
  const table = await client.query<{ there: boolean }>(
    `select to_regclass('_prisma_migrations') is not null as there`,
  );
  if (table.rows[0]?.there !== true) return { applied: [], cutShort: false };
  const { rows } = await client.query<{ name: string; finished: boolean }>(
    `select migration_name as name, finished_at is not null as finished
     from _prisma_migrations where rolled_back_at is null`,
  );
  return {
    applied: rows.filter((row) => row.finished).map((row) => row.name),
    cutShort: rows.some((row) => !row.finished),
  };
}

/** A migration that is not recorded as finished was rolled back with its record; the engine wants to be told. */
async function forgetCutShort(client: Client): Promise<void> {
  await client.query(
    `update _prisma_migrations set rolled_back_at = now()
     where finished_at is null and rolled_back_at is null`,
  );
}

async function takeLock(client: Client): Promise<void> {
  try {
    await client.query(`set lock_timeout = ${LOCK_TIMEOUT_MS}`);
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await client.query('reset lock_timeout');
  } catch (error) {
    if ((error as { code?: string }).code !== LOCK_NOT_AVAILABLE) throw error;
    throw new MigrationFailed('Another process has been migrating the database for too long.', {
      cause: error,
    });
  }
}

async function apply(
  databaseUrl: string,
  directory: string,
  migrations: readonly Migration[],
): Promise<string[]> {
  try {
    return await withSchemaEngine(databaseUrl, async (engine) => {
      const { appliedMigrationNames } = await engine.applyMigrations({
        migrationsList: {
          baseDir: directory,
          lockfile: {
            path: 'migration_lock.toml',
            content: await readFile(join(directory, 'migration_lock.toml'), 'utf8'),
          },
          migrationDirectories: migrations.map(({ name, sql }) => ({
            path: name,
            migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
          })),
          shadowDbInitScript: '',
        },
        filters: NO_FILTERS,
      });
      return appliedMigrationNames;
    });
  } catch (error) {
    throw failureOf(error);
  }
}

/** The engine's error text is the database's, followed by a trace of its own calls that names the migration. */
function failureOf(error: unknown): MigrationFailed {
  const text = error instanceof Error ? error.message : String(error);
  const name = /migration_name="([^"]*)"/.exec(text)?.[1];
  const words = text
    .replace(/\n\s+0: [^]*$/, '')
    .replace(/^external connector error\n(Error querying the database: )?/, '');
  return new MigrationFailed(
    `The database could not be brought up to date${name === undefined ? '' : `, migration ${name} failed`}: ${words}`,
    { cause: error },
  );
}
