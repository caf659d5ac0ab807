// No reading is lost or made up, whatever several processes do to old days at once, and wherever a crash cuts one off.
import { createDatabase, inTransaction, type Database } from '@hearth/db';
import { createTestDatabase, type TestDatabase } from '@hearth/db/testing';
import { TIER_MS } from '@hearth/history';
import { FakeClock } from '@hearth/testkit';
import * as fc from 'fast-check';
import { pino } from 'pino';
import { ReadingPartitions } from '../../apps/api/src/ingest/reading-partitions.repository.js';
import { Packer } from '../../apps/api/src/pages/packer.service.js';
import { PageRepository } from '../../apps/api/src/pages/page.repository.js';
import { BucketRepository } from '../../apps/api/src/readings/bucket.repository.js';
import { RawReadings } from '../../apps/api/src/readings/raw-readings.repository.js';
import { lockDays } from '../../apps/api/src/rollups/move-locks.repository.js';
import { RollupRepository } from '../../apps/api/src/rollups/rollup.repository.js';
import { RollupWorker } from '../../apps/api/src/rollups/rollup-worker.service.js';

const { minute: MINUTE, hour: HOUR, day: DAY } = TIER_MS;
/** The last two days of a month that is over, and the first of the one that is not. */
const FROM = Date.UTC(2026, 4, 30);
const DAYS = 3;
const RANGE = { fromMs: FROM, toMs: FROM + DAYS * DAY };
const NOW = FROM + 20 * DAY;
const silent = pino({ level: 'silent' });

/** What of a process has to do with old readings. */
class Process {
  readonly database: Database;
  readonly partitions: ReadingPartitions;
  readonly pages: PageRepository;
  readonly worker: RollupWorker;
  readonly packer: Packer;

  constructor(database: Database) {
    const clock = new FakeClock(NOW);
    this.database = database;
    this.partitions = new ReadingPartitions(database, clock);
    this.pages = new PageRepository(database);
    this.worker = new RollupWorker(new RollupRepository(database), clock, silent);
    this.packer = new Packer(this.pages, this.partitions, this.worker, clock, silent);
  }

  /** As ingestion does, which tries a batch again that failed. */
  async insert(seriesId: number, ts: number, value: number): Promise<void> {
    await this.partitions.cover([ts]);
    await patiently(() =>
      this.database.pool.query('insert into reading values ($1, $2, $3) on conflict do nothing', [
        seriesId,
        new Date(ts),
        value,
      ]),
    );
  }

  /** A repair by hand: of a day that is rows, which it becomes first. */
  async remove(seriesId: number, ts: number): Promise<void> {
    const day = { seriesId, dayMs: Math.floor(ts / DAY) * DAY };
    const removed = () =>
      inTransaction(this.database.pool, async (queries) => {
        await lockDays(queries, [day.dayMs]);
        const page = await queries.query(
          'select from reading_page where series_id = $1 and day = $2',
          [seriesId, new Date(day.dayMs)],
        );
        if (page.rowCount !== 0) return false;
        await queries.query('delete from reading where series_id = $1 and ts = $2', [
          seriesId,
          new Date(ts),
        ]);
        return true;
      });
    while (!(await patiently(removed))) await patiently(() => this.pages.unpack(day));
  }
}

const DEADLOCK = '40P01';

async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if ((error as { code?: string }).code !== DEADLOCK) throw error;
    }
  }
}

function beforeEachStatement(database: Database, wait: () => Promise<void>): Database {
  const guard = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(_, key) {
        const found: unknown = Reflect.get(target, key, target);
        if (typeof found !== 'function') return found;
        if (key === 'connect') return async () => guard((await found.call(target)) as object);
        if (key !== 'query') return found.bind(target) as unknown;
        return async (...args: unknown[]): Promise<unknown> => {
          await wait();
          return found.apply(target, args) as unknown;
        };
      },
    });
  return { ...database, pool: guard(database.pool) };
}

