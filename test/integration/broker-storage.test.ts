// The broker's state in Postgres: what it is given it keeps, in one commit with the readings, whatever happens in between.
import { randomUUID } from 'node:crypto';
import { MAX_BACKFILL_ENTRIES, type DeviceId } from '@hearth/contracts';
import { createDatabase, type Database } from '@hearth/db';
import { createTestDatabase, type TestDatabase } from '@hearth/db/testing';
import { DEFAULT_LIMITS, Ingest, SeriesBook } from '@hearth/ingest';
import type { Change, StoredSession } from '@hearth/mqtt-broker';
import { pino } from 'pino';
import { BrokerStateRepository } from '../../apps/api/src/broker/broker-state.repository.js';
import { BrokerStorage } from '../../apps/api/src/broker/broker-storage.js';
import { SystemClock } from '../../apps/api/src/common/clock.js';
import { Directory } from '../../apps/api/src/directory/directory.js';
import { GroupCommit } from '../../apps/api/src/ingest/group-commit.repository.js';
import { NodeScheduler } from '../../apps/api/src/ingest/node-scheduler.js';
import { ReadingPartitions } from '../../apps/api/src/ingest/reading-partitions.repository.js';
import { ReadingRepository } from '../../apps/api/src/ingest/reading.repository.js';
import { SeriesRepository } from '../../apps/api/src/ingest/series.repository.js';
import { describeStorage } from '../support/describe-storage.js';
import { eventually } from '../support/eventually.js';

const HOME = randomUUID();
const PORCH = 'porch' as DeviceId;
const NOW = Date.UTC(2026, 5, 15, 12);

/** What one process has between its broker and the database. */
class Process {
  readonly database: Database;
  readonly ingest: Ingest;
  readonly storage: BrokerStorage;
  readonly failures: unknown[] = [];
  readonly errors: string[] = [];

  constructor(database: Database, knownPrincipals: readonly string[]) {
    this.database = database;
    const write = (line: string) => void this.errors.push(line);
    const logger = pino({ level: 'error' }, { write });
    const commits = new GroupCommit(
      database,
      new ReadingRepository(
        database,
        logger,
        new SeriesRepository(database),
        new ReadingPartitions(database, new SystemClock()),
      ),
    );
    const nothing = () => undefined;
    this.ingest = new Ingest(
      {
        devices: { findDevice: (id) => ({ id: id as DeviceId, homeId: HOME }) },
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
          storeFailed: (_, error) => void this.failures.push(error),
          storeRecovered: nothing,
        },
        scheduler: new NodeScheduler(new SystemClock()),
      },
      new SeriesBook(DEFAULT_LIMITS.maxSeriesPerDevice),
      { ...DEFAULT_LIMITS, firstRetryMs: 10, longestRetryMs: 50 },
    );
    const directory = new Directory();
    for (const username of knownPrincipals) {
      directory.putIntegration({
        type: 'integration',
        id: username,
        homeId: HOME as never,
        name: username,
        username,
        topicFilters: [],
        secretHash: '',
      });
    }
    this.storage = new BrokerStorage(
      this.ingest,
      commits,
      new BrokerStateRepository(database, logger),
      directory,
      logger,
    );
  }

  /** What the storage holds. Must be called first, as the broker does. */
  async read(): Promise<Change[]> {
    const changes: Change[] = [];
    for await (const change of this.storage.open()) changes.push(change);
    return changes;
  }

  /** A reading that is acknowledged with the returned promise. */
  send(temperature: number, ts: number): Promise<void> | undefined {
    return this.#accept({ temperature, ts });
  }

  /** As many readings in one message. */
  sendMany(readings: number): Promise<void> | undefined {
    return this.#accept(
      Array.from({ length: readings }, () => ({ humidity: 40, ts: this.#nextTs++ })),
    );
  }

  #nextTs = NOW - 1_000_000;

  #accept(payload: object): Promise<void> | undefined {
    return this.ingest.accept(
      {
        topic: `hearth/${PORCH}/telemetry`,
        payload: Buffer.from(JSON.stringify(payload)),
        qos: 2,
        retain: false,
        kind: 'publish',
        receivedAtMs: NOW,
      },
      { type: 'device', deviceId: PORCH, homeId: HOME },
    );
  }
}

