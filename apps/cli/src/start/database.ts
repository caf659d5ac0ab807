// The database of `hearth start`: an embedded Postgres, unless the environment names another.
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@hearth/db';

/** Waits between restarts of a server that dies, in milliseconds; the last one repeats. */
const RESTART_DELAYS_MS = [100, 1_000, 5_000, 15_000];

export interface RunningDatabase {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the embedded Postgres and keeps it running at one address, or takes the given URL as it is. */
export async function openDatabase(
  dataDir: string,
  databaseUrl: string | undefined,
  tell: (message: string) => void,
): Promise<RunningDatabase> {
  if (databaseUrl !== undefined) return { url: databaseUrl, stop: async () => {} };
  let postgres = await startEmbeddedPostgres({ dataDir, log: tell });
  const { url, port } = postgres;
  let stopping = false;
  let restarting: Promise<void> = Promise.resolve();

  const comeBack = async (): Promise<void> => {
    for (let attempt = 0; ; attempt += 1) {
      const delay = RESTART_DELAYS_MS[Math.min(attempt, RESTART_DELAYS_MS.length - 1)];
      await new Promise((resolve) => setTimeout(resolve, delay));
      if (stopping) return;
      try {
        postgres = await startEmbeddedPostgres({ dataDir, port });
        watch(postgres);
        tell('The database is back.');
        return;
      } catch (error) {
        tell(error instanceof Error ? error.message : String(error));
      }
    }
  };
  const watch = (server: EmbeddedPostgres): void =>
    server.onUnexpectedExit(() => {
      tell('The database ended unexpectedly; starting it again.');
      restarting = comeBack();
    });
  watch(postgres);

  return {
    url,
    stop: async () => {
      stopping = true;
      await restarting;
      await postgres.stop();
    },
  };
}
