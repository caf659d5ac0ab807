// Old readings as pages: whatever is asked reads the same before, while and after they are packed, and when more come late.
import { createDatabase, listPartitions, type Database } from '@hearth/db';
import { createTestDatabase, type TestDatabase } from '@hearth/db/testing';
import { combine, encodePage, rollUp, TIER_MS, type Rollup } from '@hearth/history';
import { FakeClock } from '@hearth/testkit';
import * as fc from 'fast-check';
import type { PoolClient } from 'pg';
import { pino } from 'pino';
import { ForgottenReadingsRepository } from '../../apps/api/src/devices/forgotten-readings.repository.js';
import { ReadingPartitions } from '../../apps/api/src/ingest/reading-partitions.repository.js';
import { SeriesRepository } from '../../apps/api/src/ingest/series.repository.js';
import { Packer } from '../../apps/api/src/pages/packer.service.js';
import { PageRepository } from '../../apps/api/src/pages/page.repository.js';
import type { SeriesDay } from '../../apps/api/src/pages/series-day.js';
import {
  BucketRepository,
  type PlainBucket,
} from '../../apps/api/src/readings/bucket.repository.js';
import { wholeBuckets, type Range } from '../../apps/api/src/readings/range.js';
import { RawReadings } from '../../apps/api/src/readings/raw-readings.repository.js';
import { SeriesRollupRepository } from '../../apps/api/src/readings/series-rollup.repository.js';
import { RollupRepository } from '../../apps/api/src/rollups/rollup.repository.js';
import { RollupWorker } from '../../apps/api/src/rollups/rollup-worker.service.js';
import { eventually } from '../support/eventually.js';

const { minute: MINUTE, hour: HOUR, day: DAY } = TIER_MS;
/** Two days of a month that is over, and two of the one that is not. */
const FROM = Date.UTC(2026, 4, 30);
const RANGE = { fromMs: FROM, toMs: FROM + 4 * DAY };
const NOW = FROM + 20 * DAY;
const silent = pino({ level: 'silent' });

let testDatabase: TestDatabase;
let database: Database;
let clock: FakeClock;
let readings: RawReadings;
let buckets: BucketRepository;
let rollups: SeriesRollupRepository;
let pages: PageRepository;
let partitions: ReadingPartitions;
let worker: RollupWorker;
let packer: Packer;

beforeEach(async () => {
  testDatabase = await createTestDatabase();
  database = await createDatabase(testDatabase.url);
  clock = new FakeClock(NOW);
  readings = new RawReadings(database);
  buckets = new BucketRepository(database);
  rollups = new SeriesRollupRepository(database);
  pages = new PageRepository(database);
  partitions = new ReadingPartitions(database, clock);
  worker = new RollupWorker(new RollupRepository(database), clock, silent);
  packer = new Packer(pages, partitions, worker, clock, silent);
});
afterEach(async () => {
  await packer.beforeApplicationShutdown();
  await worker.beforeApplicationShutdown();
  await database.close();
  await testDatabase.drop();
});

type Row = readonly [ts: number, value: number];
type Model = Map<number, number>;

/** As ingestion inserts: a time that is there already stays as it is. */
async function insert(series: number, rows: readonly Row[]): Promise<void> {
  await partitions.cover(rows.map(([ts]) => ts));
  await insertRows(series, rows);
}

async function insertRows(series: number, rows: readonly Row[]): Promise<void> {
  await database.pool.query(
    `insert into reading select $1, * from unnest($2::timestamptz[], $3::float8[]) on conflict do nothing`,
    [series, rows.map(([ts]) => new Date(ts)), rows.map(([, value]) => value)],
  );
}

async function count(table: string): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(
    `select count(*)::int as count from ${table}`,
  );
  return rows[0]?.count ?? 0;
}

/** Of a chart that lacks nothing. */
async function listBuckets(...asked: [number, Range, number]): Promise<readonly PlainBucket[]> {
  const answer = await buckets.list(...asked);
  expect(answer.isComplete).toBe(true);
  return answer.buckets;
}