/** Between two statements of one there is time for some of the others: on a small day each takes as long as the other. */
function unhurried(database: Database): Database {
  return beforeEachStatement(database, async () => {
    for (let pause = Math.random() * 8; pause > 1; pause -= 1) await pace.pool.query('select 1');
  });
}

let testDatabase: TestDatabase;
/** Whose statements are a measure of time. */
let pace: Database;
let databases: Database[];
let one: Process;
let other: Process;
let readings: RawReadings;
let buckets: BucketRepository;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  databases = [await createDatabase(testDatabase.url), await createDatabase(testDatabase.url)];
  pace = await createDatabase(testDatabase.url);
  [one, other] = databases.map((database) => new Process(unhurried(database))) as [
    Process,
    Process,
  ];
  readings = new RawReadings(pace);
  buckets = new BucketRepository(pace);
});
afterAll(async () => {
  for (const { packer, worker } of [one, other]) {
    await packer.beforeApplicationShutdown();
    await worker.beforeApplicationShutdown();
  }
  for (const database of [...databases, pace]) await database.close();
  await testDatabase.drop();
});

async function list(seriesId: number): Promise<Map<number, number>> {
  const rows = await readings.list(seriesId, RANGE, 1e6);
  expect(new Set(rows.map(({ ts }) => ts)).size).toBe(rows.length);
  return new Map(rows.map(({ ts, value }) => [ts, value]));
}

async function expectToRead(model: ReadonlyMap<number, number>, seriesId: number): Promise<void> {
  expect([...(await list(seriesId))]).toEqual([...model].sort(([a], [b]) => a - b));
  for (const widthMs of [MINUTE, 30 * MINUTE, HOUR, DAY]) {
    const counts = new Map<number, number>();
    for (const ts of model.keys()) {
      const startMs = Math.floor(ts / widthMs) * widthMs;
      counts.set(startMs, (counts.get(startMs) ?? 0) + 1);
    }
    const answer = await buckets.list(seriesId, RANGE, widthMs);
    const told = answer.buckets.map(({ startMs, count }) => [startMs, count]);
    expect(told).toEqual([...counts].sort(([a], [b]) => a - b));
  }
}

async function countRows(): Promise<number> {
  const { rows } = await one.database.pool.query<{ count: number }>(
    'select count(*)::int as count from reading',
  );
  return rows[0]?.count ?? 0;
}

/** All that is to be done is done in a few rounds: what becomes rows again is packed in the next. */
async function settle(): Promise<void> {
  for (let round = 0; round < 5 && (await countRows()) > 0; round += 1) await one.packer.pack();
  expect(await countRows()).toBe(0);
}

/** Times of one series that one writer owns, what they hold, and whether that is changing. */
class Owned {
  readonly model = new Map<number, number>();
  readonly changes = new Map<number, number>();

  /** Odd while it changes. */
  async change(ts: number, work: () => Promise<void>): Promise<void> {
    this.changes.set(ts, (this.changes.get(ts) ?? 0) + 1);
    await work();
    this.changes.set(ts, (this.changes.get(ts) ?? 0) + 1);
  }
}

const SLOTS = 60;
const slot = fc.integer({ min: 0, max: SLOTS - 1 });
const change = fc.record({
  do: fc.constantFrom('insert' as const, 'insert' as const, 'repeat' as const, 'delete' as const),
  slot,
});
const move = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('pack' as const, 'roll up' as const) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: DAYS - 1 }) },
);

