// The pipeline without broker and network: messages in memory through libs/ingest into Postgres, beside what Postgres takes
// of bare rows. Their ratio is what ingestion itself costs.
import type { DeviceId } from '@hearth/contracts';
import { createDatabase, migrate, type Database } from '@hearth/db';
import {
  DEFAULT_LIMITS,
  Ingest,
  ReadingBatch,
  Series,
  SeriesBook,
  type IncomingMessage,
  type MessageSender,
  type ReadingStore,
} from '@hearth/ingest';
import { loadFromApi, withPostgres } from './bench-api.js';

const HOME_ID = '5f0c7a52-5d0a-4ac7-9a39-3f8e1f5d8a11';
const DEVICES = 100;
/** Messages of one device that are not acknowledged yet, as with a receive maximum of 100. */
const WINDOW = 100;
const ROWS_PER_BARE_BATCH = 5_000;
/** In the past, so that no reading is ahead of the clock. */
const START_MS = Date.now() - 30 * 24 * 3_600_000;

export interface PipelineResult {
  /** Rows a second that the same insert stores when nothing else is done. */
  readonly bareRowsPerSecond: number;
  /** Messages a second with one reading each, parsed, checked, committed and acknowledged. */
  readonly readingsPerSecond: number;
  /** Rows a commit, on average. */
  readonly rowsPerCommit: number;
  /** Messages that resolved, and the rows that are in the table: they must be equal. */
  readonly acknowledged: number;
  readonly stored: number;
}

/** What ingestion costs beside bare rows, on a database of its own. */
export async function measurePipeline(seconds: number): Promise<PipelineResult> {
  return withPostgres(async ({ url }) => {
    await migrate(url);
    return benchPipeline(url, seconds);
  });
}

/** Needs a migrated database of its own: it adds a home, devices and readings. */
async function benchPipeline(databaseUrl: string, seconds: number): Promise<PipelineResult> {
  const database = await createDatabase(databaseUrl);
  try {
    await addDevices(database);
    const store = await openStore(database);
    const bareRowsPerSecond = await measureBareRows(database, store, seconds);
    await database.pool.query('truncate reading');
    const pipeline = await measureIngest(store, seconds);
    const { rows } = await database.pool.query<{ rows: string }>(
      'select count(*) as rows from reading',
    );
    return { bareRowsPerSecond, ...pipeline, stored: Number(rows[0]?.rows) };
  } finally {
    await database.close();
  }
}

const deviceName = (index: number): DeviceId => `pipeline-${index}` as DeviceId;

async function addDevices({ pool }: Database): Promise<void> {
  await pool.query(`insert into home (id, name, "timeZone") values ($1, 'Bench', 'UTC')`, [
    HOME_ID,
  ]);
  const ids = Array.from({ length: DEVICES }, (_, index) => deviceName(index));
  await pool.query(
    `insert into device (id, "homeId", name, kind, "secretHash")
     select id, $2, id, 'sensor', '' from unnest($1::text[]) as n (id)`,
    [ids, HOME_ID],
  );
}

/** The store that the api uses, from its build. */
async function openStore(database: Database): Promise<ReadingStore> {
  type Make<T> = new (...dependencies: unknown[]) => T;
  const load = <T>(file: string, name: string): Promise<Make<T>> =>
    loadFromApi(`ingest/${file}.repository.js`, name);
  const Readings = await load<ReadingStore>('reading', 'ReadingRepository');
  const SeriesRows = await load<object>('series', 'SeriesRepository');
  const Partitions = await load<object>('reading-partitions', 'ReadingPartitions');
  const clock = { now: Date.now };
  const series = new SeriesRows(database);
  return new Readings(database, console, series, new Partitions(database, clock));
}

async function measureBareRows(
  { pool }: Database,
  store: ReadingStore,
  seconds: number,
): Promise<number> {
  const all = Array.from({ length: DEVICES }, (_, index) => {
    return new Series(0, deviceName(index), 'bare', 'number', '', false);
  });
  const first = new ReadingBatch();
  for (const series of all) first.unsaved.add(series);
  await store.store(first);
  let row = 0;
  const begun = performance.now();
  while (performance.now() - begun < seconds * 1_000) {
    const batch = new ReadingBatch();
    for (let count = 0; count < ROWS_PER_BARE_BATCH; count += 1, row += 1) {
      batch.series.push(all[row % DEVICES] as Series);
      batch.ts.push(START_MS + Math.floor(row / DEVICES));
      batch.values.push(21.37);
    }
    await store.store(batch);
  }
  const rate = (row * 1_000) / (performance.now() - begun);
  await pool.query('checkpoint').catch(() => undefined);
  return Math.round(rate);
}

async function measureIngest(
  store: ReadingStore,
  seconds: number,
): Promise<Omit<PipelineResult, 'bareRowsPerSecond' | 'stored'>> {
  const ingest = createIngest(store);
  let acknowledged = 0;
  const devices = Array.from({ length: DEVICES }, (_, index) => aDevice(index));
  const begun = performance.now();
  const deadline = begun + seconds * 1_000;
  /** Each device keeps its window full, and sends the next messages when a batch was acknowledged. */
  const publish = async ({ next, sender }: ReturnType<typeof aDevice>): Promise<void> => {
    while (performance.now() < deadline) {
      let settled: Promise<void> | undefined;
      for (let message = 0; message < WINDOW; message += 1) settled = ingest.accept(next(), sender);
      await settled;
      acknowledged += WINDOW;
      // Acknowledgements are written and read in another turn of the event loop.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await Promise.all(devices.map(publish));
  const elapsedMs = performance.now() - begun;
  const { commits } = ingest.counts();
  await ingest.stop();
  return {
    readingsPerSecond: Math.round((acknowledged * 1_000) / elapsedMs),
    rowsPerCommit: Math.round(acknowledged / commits),
    acknowledged,
  };
}

function aDevice(index: number): { next: () => IncomingMessage; sender: MessageSender } {
  const deviceId = deviceName(index);
  const topic = `hearth/${deviceId}/telemetry/temperature`;
  let ts = START_MS;
  return {
    sender: { type: 'device', deviceId, homeId: HOME_ID },
    next: () => ({
      topic,
      payload: Buffer.from(`{"value":21.37,"ts":${(ts += 1)}}`),
      qos: 1,
      retain: false,
      kind: 'publish',
      receivedAtMs: Date.now(),
    }),
  };
}

function createIngest(readings: ReadingStore): Ingest {
  const nothing = (): void => undefined;
  return new Ingest(
    {
      devices: { findDevice: (id) => ({ id: id as DeviceId, homeId: HOME_ID }) },
      readings,
      deadLetters: { store: () => Promise.reject(new Error('the bench sends valid messages')) },
      mappings: { find: () => undefined },
      maker: { make: async () => undefined },
      discovered: { store: () => Promise.reject(new Error('the bench sends native topics')) },
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
        storeFailed: (what, error) => console.error(what, error),
        storeRecovered: nothing,
      },
      scheduler: {
        now: Date.now,
        soon: (action) => void setImmediate(action),
        after: (ms, action) => void setTimeout(action, ms),
      },
    },
    new SeriesBook(DEFAULT_LIMITS.maxSeriesPerDevice),
    DEFAULT_LIMITS,
  );
}