async function expectToReadLike(model: Model, series: number): Promise<void> {
  const expected = [...model].sort(([a], [b]) => a - b);
  const listed = await readings.list(series, RANGE, 1e9);
  expect(listed.map(({ ts, value }) => [ts, value])).toEqual(expected);
  expect(await readings.list(series, RANGE, 3)).toEqual(listed.slice(0, 3));
  const minutes = rollUp(
    expected.map(([ts]) => ts),
    expected.map(([, value]) => value),
    MINUTE,
  );
  for (const widthMs of [20 * MINUTE, 30 * MINUTE, HOUR, 4 * HOUR, DAY, 2 * DAY]) {
    const answer = await listBuckets(series, wholeBuckets(RANGE, widthMs), widthMs);
    const brief = (all: readonly { startMs: number; min: number; max: number; count: number }[]) =>
      all.map(({ startMs, min, max, count }) => ({ startMs, min, max, count }));
    expect(brief(answer)).toEqual(brief(combine(minutes, widthMs)));
  }
  for (const tier of ['quarter', 'hour'] as const) {
    const exact = combine(minutes, TIER_MS[tier]);
    const answer = await rollups.list(series, RANGE, tier);
    const ends = (all: readonly Rollup[]) =>
      all.map(({ startMs, count, first, last }) => ({ startMs, count, first, last }));
    expect(ends(answer)).toEqual(ends(exact));
  }
}

const aDay = (dayMs: number, step = 5 * MINUTE): Row[] =>
  Array.from({ length: DAY / step }, (_, i) => [dayMs + i * step, (i % 50) / 10]);

it('leave a fraction of the bytes, and no partition behind', async () => {
  await insert(1, [...aDay(FROM, MINUTE), ...aDay(FROM + 2 * DAY, MINUTE)]);
  const before = new Map([...aDay(FROM, MINUTE), ...aDay(FROM + 2 * DAY, MINUTE)]);
  await packer.pack();
  expect(await listPartitions(database.pool)).toEqual([]);
  for (const table of ['reading', 'rollup_minute', 'rollup_quarter']) {
    expect(await count(table)).toBe(0);
  }
  expect(await count('rollup_hour')).toBe(48);
  const { rows } = await database.pool.query<{ bytes: number }>(
    'select sum(length(readings)) / sum(count)::float8 as bytes from reading_page',
  );
  expect(rows[0]?.bytes).toBeLessThan(2);
  await expectToReadLike(before, 1);
});

it('take in what comes late, and keep what was there first', async () => {
  const model: Model = new Map(aDay(FROM));
  await insert(1, [...model]);
  await packer.pack();
  await insert(1, [
    [FROM, 99],
    [FROM + 1, 7],
  ]);
  model.set(FROM + 1, 7);
  await expectToReadLike(model, 1);
  await worker.catchUp();
  await expectToReadLike(model, 1);
  expect(await count('reading_page')).toBe(0);
  await packer.pack();
  await expectToReadLike(model, 1);
  expect(await count('reading')).toBe(0);
});

it('wait for roll-ups that are stale', async () => {
  await insert(1, aDay(FROM));
  const failing = new RollupWorker(new RollupRepository(database), new FakeClock(FROM), silent);
  await new Packer(pages, partitions, failing, clock, silent).pack();
  expect(await count('reading_page')).toBe(0);
});

/** A change that nobody marks: what moves readings does that, and whoever is careless with it. */
async function unmarked(sql: string): Promise<void> {
  const client = await another();
  await client.query(`set local hearth.keep_rollups = 'on'`);
  await client.query(sql);
  await commit(client);
}

const DAY_ROWS = `series_id = 1 and ts >= '2026-05-30' and ts < '2026-05-31'`;

it.each([
  ['more', `insert into reading values (1, '2026-05-30 00:00:01Z', 9)`, [FROM + 1_000, 9]],
  // Of two values of one time the older one stays.
  ['another', `update reading set value = 9 where ${DAY_ROWS} and ts = '2026-05-30'`, [FROM, 0]],
] as const)(
  'do not drop a table that holds %s than its pages do',
  async (_, change, [ts, value]) => {
    for (const isDefault of [false, true]) {
      const model: Model = new Map(aDay(FROM));
      if (isDefault) await database.pool.query('drop table if exists reading_2026_05');
      else await partitions.cover([FROM]);
      await insertRows(1, [...model]);
      await worker.catchUp();
      expect(await pages.pack({ seriesId: 1, dayMs: FROM })).toBe('packed');
      await unmarked(change);
      model.set(ts, value);
      await packer.pack();
      expect(await count('reading')).toBe(model.size);
      expect(await count('reading_page')).toBe(0);
      await expectToReadLike(model, 1);
      await packer.pack();
      expect(await count('reading')).toBe(0);
      await expectToReadLike(model, 1);
      await database.pool.query('delete from reading_page');
    }
  },
);

