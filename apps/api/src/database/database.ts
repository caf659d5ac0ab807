import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase, migrate, type Database } from '@hearth/db';
import type { Logger } from 'pino';
import type { Env } from '../config/env.js';
import { DatabaseUnreachable, isConnectionFailure, isNotReadyYet } from './errors.js';

/** Injection token of `Database`. For repositories. */
export const DATABASE = Symbol('Database');

/** A database that starts together with us may take this long to accept connections, milliseconds. */
const WAIT_MS = 30_000;
const RETRY_EVERY_MS = 250;

/** Waits for Postgres, brings its schema up to date and connects. Throws `DatabaseUnreachable`. */
export async function connectDatabase(env: Env, logger: Logger): Promise<Database> {
  const applied = await migrateWhenReady(env.databaseUrl, logger);
  if (applied.length > 0) logger.info({ migrations: applied }, 'database migrated');
  return createDatabase(env.databaseUrl);
}

async function migrateWhenReady(url: string, logger: Logger): Promise<string[]> {
  for (const giveUpAt = Date.now() + WAIT_MS; ; await sleep(RETRY_EVERY_MS)) {
    try {
      return await migrate(url);
    } catch (error) {
      if (!isConnectionFailure(error)) throw error;
      if (!isNotReadyYet(error) || Date.now() > giveUpAt) throw new DatabaseUnreachable(url, error);
      logger.debug({ err: error }, 'waiting for the database');
    }
  }
}
