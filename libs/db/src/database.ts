// The connection: Prisma for everything ordinary, a pool of `pg` for the hot path.
import { PrismaPg } from '@prisma/adapter-pg';
import { Pool } from 'pg';
import { PrismaClient } from './generated/client.js';

/** Oldest server that is supported, as `server_version_num`. */
const OLDEST_SERVER = 150_000;
const POOL_SIZE = 10;
const CONNECT_TIMEOUT_MS = 5_000;

/** A server of somebody else's may be set to answer a commit before it is on disk; an acknowledged reading is a stored one. */
const WAIT_FOR_THE_DISK = `select set_config('synchronous_commit', 'on', false)
  where current_setting('synchronous_commit') = 'off'`;

export interface Database {
  readonly prisma: PrismaClient;
  /** Raw SQL: inserting readings and reading history. */
  readonly pool: Pool;
  close(): Promise<void>;
}

/** The server is too old, or none answers. */
export class DatabaseUnusable extends Error {
  override readonly name = 'DatabaseUnusable';
  readonly code = 'database-unusable';
}

/** Connects lazily; call {@link checkServer} to know whether anybody is there. */
export async function createDatabase(url: string): Promise<Database> {
  const pool = new Pool({
    connectionString: url,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'hearth',
    verify: (client, done) => {
      client.query(WAIT_FOR_THE_DISK, (error: Error | null) => done(error ?? undefined));
    },
  });
  // An idle connection that the server ends is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => {});
  const prisma = new PrismaClient({
    adapter: new PrismaPg({
      connectionString: url,
      max: POOL_SIZE,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      application_name: 'hearth',
    }),
  });
  return {
    prisma,
    pool,
    close: async () => {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

/** Waits until the server answers, at most `patienceMs`, and checks its version. Throws {@link DatabaseUnusable}. */
export async function checkServer(database: Database, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      const answer = await database.pool.query<{ version: string }>(
        `select current_setting('server_version_num') as version`,
      );
      const version = Number(answer.rows[0]?.version);
      if (version >= OLDEST_SERVER) return;
      throw new DatabaseUnusable(
        `The database is Postgres ${Math.floor(version / 10_000)}; Hearth needs 15 or newer. Change DATABASE_URL.`,
      );
    } catch (error) {
      if (error instanceof DatabaseUnusable) throw error;
      if (Date.now() > deadline) {
        throw new DatabaseUnusable(
          `The database does not answer (${(error as Error).message}). Check DATABASE_URL, and that Postgres runs.`,
          { cause: error },
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}