it('do not drop a partition into which something came while it was compared', async () => {
  const model: Model = new Map(aDay(FROM));
  await insert(1, [...model]);
  await worker.catchUp();
  const late = await another();
  await late.query(`insert into reading values (1, $1, 7), (2, $1, 7)`, [new Date(FROM + 1)]);
  const packing = packer.pack();
  await untilHeldUp(1);
  await commit(late);
  await packing;
  expect(await count('reading')).toBe(model.size + 2);
  await packer.pack();
  expect(await count('reading')).toBe(0);
  await expectToReadLike(model.set(FROM + 1, 7), 1);
  await expectToReadLike(new Map([[FROM + 1, 7]]), 2);
});

it('keep what comes late while its day is being packed', async () => {
  const model: Model = new Map(aDay(FROM));
  await insert(1, [...model]);
  await worker.catchUp();
  const holder = await another();
  // Pages can be read, but not written.
  await holder.query('lock table reading_page in share mode');
  const packing = pages.pack({ seriesId: 1, dayMs: FROM });
  await untilHeldUp(1);
  await insert(1, [[FROM + 1, 7]]);
  model.set(FROM + 1, 7);
  const working = worker.catchUp();
  await Promise.race([working, untilHeldUp(2)]);
  await commit(holder);
  expect(await packing).toBe('packed');
  await working;
  await expectToReadLike(model, 1);
  await packer.pack();
  expect(await count('reading')).toBe(0);
  await expectToReadLike(model, 1);
});

it('go on with the other partitions when one is held by somebody', async () => {
  await insert(1, [...aDay(FROM), ...aDay(FROM + 2 * DAY)]);
  const holder = await another();
  await holder.query('lock table reading_2026_05 in row exclusive mode');
  await packer.pack();
  expect((await listPartitions(database.pool)).map(({ name }) => name)).toEqual([
    'reading_2026_05',
  ]);
  await commit(holder);
  await packer.pack();
  expect(await listPartitions(database.pool)).toEqual([]);
});

it('are not written again while nothing changes, whatever else their partition waits for', async () => {
  await insert(1, aDay(FROM));
  await insert(2, aDay(FROM));
  await worker.catchUp();
  await insert(2, [[FROM + 1, 7]]);
  const idle = new RollupWorker(new RollupRepository(database), new FakeClock(FROM), silent);
  await new Packer(pages, partitions, idle, clock, silent).pack();
  const versions = () => database.pool.query('select series_id, ctid, xmin from reading_page');
  const { rows: written } = await versions();
  expect(written).toMatchObject([{ series_id: 1 }]);
  const again = new PagesThatTell(database);
  await new Packer(again, partitions, idle, clock, silent).pack();
  expect(again.lookedInto).toEqual([]);
  expect((await versions()).rows).toEqual(written);
});

class PagesThatTell extends PageRepository {
  readonly lookedInto: SeriesDay[] = [];

  override pack(day: SeriesDay) {
    this.lookedInto.push(day);
    return super.pack(day);
  }
}

describe('a forgotten series', () => {
  const rest = [
    'reading',
    'reading_page',
    ...['minute', 'quarter', 'hour', 'day', 'dirty'].map((name) => `rollup_${name}`),
    'forgotten_series',
  ];

  it.each([
    ['packed', 'rollup_quarter', () => pages.pack({ seriesId: 1, dayMs: FROM })],
    ['rolled up', 'rollup_day', () => worker.catchUp()],
    ['unpacked', 'rollup_dirty', () => pages.unpack({ seriesId: 1, dayMs: FROM })],
  ])('leaves nothing behind, although it was being %s', async (how, table, move) => {
    await insert(1, aDay(FROM));
    if (how !== 'rolled up') await worker.catchUp();
    if (how === 'unpacked') await packer.pack();
    await database.pool.query('insert into forgotten_series values (1, now())');
    const forgotten = new ForgottenReadingsRepository(database);
    const holder = await another();
    await holder.query(`lock table ${table} in share mode`);
    const moving = move();
    await untilHeldUp(1);
    await forgotten.removeReadings(1, 1e6);
    const finished = forgotten.finish(1);
    await untilHeldUp(2);
    await commit(holder);
    await Promise.all([moving, finished]);
    expect(await Promise.all(rest.map(count))).toEqual(rest.map(() => 0));
  });

  it('does not become rows again while it is removed', async () => {
    await insert(1, aDay(FROM));
    await worker.catchUp();
    await pages.pack({ seriesId: 1, dayMs: FROM });
    await new ForgottenReadingsRepository(database).removeReadings(1, 1e6);
    await worker.catchUp();
    expect(await count('reading')).toBe(0);
  });
});

