// libs/ingest on the api's own repositories and a real Postgres, without broker and HTTP.
import { randomUUID } from 'node:crypto';
import type { DeviceId } from '@hearth/contracts';
import { createDatabase, type Database } from '@hearth/db';
import { createTestDatabase, type TestDatabase } from '@hearth/db/testing';
import { DEFAULT_LIMITS, Ingest, SeriesBook } from '@hearth/ingest';
import { pino } from 'pino';
import { SystemClock } from '../../apps/api/src/common/clock.js';
import { NodeScheduler } from '../../apps/api/src/ingest/node-scheduler.js';
import { ReadingPartitions } from '../../apps/api/src/ingest/reading-partitions.repository.js';
import { ReadingRepository } from '../../apps/api/src/ingest/reading.repository.js';
import { SeriesRepository } from '../../apps/api/src/ingest/series.repository.js';

const HOME = randomUUID();
const PORCH = 'porch' as DeviceId;
const NOW = Date.UTC(2026, 5, 15, 12);

/** What one process has: its memory of the series, and its way into the database. */
function aProcess(database: Database) {
  const series = new SeriesRepository(database);
  const failures: unknown[] = [];
  const errors: string[] = [];
  const logger = pino({ level: 'error' }, { write: (line: string) => void errors.push(line) });
  const nothing = (): void => undefined;
  const book = new SeriesBook(DEFAULT_LIMITS.maxSeriesPerDevice);
  const ingest = new Ingest(
    {
      devices: { findDevice: (id) => ({ id: id as DeviceId, homeId: HOME }) },
      readings: new ReadingRepository(
        database,
        logger,
        series,
        new ReadingPartitions(database, new SystemClock()),
      ),
      deadLetters: {
        store: async (letters) => void errors.push(...letters.map(({ detail }) => detail)),
      },
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
        storeFailed: (_, error) => void failures.push(error),
        storeRecovered: nothing,
      },
      scheduler: new NodeScheduler(new SystemClock()),
    },
    book,
    { ...DEFAULT_LIMITS, firstRetryMs: 10, longestRetryMs: 50 },
  );
  const send = async (payload: object | readonly object[], deviceId = PORCH): Promise<void> =>
    ingest.accept(
      {
        topic: `hearth/${deviceId}/telemetry`,
        payload: Buffer.from(JSON.stringify(payload)),
        qos: 1,
        retain: false,
        kind: 'publish',
        receivedAtMs: NOW,
      },
      { type: 'device', deviceId, homeId: HOME },
    );
  return { ingest, book, series, send, failures, errors };
}