let testDatabase: TestDatabase;
const databases: Database[] = [];

async function connect(): Promise<Database> {
  const database = await createDatabase(testDatabase.url);
  databases.push(database);
  return database;
}

beforeEach(async () => {
  testDatabase = await createTestDatabase();
});

afterEach(async () => {
  for (const database of databases.splice(0)) await database.close().catch(() => undefined);
  await testDatabase.drop();
});

describe(BrokerStorage.name, () => {
  describeStorage(async () => {
    const processes: Process[] = [];
    const connected = await Promise.all([connect(), connect()]);
    return {
      open() {
        const database = connected[processes.length];
        if (database === undefined) throw new Error('opened more often than any test needs');
        const process = new Process(database, ['principal']);
        processes.push(process);
        return process.storage;
      },
      async abandon(storage) {
        const process = processes.find((one) => one.storage === storage);
        await process?.database.close();
      },
      dispose: async () => undefined,
    };
  });
});

const session: StoredSession = {
  key: 'client\u0000principal',
  clientId: 'client',
  principalId: 'principal',
  expirySeconds: 100,
  disconnectedAtMs: undefined,
  will: undefined,
};
const incoming = (packetId: number): Change => ({ type: 'incoming', key: session.key, packetId });

describe('the commit that readings and the state of the broker share', () => {
  let database: Database;
  let process: Process;

  beforeEach(async () => {
    database = await connect();
    await database.pool.query(`insert into home (id, name, "timeZone") values ($1, 'H', 'UTC')`, [
      HOME,
    ]);
    await database.pool.query(
      `insert into device (id, "homeId", name, kind, "secretHash") values ($1, $2, 'P', 'sensor', '')`,
      [PORCH, HOME],
    );
    process = new Process(database, ['principal']);
    await process.read();
    await process.send(20, NOW);
  });

  afterEach(() => process.ingest.stop());

  const count = async (table: string): Promise<number> => {
    const { rows } = await database.pool.query<{ count: number }>(
      `select count(*)::int as count from ${table}`,
    );
    return rows[0]?.count ?? 0;
  };
  const counts = async (): Promise<object> => ({
    readings: await count('reading'),
    incoming: await count('broker_incoming'),
  });

  /** A lock under which nothing can be written to `broker_incoming`, until it is released. */
  async function lockIncoming(): Promise<() => Promise<void>> {
    const locker = await database.pool.connect();
    await locker.query('begin');
    await locker.query('lock table broker_incoming in exclusive mode');
    return async () => {
      await locker.query('commit');
      locker.release();
    };
  }

  it('is one promise', async () => {
    process.storage.append({ type: 'session', session });
    const commit = process.storage.commit();
    expect(process.send(21, NOW + 1)).toBe(commit);
    process.storage.append(incoming(1));
    expect(process.storage.commit()).toBe(commit);
    await commit;
    expect(await counts()).toEqual({ readings: 2, incoming: 1 });
  });

  it('is one transaction: a crash leaves both or none', async () => {
    const release = await lockIncoming();
    process.storage.append(incoming(1));
    void process.send(21, NOW + 1);
    await eventually('the state waits for the lock', async () => (await blocked(database)) === 1);
    expect(await count('reading')).toBe(1);
    await release();
    await process.storage.commit();
    expect(await counts()).toEqual({ readings: 2, incoming: 1 });
  });

  it('goes with the readings of its own message, however many batches wait', async () => {
    const release = await lockIncoming();
    process.storage.append(incoming(1));
    await eventually('the state waits for the lock', async () => (await blocked(database)) === 1);
    const many = Array.from({ length: 20 }, () => process.sendMany(MAX_BACKFILL_ENTRIES));
    expect(new Set(many).size).toBeGreaterThan(1);
    // In a batch behind those: neither may be stored without the other.
    const reading = process.send(21, NOW + 1);
    process.storage.append(incoming(2));
    expect(process.storage.commit()).toBe(reading);
    expect(many).not.toContain(reading);
    await release();
    await reading;
    const { rows } = await database.pool.query<{ reading: string; incoming: string }>(
      `select (select xmin::text from reading where value = 21) as reading,
         (select xmin::text from broker_incoming where packet_id = 2) as incoming`,
    );
    expect(rows[0]?.incoming).toBe(rows[0]?.reading);
  });

  it('stays open while Postgres is away, and is made up for afterwards, once', async () => {
    const release = await lockIncoming();
    process.storage.append({ type: 'session', session });
    process.storage.append(incoming(1));
    const commit = process.storage.commit();
    await eventually('the state waits for the lock', async () => (await blocked(database)) === 1);
    process.storage.append(incoming(2));
    await terminateBlocked(database);
    await eventually('the commit failed', async () => process.failures.length > 0);
    process.storage.append({ ...incoming(1), type: 'incoming-end' } as Change);
    let isSettled = false;
    void commit.then(() => (isSettled = true));
    await eventually('it is tried again', async () => (await blocked(database)) === 1);
    expect(isSettled).toBe(false);
    await release();
    await commit;
    await process.storage.commit();
    const { rows } = await database.pool.query('select packet_id from broker_incoming');
    expect(rows).toEqual([{ packet_id: 2 }]);
  });

  it('repeats readings whose first commit was answered to nobody', async () => {
    const restarted = new Process(database, ['principal']);
    await restarted.read();
    restarted.storage.append(incoming(1));
    await restarted.send(20, NOW);
    expect(await counts()).toEqual({ readings: 1, incoming: 1 });
    expect(restarted.failures).toEqual([]);
    await restarted.ingest.stop();
  });

  it('is not held up by a row that Postgres refuses: it is left out and told', async () => {
    const message = {
      payload: Buffer.from('x'),
      qos: 1,
      properties: {},
      storedAtMs: NOW,
      publisher: undefined,
    } as const;
    for (const topic of ['a', 'b\u0000', 'c']) {
      process.storage.append({ type: 'retained', message: { ...message, topic } });
    }
    process.storage.append(incoming(1));
    await process.send(21, NOW + 1);
    expect(await counts()).toEqual({ readings: 2, incoming: 1 });
    const { rows } = await database.pool.query('select topic from broker_retained order by topic');
    expect(rows).toEqual([{ topic: 'a' }, { topic: 'c' }]);
    expect(process.errors.join()).toContain('cannot be stored');
  });

  it('takes a batch that is larger than a statement may be', async () => {
    const big = Buffer.alloc(1024 * 1024, 'x');
    process.storage.append({ type: 'session', session });
    for (let id = 1; id <= 5_000; id++) process.storage.append(incoming(id));
    for (let id = 1; id <= 9; id++) {
      const content = { topic: 't', payload: big, qos: 1, retain: false, properties: {} } as const;
      process.storage.append({
        type: 'message',
        id,
        message: { ...content, receivedAtMs: NOW },
      });
    }
    await process.storage.commit();
    expect(await counts()).toEqual({ readings: 1, incoming: 5_000 });
    const restarted = new Process(database, ['principal']);
    const messages = (await restarted.read()).filter(({ type }) => type === 'message');
    expect(messages).toHaveLength(9);
  });

  it('is waited for by the next process when it is the last of one that was killed', async () => {
    const last = await database.pool.connect();
    await last.query('begin');
    await last.query(`insert into broker_incoming values ('client', 'principal', 7)`);
    const read = new Process(database, ['principal']).read();
    await eventually('the next process waits', async () => (await blocked(database)) === 1);
    await last.query('commit');
    last.release();
    expect(await read).toEqual([incoming(7)]);
  });

  it('forgets the session of a principal that is not registered any more', async () => {
    process.storage.append({ type: 'session', session });
    process.storage.append(incoming(1));
    await process.storage.commit();
    const restarted = new Process(database, []);
    await restarted.read();
    await restarted.storage.close();
    expect(await counts()).toEqual({ readings: 1, incoming: 0 });
    expect(await count('broker_session')).toBe(0);
  });
});

async function blocked({ pool }: Database): Promise<number> {
  const { rows } = await pool.query<{ blocked: number }>(
    `select count(*)::int as blocked from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows[0]?.blocked ?? 0;
}

async function terminateBlocked({ pool }: Database): Promise<void> {
  await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`);
}
