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

export class MigrationFailed extends Error {
  override readonly name = 'MigrationFailed';
  readonly code = 'migration-failed';
}

/**
 * Applies what is missing, in order, and returns the names of what it applied. Safe to call from several processes at once and
 * every time at start. Throws {@link MigrationFailed} with the engine's words.
 */
export async function migrate(databaseUrl: string, directory = MIGRATIONS_DIR): Promise<string[]> {
  const migrations = await readMigrations(directory);
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    if (await isUpToDate(client, migrations)) return [];
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

/** Spares the usual start from loading the engine. */
async function isUpToDate(client: Client, migrations: readonly Migration[]): Promise<boolean> {
  const table = await client.query<{ there: boolean }>(
    `select to_regclass('_prisma_migrations') is not null as there`,
  );
  if (table.rows[0]?.there !== true) return false;
  const applied = await client.query<{ name: string }>(
    `select migration_name as name from _prisma_migrations where finished_at is not null and rolled_back_at is null`,
  );
  const names = new Set(applied.rows.map((row) => row.name));
  return migrations.every(({ name }) => names.has(name));
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
    const detail = error instanceof Error ? error.message : String(error);
    throw new MigrationFailed(`The database could not be brought up to date: ${detail}`, {
      cause: error,
    });
  }
}
