// The database of `hearth start`: an embedded Postgres, unless the environment names another.
import { startEmbeddedPostgres } from '@hearth/db';

export interface RunningDatabase {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the embedded Postgres, or takes the given URL as it is. */
export async function openDatabase(
  dataDir: string,
  databaseUrl: string | undefined,
  tell: (message: string) => void,
): Promise<RunningDatabase> {
  if (databaseUrl !== undefined) return { url: databaseUrl, stop: async () => {} };
  return startEmbeddedPostgres({ dataDir, log: tell });
}
