import { checkServer, createDatabase, migrate, type Database } from '@hearth/db';
import type { Logger } from 'pino';
import type { Env } from '../config/env.js';

/** Injection token of `Database`. For repositories. */
export const DATABASE = Symbol('Database');

/** A database that starts together with us may take this long to answer, milliseconds. */
const WAIT_MS = 30_000;

/** Waits for Postgres and brings its schema up to date. What it throws, `explainDatabaseFailure` explains. */
export async function connectDatabase(env: Env, logger: Logger): Promise<Database> {
  const database = await createDatabase(env.databaseUrl);
  try {
    await checkServer(database, WAIT_MS);
    const applied = await migrate(env.databaseUrl);
    if (applied.length > 0) logger.info({ migrations: applied }, 'database migrated');
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