describe('a page that is damaged', () => {
  const model: Model = new Map(aDay(FROM + DAY));
  beforeEach(async () => {
    await insert(1, [...aDay(FROM), ...model]);
    await packer.pack();
    await database.pool.query(`update reading_page set readings = '\\x0900' where day = $1`, [
      new Date(FROM),
    ]);
  });
  const damaged = { fromMs: FROM, toMs: FROM + DAY };

  it('says whose day it is', async () => {
    const error = { seriesId: 1, dayMs: FROM, message: expect.stringContaining('2026-05-30') };
    await expect(readings.list(1, damaged, 10)).rejects.toMatchObject(error);
    await expect(buckets.list(1, damaged, 30 * MINUTE)).rejects.toMatchObject(error);
    await expect(rollups.list(1, damaged, 'quarter')).rejects.toMatchObject(error);
    const next = { fromMs: FROM + DAY, toMs: FROM + 2 * DAY };
    expect(await readings.list(1, next, 1e6)).toHaveLength(model.size);
  });

  it('stays as it is, and holds up nobody but its own day', async () => {
    await insert(1, [[FROM + 1, 7]]);
    await insert(1, [[FROM + DAY + 1, 7]]);
    await packer.pack();
    await packer.pack();
    const { rows } = await database.pool.query(
      `select readings from reading_page where day = '2026-05-30'`,
    );
    expect(rows).toEqual([{ readings: Buffer.from([9, 0]) }]);
    expect(await count('reading')).toBe(1 + model.size + 1);
    const { rows: marks } = await database.pool.query<{ hour: Date }>(
      'select hour from rollup_dirty',
    );
    expect(marks.map(({ hour }) => hour.getTime())).toEqual([FROM]);
    const next = { fromMs: FROM + DAY, toMs: FROM + 2 * DAY };
    expect(await readings.list(1, next, 1e6)).toHaveLength(model.size + 1);
  });
});

it('empty the default partition as well', async () => {
  const model: Model = new Map(aDay(FROM));
  await database.pool.query(
    `insert into reading select 1, * from unnest($1::timestamptz[], $2::float8[])`,
    [[...model.keys()].map((ts) => new Date(ts)), [...model.values()]],
  );
  expect(await count('reading_default')).toBe(model.size);
  await packer.pack();
  expect(await count('reading_default')).toBe(0);
  await expectToReadLike(model, 1);
});

it('are counted when days are packed, and when they become rows again', async () => {
  await insert(1, [...aDay(FROM), ...aDay(FROM + DAY)]);
  await packer.pack();
  expect([packer.packedDays, packer.unpackedDays]).toEqual([2, 0]);
  await insert(1, [[FROM + 7, 1]]);
  await packer.pack();
  expect([packer.packedDays, packer.unpackedDays]).toEqual([3, 1]);
});

it('of too many late days are charted as they are, until they are packed anew', async () => {
  const model: Model = new Map(aDay(FROM));
  for (const day of [1, 2, 3]) for (const row of aDay(FROM + day * DAY)) model.set(...row);
  await insert(1, [...model]);
  await packer.pack();
  const late: Row[] = Array.from({ length: 4 * 24 }, (_, hour) => [FROM + hour * HOUR + 7, -99]);
  await insert(1, late);
  const readingsOfDay = aDay(FROM).length;
  const bounds = { hours: 24, rows: 1e6, paged: readingsOfDay * 2 };
  const isLate = async (widthMs: number): Promise<boolean[]> => {
    const answer = await buckets.list(1, RANGE, widthMs, bounds);
    expect(answer.isComplete).toBe(false);
    return answer.buckets.map(({ min }) => min === -99);
  };
  expect(await isLate(DAY)).toEqual([false, false, true, true]);
  const quarters = await isLate(30 * MINUTE);
  expect([quarters.indexOf(true), quarters.lastIndexOf(true)]).toEqual([2 * 48, 4 * 48 - 2]);
  await worker.catchUp();
  for (const [ts, value] of late) model.set(ts, value);
  await expectToReadLike(model, 1);
});

it('leave the last week as rows', async () => {
  await insert(1, aDay(NOW - 6 * DAY));
  await packer.pack();
  expect(await count('reading_page')).toBe(0);
});

