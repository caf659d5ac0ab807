// The broker that is killed, with its state where the api has it: `node postgres-process.js DATABASE_URL`. Prints its port.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createDatabase } from '@hearth/db';
import { DEFAULT_LIMITS, Ingest, SeriesBook, type ReadingStore } from '@hearth/ingest';
import { allowAll, createBroker, type Storage } from '@hearth/mqtt-broker';

const require = createRequire(import.meta.url);
const [, , databaseUrl] = process.argv;
if (databaseUrl === undefined) throw new Error('postgres-process needs a database');

type Make<T> = new (...dependencies: unknown[]) => T;

/** A class of the api, from its build. */
async function load<T>(file: string, name: string): Promise<Make<T>> {
  const folder = join(dirname(require.resolve('@hearth/api/package.json')), 'dist');
  const module = (await import(pathToFileURL(join(folder, file)).href)) as Record<string, Make<T>>;
  const found = module[name];
  if (found === undefined) throw new Error(`${file} has no ${name}: is the api built?`);
  return found;
}

const Readings = await load('ingest/reading.repository.js', 'ReadingRepository');
const GroupCommit = await load<ReadingStore>('ingest/group-commit.repository.js', 'GroupCommit');
const StateRepository = await load('broker/broker-state.repository.js', 'BrokerStateRepository');
const BrokerStorage = await load<Storage>('broker/broker-storage.js', 'BrokerStorage');

const database = await createDatabase(databaseUrl);
const nothing = (): void => undefined;
const commits = new GroupCommit(database, new Readings(database, console, undefined, undefined));
const ingest = new Ingest(
  {
    devices: { findDevice: () => undefined },
    readings: commits,
    deadLetters: { store: async () => undefined },
    mappings: { find: () => undefined },
    maker: { make: async () => undefined },
    discovered: { store: async () => undefined },
    overloaded: () => new Error('overloaded'),
    announcer: {
      readings: nothing,
      status: nothing,
      info: nothing,
      state: nothing,
      response: nothing,
      spokenFor: nothing,
      deadLetters: nothing,
      discovered: nothing,
      storeFailed: (_, error) => console.error(error),
      storeRecovered: nothing,
    },
    scheduler: {
      now: Date.now,
      soon: setImmediate,
      after: (ms, action) => void setTimeout(action, ms),
    },
  },
  new SeriesBook(DEFAULT_LIMITS.maxSeriesPerDevice),
  DEFAULT_LIMITS,
);
const everybody = { findByUsername: () => ({}) };
const broker = createBroker({
  listeners: [{ transport: 'tcp', port: 0, host: '127.0.0.1' }],
  authenticator: allowAll(),
  storage: new BrokerStorage(
    ingest,
    commits,
    new StateRepository(database, console),
    everybody,
    console,
  ),
  // As a reading does: acknowledged with the commit that it is in.
  accept: () => ingest.join().settled,
  onError: (error) => console.error(error),
});
await broker.start();
process.stdout.write(`${broker.addresses[0]?.port}\n`);