it('reads as what was written, while two processes write, pack, unpack and roll up', async () => {
  let seriesId = 0;
  let value = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(change, { minLength: 5, maxLength: 30 }), { minLength: 2, maxLength: 4 }),
      fc.array(fc.array(move, { minLength: 2, maxLength: 8 }), { minLength: 2, maxLength: 2 }),
      async (writers, movers) => {
        seriesId += 1;
        const owned = writers.map(() => new Owned());
        const processes = [one, other];

        const write = async (changes: (typeof writers)[number], writer: number) => {
          const process = processes[writer % 2]!;
          const mine = owned[writer]!;
          const { model } = mine;
          for (const { do: what, slot } of changes) {
            const ts = FROM + slot * ((DAYS * DAY) / SLOTS) + writer;
            value += 1;
            const fresh = value;
            if (what === 'delete') {
              await mine.change(ts, async () => {
                await process.remove(seriesId, ts);
                model.delete(ts);
              });
            } else if (what === 'insert' || model.has(ts)) {
              // What is there stays, whatever comes for its time.
              await mine.change(ts, async () => {
                await process.insert(seriesId, ts, fresh);
                if (!model.has(ts)) model.set(ts, fresh);
              });
            }
          }
        };
        const moveOn = async (moves: (typeof movers)[number], mover: number) => {
          const { packer, pages, worker } = processes[mover]!;
          for (const what of moves) {
            if (what === 'pack') await packer.pack();
            else if (what === 'roll up') await worker.catchUp();
            else await patiently(() => pages.unpack({ seriesId, dayMs: FROM + what * DAY }));
          }
        };
        const over = new AbortController();
        const watch = async () => {
          while (!over.signal.aborted) {
            const before = owned.map(({ changes }) => new Map(changes));
            const seen = await list(seriesId);
            for (const [writer, { model, changes }] of owned.entries()) {
              for (const [ts, change] of changes) {
                if (change % 2 === 1 || before[writer]!.get(ts) !== change) continue;
                expect([ts, seen.get(ts)]).toEqual([ts, model.get(ts)]);
              }
            }
          }
        };

        const watching = watch();
        await Promise.all([...writers.map(write), ...movers.map(moveOn)]).finally(() =>
          over.abort(),
        );
        await watching;
        const model = new Map(owned.flatMap((each) => [...each.model]));
        await expectToRead(model, seriesId);
        await settle();
        await expectToRead(model, seriesId);
      },
    ),
    // What fails hangs on who comes first: a smaller case would be another one.
    { numRuns: 12, endOnFailure: true },
  );
}, 180_000);

/** A database of a process that is killed before its next statement but so many. */
function killedAfter(
  database: Database,
  statements: number,
): { database: Database; isDead(): boolean } {
  let left = statements;
  const killed = beforeEachStatement(database, () => {
    left -= 1;
    return left < 0 ? Promise.reject(new Error('killed')) : Promise.resolve();
  });
  return { database: killed, isDead: () => left < 0 };
}

it('reads as what was written, wherever a crash cut off the packing', async () => {
  const seriesId = 1_000_000;
  const model = new Map<number, number>();
  const [withPartition, withoutOne] = [FROM, FROM + DAY];
  for (let minute = 0; minute < 24 * 60; minute += 30) model.set(FROM + minute * MINUTE, minute);
  for (const [ts, value] of model) await one.insert(seriesId, ts, value);
  await settle();
  let statements = 0;
  for (let isDead = true; isDead; statements += 1) {
    // One comes late for a page, one for no partition, and one is a repetition with another value.
    for (const ts of [withPartition + statements, withoutOne + statements]) {
      if (model.has(ts)) continue;
      model.set(ts, statements);
      await one.database.pool.query('insert into reading values ($1, $2, $3)', [
        seriesId,
        new Date(ts),
        statements,
      ]);
    }
    await one.insert(seriesId, FROM, -1);
    const killed = killedAfter(pace, statements);
    const mortal = new Process(killed.database);
    await mortal.packer.pack();
    isDead = killed.isDead();
    await mortal.packer.beforeApplicationShutdown();
    await expectToRead(model, seriesId);
    await settle();
    await expectToRead(model, seriesId);
  }
  expect(statements).toBeGreaterThan(30);
}, 180_000);
