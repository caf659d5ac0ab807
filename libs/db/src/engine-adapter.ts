// The connection of Prisma's schema engine: Prisma's own adapter, with what it lacks for migrations.
import { PrismaPg } from '@prisma/adapter-pg';
import {
  ColumnTypeEnum,
  DriverAdapterError,
  type SqlQueryable,
} from '@prisma/driver-adapter-utils';
import { DatabaseError, Pool, type PoolClient, type QueryResult } from 'pg';

/** Object ids in Postgres's catalogue of `"char"`, a single byte, and of its array. */
const CHAR = 18;
const CHAR_ARRAY = 1002;

/** Written in the transaction of the migration itself: applied and recorded are one. The engine's own record then changes nothing. */
const RECORD_AS_FINISHED =
  'update _prisma_migrations set finished_at = clock_timestamp() where finished_at is null and rolled_back_at is null';

export interface EngineConnection {
  readonly factory: PrismaPg;
  close(): Promise<void>;
}

/** Connects lazily. The factory's adapters live until `close`. */
export function connectEngine(databaseUrl: string): EngineConnection {
  const pool = new Pool({ connectionString: databaseUrl });
  pool.on('error', () => {}); // the query in progress fails as well, and tells
  pool.on('connect', relabelChars);
  const factory = new PrismaPg(pool);
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    // The adapter's own cuts a script at every semicolon and runs the pieces one by one, on any connection.
    adapter.executeScript = async (script) => {
      await pool.query(`${script}\n;${RECORD_AS_FINISHED}`).catch(refuse);
    };
    readChars(adapter);
    return adapter;
  };
  return { factory, close: () => pool.end() };
}

/** The engine understands errors of Postgres in this form only. */
function refuse(error: unknown): never {
  if (!(error instanceof DatabaseError)) throw error;
  const { code = 'XX000', severity = 'ERROR', message, detail, column, hint } = error;
  const cause = { code, severity, message, detail, column, hint };
  throw new DriverAdapterError({ kind: 'postgres', ...cause });
}

/**
 * The engine asks the catalogue for columns of type `"char"`, which the adapter refuses to name although it names their array.
 * So they are called an array here, and a character again in {@link readChars}.
 */
function relabelChars(client: PoolClient): void {
  const query = client.query.bind(client) as (...values: unknown[]) => unknown;
  const relabelled = (...values: unknown[]): unknown => {
    const done = values.at(-1);
    if (typeof done === 'function') {
      const call = done as (error: unknown, result?: QueryResult) => void;
      return query(...values.slice(0, -1), (error: unknown, result?: QueryResult) =>
        call(error, relabel(result)),
      );
    }
    const answer = query(...values);
    return answer instanceof Promise ? answer.then(relabel) : answer;
  };
  client.query = relabelled as typeof client.query;
}

function relabel<T extends QueryResult | QueryResult[] | undefined>(result: T): T {
  // A script has several results, and nobody reads their columns.
  if (result !== undefined && !Array.isArray(result))
    for (const field of result.fields) if (field.dataTypeID === CHAR) field.dataTypeID = CHAR_ARRAY;
  return result;
}

function readChars(adapter: SqlQueryable): void {
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (query) => {
    const result = await queryRaw(query);
    const columnTypes = result.columnTypes.map((type, column) =>
      type === ColumnTypeEnum.CharacterArray &&
      !result.rows.some((row) => Array.isArray(row[column]))
        ? ColumnTypeEnum.Character
        : type,
    );
    return { ...result, columnTypes };
  };
}
