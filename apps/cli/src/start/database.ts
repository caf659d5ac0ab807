// The database of `hearth start`: an embedded Postgres, unless the environment names another.
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@hearth/db';
import { RestartPauses } from './restart-pauses.js';
import { ToldSeldom } from './told-seldom.js';

export interface RunningDatabase {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the embedded Postgres and keeps it running at one address, or takes the given URL as it is. */
export async function openDatabase(
  dataDir: string,
  databaseUrl: string | undefined,
  tell: (message: string) => void,
  pauses: Pick<RestartPauses, 'next'> = new RestartPauses(),
): Promise<RunningDatabase> {
  if (databaseUrl !== undefined) return { url: databaseUrl, stop: async () => {} };
  let postgres = await startEmbeddedPostgres({ dataDir, log: tell });
  const { url, port } = postgres;
  let stopping = false;
  let restarting: Promise<void> = Promise.resolve();

  const failures = new ToldSeldom(tell);

  const comeBack = async (ranMs: number): Promise<void> => {
    for (let pauseMs = pauses.next(ranMs); ; pauseMs = pauses.next(0)) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      if (stopping) return;
      try {
        postgres = await startEmbeddedPostgres({ dataDir, port });
        watch(postgres);
        failures.forget();
        tell('The database is back.');
        return;
      } catch (error) {
        failures.tell(error instanceof Error ? error.message : String(error));
      }
    }
  };
  const watch = (server: EmbeddedPostgres): void => {
    const startedAtMs = Date.now();
    server.onUnexpectedExit(() => {
      tell('The database ended unexpectedly; starting it again.');
      restarting = comeBack(Date.now() - startedAtMs);
    });
  };
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