describe('readings in Postgres', () => {
  let testDatabase: TestDatabase;
  let database: Database;
  let server: ReturnType<typeof aProcess>;

  const rows = async (): Promise<{ metric: string; ts: number; value: number | string }[]> => {
    const result = await database.pool.query<{ metric: string; ts: Date; value: number | string }>(
      `select metric, ts, to_jsonb(value) as value from (
         select series_id, ts, to_jsonb(value) as value from reading
         union all select series_id, ts, to_jsonb(value) from state_change) as rows
       join series on series.id = series_id order by metric, ts`,
    );
    return result.rows.map(({ metric, ts, value }) => ({ metric, ts: ts.getTime(), value }));
  };
  const times = async (): Promise<number[]> => (await rows()).map(({ ts }) => ts - NOW);

  beforeEach(async () => {
    testDatabase = await createTestDatabase();
    database = await createDatabase(testDatabase.url);
    await database.pool.query(`insert into home (id, name, "timeZone") values ($1, 'H', 'UTC')`, [
      HOME,
    ]);
    await database.pool.query(
      `insert into device (id, "homeId", name, kind, "secretHash") values ($1, $2, 'P', 'sensor', '')`,
      [PORCH, HOME],
    );
    server = aProcess(database);
  });

  afterEach(async () => {
    await server.ingest.stop();
    await database.close();
    await testDatabase.drop();
  });

  it('stores readings of a day without a partition while somebody reads the table for long', async () => {
    const reader = await database.pool.connect();
    await reader.query('begin; lock table reading in access share mode');
    const old = Date.UTC(2003, 4, 5);
    await server.send([
      { temperature: 1, ts: old },
      { temperature: 2, ts: old + 86_400_000 },
    ]);
    await server.send({ temperature: 3, ts: old + 2 * 86_400_000 });
    const { rows } = await database.pool.query('select value from reading_default order by ts');
    expect(rows).toEqual([{ value: 1 }, { value: 2 }, { value: 3 }]);
    await reader.query('rollback');
    reader.release();
  });

  it('keeps numbers, booleans and texts, exact to the bit and the millisecond', async () => {
    await server.send({ temperature: 0.1 + 0.2, door: true, mode: 'Öko', ts: NOW + 7 });
    await server.send({ temperature: -0.1, door: false, ts: NOW + 999 });
    expect(await rows()).toEqual([
      { metric: 'door', ts: NOW + 7, value: 1 },
      { metric: 'door', ts: NOW + 999, value: 0 },
      { metric: 'mode', ts: NOW + 7, value: 'Öko' },
      { metric: 'temperature', ts: NOW + 7, value: 0.1 + 0.2 },
      { metric: 'temperature', ts: NOW + 999, value: -0.1 },
    ]);
  });

  it('stores a message that is sent twice once, also by a process that has just started', async () => {
    const backfill = [0, 1, 2].map((ts) => ({ temperature: ts, ts: NOW + ts }));
    await server.send(backfill);
    await server.send(backfill);
    const restarted = aProcess(database);
    await restarted.send(backfill);
    await restarted.send([...backfill, { temperature: 3, ts: NOW + 3 }]);
    expect(await times()).toEqual([0, 1, 2, 3]);
    expect(restarted.ingest.counts()).toMatchObject({ readings: 7, stored: 1 });
  });

  it('loads every series with its newest value', async () => {
    await server.send([
      { temperature: 20, mode: 'eco', ts: NOW },
      { temperature: 22, mode: 'away', ts: NOW + 2 },
      { temperature: 21, ts: NOW + 1 },
    ]);
    const saved = await server.series.listAll();
    expect(saved.toSorted((a, b) => a.metric.localeCompare(b.metric))).toEqual([
      {
        id: expect.any(Number),
        deviceId: PORCH,
        metric: 'mode',
        kind: 'text',
        unit: '',
        latest: { ts: NOW + 2, value: 'away' },
      },
      {
        id: expect.any(Number),
        deviceId: PORCH,
        metric: 'temperature',
        kind: 'number',
        unit: '°C',
        latest: { ts: NOW + 2, value: 22 },
      },
    ]);
  });

  it('settles nothing while the commit cannot happen, and everything after it', async () => {
    await server.send({ temperature: 20, ts: NOW });
    const locker = await database.pool.connect();
    await locker.query('begin');
    await locker.query('lock table reading in exclusive mode');
    let settled = 0;
    const sent = [1, 2, 3, 4].map(async (ts) => {
      await server.send({ temperature: 20, ts: NOW + ts });
      settled += 1;
    });
    // The insert is known to wait before we look.
    await waitUntil(async () => (await countWaiting(database)) > 0);
    const fifth = server.send({ temperature: 20, ts: NOW + 5 }).then(() => (settled += 1));
    await new Promise((resolve) => setImmediate(resolve));
    expect(settled).toBe(0);
    await locker.query('commit');
    locker.release();
    await Promise.all([...sent, fifth]);
    expect(await times()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('keeps a batch whose connection was killed, and stores it once', async () => {
    await server.send({ temperature: 20, ts: NOW });
    const locker = await database.pool.connect();
    await locker.query('begin');
    await locker.query('lock table reading in exclusive mode');
    const sent = server.send({ temperature: 21, ts: NOW + 1 });
    await waitUntil(async () => (await countWaiting(database)) > 0);
    await database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'`,
    );
    await waitUntil(async () => server.failures.length > 0);
    await locker.query('commit');
    locker.release();
    await sent;
    expect(await times()).toEqual([0, 1]);
    expect(server.ingest.counts().isFailing).toBe(false);
  });

  it('stores what is new although another process stored the rest', async () => {
    await server.send({ temperature: 20, ts: NOW });
    await database.pool.query(
      `insert into reading select id, $1, 99 from series where metric = 'temperature'`,
      [new Date(NOW + 1)],
    );
    await server.send([1, 2].map((ts) => ({ temperature: 21, ts: NOW + ts })));
    expect((await rows()).map(({ value }) => value)).toEqual([20, 99, 21]);
  });

  it('lets the readings of a deleted device go, and holds nobody up', async () => {
    const cellar = 'cellar' as DeviceId;
    await server.send({ temperature: 20, mode: 'eco', ts: NOW });
    await database.pool.query('delete from device where id = $1', [PORCH]);
    await server.send({ humidity: 40, mode: 'away', ts: NOW + 1 });
    await server.send({ humidity: 40, mode: 'away', ts: NOW + 1 }, cellar);
    expect(await rows()).toEqual([]);
    expect(server.failures).toEqual([]);
  });

  it('gives each month its partition before its first row', async () => {
    const months = ['2001-02-28', '2001-03-01', '2019-12-31', '2026-06-15'];
    await server.send(months.map((day) => ({ temperature: 20, ts: Date.parse(day) })));
    const { rows: tables } = await database.pool.query<{ name: string }>(
      'select distinct tableoid::regclass::text as name from reading order by name',
    );
    expect(tables.map(({ name }) => name)).toEqual([
      'reading_2001_02',
      'reading_2001_03',
      'reading_2019_12',
      'reading_2026_06',
    ]);
  });

  it('leaves out the one row that Postgres refuses for its content, and says which', async () => {
    await server.send({ temperature: 20, ts: NOW });
    await database.pool.query('alter table reading add constraint unlucky check (value <> 13)');
    await server.send(
      [10, 11, 12, 13, 14, 15, 16].map((value) => ({ temperature: value, ts: NOW + value })),
    );
    expect((await rows()).map(({ value }) => value)).toEqual([20, 10, 11, 12, 14, 15, 16]);
    expect(server.errors).toHaveLength(1);
    expect(server.errors[0]).toContain('a reading cannot be stored');
  });

  it('writes a text when it changes', async () => {
    for (const [ts, mode] of ['eco', 'eco', 'away', 'eco'].entries()) {
      await server.send({ mode, ts: NOW + ts });
    }
    expect((await rows()).map(({ ts, value }) => [ts - NOW, value])).toEqual([
      [0, 'eco'],
      [2, 'away'],
      [3, 'eco'],
    ]);
  });

  it('adds the unit of a series once it is known', async () => {
    const unitOfSoil = async (): Promise<unknown> =>
      (await database.pool.query('select unit from series')).rows;
    await server.send({ soil: 3, ts: NOW });
    expect(await unitOfSoil()).toEqual([{ unit: '' }]);
    server.book.declareUnits(PORCH, { metrics: [{ name: 'soil', unit: 'kPa' }] });
    await server.send({ soil: 4, ts: NOW + 1 });
    expect(await unitOfSoil()).toEqual([{ unit: 'kPa' }]);
  });

  it('stores thousands of readings of one turn in few commits', async () => {
    const sent = Array.from({ length: 5_000 }, (_, ts) =>
      server.send({ temperature: 20, ts: NOW + ts }),
    );
    await Promise.all(sent);
    expect((await rows()).length).toBe(5_000);
    expect(server.ingest.counts().commits).toBeLessThanOrEqual(3);
  });
});

async function countWaiting({ pool }: Database): Promise<number> {
  const { rows } = await pool.query<{ waiting: number }>(
    `select count(*)::int as waiting from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows[0]?.waiting ?? 0;
}

/** Asks again and again; Jest's time-out is the limit. */
async function waitUntil(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 5));
}
