// A connection of the pool for longer than one statement.
import type { Pool, PoolClient } from 'pg';

/** Whoever runs statements: the pool, or the connection of a transaction. */
export type Queries = Pick<PoolClient, 'query'>;

/** Runs `work` in one transaction: all of it, or nothing. Rejects as `work` or the commit did. */
export function inTransaction<T>(pool: Pool, work: (queries: Queries) => Promise<T>): Promise<T> {
  return within(pool, `begin; ${PATIENCE}`, work);
}

/**
 * Runs reads that all see one moment. No partition of `table` goes meanwhile: what is dropped is gone for a snapshot as well.
 * The lock comes first, because a statement that waits for one has its snapshot already.
 */
export function inSnapshot<T>(
  pool: Pool,
  table: string,
  work: (queries: Queries) => Promise<T>,
): Promise<T> {
  const begin = `begin isolation level repeatable read read only; ${PATIENCE};
    lock table only ${table} in access share mode`;
  return within(pool, begin, work);
}

async function within<T>(
  pool: Pool,
  begin: string,
  work: (queries: Queries) => Promise<T>,
): Promise<T> {
  const client = await takeConnection(pool);
  let isBroken = false;
  try {
    await client.query(begin);
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => (isBroken = true));
    throw error;
  } finally {
    giveBack(client, isBroken);
  }
}

/** Reads row by row what may be too much to be held at once. `sql` is a query without parameters. */
export async function* readThrough<Row extends object>(
  pool: Pool,
  sql: string,
): AsyncGenerator<Row, void> {
  const client = await takeConnection(pool);
  try {
    await client.query('begin');
    await client.query(`declare hearth_rows no scroll cursor for ${sql}`);
    for (;;) {
      const { rows } = await client.query<Row>(`fetch ${ROWS_AT_ONCE} from hearth_rows`);
      if (rows.length === 0) return;
      yield* rows;
    }
  } finally {
    // Whatever state it is in: this is not done often.
    giveBack(client, true);
  }
}

/** Should our machine lose its power within it, a server elsewhere would hold its locks for hours. */
const PATIENCE = `set local idle_in_transaction_session_timeout = '60s'`;
const ROWS_AT_ONCE = 200;
const ignore = (): void => undefined;

async function takeConnection(pool: Pool): Promise<PoolClient> {
  const client = await pool.connect();
  // The query under way fails with it; as an event without a listener it would end the process.
  client.on('error', ignore);
  return client;
}

function giveBack(client: PoolClient, isBroken: boolean): void {
  client.off('error', ignore);
  client.release(isBroken);
}