it('know the newest reading of a series that has been silent for long', async () => {
  await database.pool.query(
    `with home as (insert into home (id, name, "timeZone") values (gen_random_uuid(), 'H', 'UTC') returning id),
       device as (insert into device (id, "homeId", name, kind, "secretHash")
         select 'porch', id, 'P', 'sensor', '' from home returning id)
     insert into series (id, device_id, metric, kind) select 1, id, 'temperature', 'number' from device`,
  );
  await insert(1, aDay(FROM));
  await packer.pack();
  const [series] = await new SeriesRepository(database).listAll();
  expect(series?.latest).toEqual({ ts: FROM + DAY - 5 * MINUTE, value: 3.7 });
});

/** Another connection in a transaction, which may hold others up. */
async function another(): Promise<PoolClient> {
  const client = await database.pool.connect();
  await client.query('begin');
  return client;
}

async function commit(client: PoolClient): Promise<void> {
  await client.query('commit');
  client.release();
}

/** Resolves when so many statements wait for a lock. */
async function untilHeldUp(statements: number): Promise<void> {
  await eventually('somebody waits for a lock', async () => {
    const { rows } = await database.pool.query<{ waiting: number }>(
      `select count(*)::int as waiting from pg_stat_activity
       where wait_event_type = 'Lock' and datname = current_database()`,
    );
    return (rows[0]?.waiting ?? 0) >= statements;
  });
}

describe('readers of a day that moves meanwhile', () => {
  const day = { seriesId: 1, dayMs: FROM };
  const model: Model = new Map(aDay(FROM));
  const range = { fromMs: FROM, toMs: FROM + DAY };
  const readers: readonly [string, () => Promise<number>][] = [
    ['lists', async () => (await readings.list(1, range, 1e6)).length],
    ['buckets', async () => countOf(await listBuckets(1, range, 30 * MINUTE))],
    ['narrow buckets', async () => countOf(await listBuckets(1, range, 10_000))],
    ['roll-ups', async () => countOf(await rollups.list(1, range, 'quarter'))],
  ];
  const countOf = (all: readonly { count: number }[]): number =>
    all.reduce((sum, { count }) => sum + count, 0);

  it.each(readers)('see it in %s while it becomes a page', async (_, read) => {
    await insert(1, [...model]);
    await worker.catchUp();
    const mover = await another();
    await mover.query('lock table reading in access exclusive mode');
    const reading = read();
    await untilHeldUp(1);
    await mover.query(
      `insert into reading_page (series_id, day, count, newest_at, newest, readings)
       values (1, $1, $2, $1, 0, $3)`,
      [new Date(FROM), model.size, encodePage(columns(model), FROM)],
    );
    await mover.query('delete from rollup_minute; delete from rollup_quarter');
    await mover.query('drop table reading_2026_05');
    await commit(mover);
    expect(await reading).toBe(model.size);
  });

  it.each(readers)('see it in %s while it becomes rows', async (_, read) => {
    await insert(1, [...model]);
    await packer.pack();
    await partitions.cover([FROM]);
    const mover = await another();
    await mover.query('lock table reading_page, rollup_dirty in access exclusive mode');
    const reading = read();
    await untilHeldUp(1);
    await mover.query(
      `insert into reading select 1, * from unnest($1::timestamptz[], $2::float8[])`,
      [[...model.keys()].map((ts) => new Date(ts)), [...model.values()]],
    );
    await mover.query('delete from reading_page');
    await commit(mover);
    expect(await reading).toBe(model.size);
    expect(await pages.listPaged([day])).toEqual([]);
  });
});

const columns = (model: Model) => ({
  ts: Float64Array.from(model.keys()),
  values: Float64Array.from(model.values()),
});

const row = fc.tuple(
  fc.integer({ min: 0, max: 4 * 24 * 60 - 1 }).map((at) => FROM + at * MINUTE),
  fc.integer({ min: -400, max: 400 }).map((tenths) => tenths / 10),
);
const step = fc.oneof(
  fc.record({ do: fc.constant('insert' as const), rows: fc.array(row, { maxLength: 40 }) }),
  fc.record({ do: fc.constantFrom('roll up' as const, 'pack' as const, 'wait' as const) }),
);

it('read as the readings did, after any order of inserts, roll-ups and packing', async () => {
  let series = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
      series += 1;
      const model: Model = new Map();
      for (const one of steps) {
        if (one.do === 'insert') {
          for (const [ts, value] of one.rows) if (!model.has(ts)) model.set(ts, value);
          await insert(series, one.rows);
        } else if (one.do === 'roll up') await worker.catchUp();
        else if (one.do === 'pack') await packer.pack();
        else clock.advance(2 * MINUTE);
        await expectToReadLike(model, series);
      }
    }),
    { numRuns: 25 },
  );
}, 120_000);
