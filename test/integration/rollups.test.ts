// Roll-ups beside a recount from the readings, after whatever was done to these.
import { createDatabase, type Database } from '@hearth/db';
import { createTestDatabase, type TestDatabase } from '@hearth/db/testing';
import { combine, rollUp, TIER_MS, TIERS, type Rollup, type Tier } from '@hearth/history';
import { FakeClock } from '@hearth/testkit';
import * as fc from 'fast-check';
import { pino } from 'pino';
import {
  BucketRepository,
  type PlainBucket,
} from '../../apps/api/src/readings/bucket.repository.js';
import { wholeBuckets } from '../../apps/api/src/readings/range.js';
import { RollupRepository } from '../../apps/api/src/rollups/rollup.repository.js';
import { RollupWorker } from '../../apps/api/src/rollups/rollup-worker.service.js';
import { eventually } from '../support/eventually.js';

const MINUTE = TIER_MS.minute;
const HOUR = TIER_MS.hour;
const DAY = TIER_MS.day;
const FROM = Date.UTC(2026, 4, 30);
const DAYS = 3;
/** Within the third day: what is later is not over. */
const NOW = FROM + 2 * DAY + 9.5 * HOUR;
const RANGE = { fromMs: FROM - 5 * MINUTE, toMs: FROM + DAYS * DAY };

let testDatabase: TestDatabase;
let database: Database;
let buckets: BucketRepository;
let repository: RollupRepository;
let worker: RollupWorker;
let nextSeries = 1;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = await createDatabase(testDatabase.url);
  buckets = new BucketRepository(database);
  repository = new RollupRepository(database);
  worker = new RollupWorker(repository, new FakeClock(NOW), pino({ level: 'silent' }));
});
afterAll(async () => {
  await worker.beforeApplicationShutdown();
  await database.close();
  await testDatabase.drop();
});

type Row = readonly [ts: number, value: number];

async function insert(series: number, rows: readonly Row[]): Promise<void> {
  await database.pool.query(
    `insert into reading select $1, * from unnest($2::timestamptz[], $3::float8[]) on conflict do nothing`,
    [series, rows.map(([ts]) => new Date(ts)), rows.map(([, value]) => value)],
  );
}

async function remove(series: number, fromMs: number, toMs: number): Promise<void> {
  await database.pool.query('delete from reading where series_id = $1 and ts >= $2 and ts < $3', [
    series,
    new Date(fromMs),
    new Date(toMs),
  ]);
}

/** What the readings say. */
async function recount(series: number): Promise<Record<Tier, Rollup[]>> {
  const { rows } = await database.pool.query<{ ts: Date; value: number }>(
    'select ts, value from reading where series_id = $1 order by ts',
    [series],
  );
  const minutes = rollUp(
    rows.map(({ ts }) => ts.getTime()),
    rows.map(({ value }) => value),
    MINUTE,
  );
  const quarters = combine(minutes, TIER_MS.quarter);
  const hours = combine(quarters, HOUR);
  return { minute: minutes, quarter: quarters, hour: hours, day: combine(hours, DAY) };
}

async function stored(series: number, tier: Tier): Promise<Rollup[]> {
  const { rows } = await database.pool.query<Rollup>(
    `select (extract(epoch from bucket) * 1000)::float8 as "startMs", min, max, sum, count, first, last
     from rollup_${tier} where series_id = $1 order by bucket`,
    [series],
  );
  return rows;
}

/** A chart of any width says what the readings say, whatever the worker has done so far. */
async function expectTrueCharts(series: number): Promise<void> {
  const truth = await recount(series);
  for (const widthMs of [MINUTE, 20 * MINUTE, 30 * MINUTE, HOUR, 4 * HOUR, DAY, 2 * DAY]) {
    const { buckets: answer, isComplete } = await buckets.list(
      series,
      wholeBuckets(RANGE, widthMs),
      widthMs,
    );
    expect(isComplete).toBe(true);
    const expected = combine(truth.minute, widthMs);
    const withoutSum = ({ startMs, min, max, count }: PlainBucket) => ({
      startMs,
      min,
      max,
      count,
    });
    expect(answer.map(withoutSum)).toEqual(expected.map(withoutSum));
    answer.forEach(({ sum }, index) => expect(sum).toBeCloseTo(expected[index]!.sum, 6));
  }
}

const row = fc.tuple(
  fc.integer({ min: 0, max: DAYS * 24 * 60 * 6 - 1 }).map((tenth) => FROM + tenth * 10_000),
  fc.float({ min: -50, max: 50, noNaN: true }),
);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('insert' as const),
      rows: fc.array(row, { maxLength: 60 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('remove' as const),
      hour: fc.integer({ min: 0, max: DAYS * 24 }),
      hours: fc.integer({ min: 1, max: 30 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('work' as const) }) },
);

it('are what a recount says, after any order of inserts, repeats, late ones and deletions', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const series = nextSeries++;
      for (const one of steps) {
        if (one.do === 'insert') await insert(series, one.rows);
        else if (one.do === 'remove') {
          await remove(series, FROM + one.hour * HOUR, FROM + (one.hour + one.hours) * HOUR);
        } else await worker.catchUp();
        await expectTrueCharts(series);
      }
      // All hours are over now.
      const later = new RollupWorker(
        repository,
        new FakeClock(NOW + 9 * DAY),
        pino({ level: 'silent' }),
      );
      await later.catchUp();
      expect(await repository.countStale(10)).toBe(0);
      const truth = await recount(series);
      for (const tier of TIERS) expect(await stored(series, tier)).toEqual(truth[tier]);
    }),
    { numRuns: 25 },
  );
}, 120_000);

it('leave an hour that is not over to the readings', async () => {
  const series = nextSeries++;
  await insert(series, [
    [NOW - 1_000, 1],
    [NOW - 2 * HOUR, 2],
  ]);
  await worker.catchUp();
  expect(await stored(series, 'hour')).toHaveLength(1);
  expect(await repository.countStale(10)).toBe(1);
  await expectTrueCharts(series);
});

it('are waited for where more is stale than a chart may read, and the newest is there at once', async () => {
  const series = nextSeries++;
  const rows = Array.from({ length: 48 * 6 }, (_, index): Row => [
    FROM + index * 10 * MINUTE,
    index,
  ]);
  await insert(series, rows);
  const range = { fromMs: FROM, toMs: FROM + 2 * DAY };
  // The newest 12 hours, and 60 rows: 10 hours more.
  const bounds = { hours: 12, rows: 60, paged: 0 };
  for (const [widthMs, atOnce] of [
    [HOUR, [24 + 2, 22]],
    [30 * MINUTE, [2 * (24 + 2), 44]],
    [DAY, [1, 1]],
  ] as const) {
    const answer = await buckets.list(series, range, widthMs, bounds);
    expect(answer.isComplete).toBe(false);
    const first = Math.floor(((answer.buckets[0]?.startMs ?? 0) - FROM) / widthMs);
    expect([first, answer.buckets.length]).toEqual(atOnce);
  }
  await worker.catchUp();
  expect((await buckets.list(series, range, HOUR, bounds)).isComplete).toBe(true);
  await expectTrueCharts(series);
});

it('tell how many hours wait, without counting them all', async () => {
  const series = nextSeries++;
  const hours = Array.from({ length: 5 }, (_, hour): Row => [NOW - hour * HOUR, hour]);
  await insert(series, hours);
  const waiting = await repository.countStale(1e6);
  expect(await repository.countStale(3)).toBe(3);
  const fresh = new RollupWorker(repository, new FakeClock(NOW), pino({ level: 'silent' }));
  expect(fresh.stale).toBeUndefined();
  await fresh.catchUp();
  expect(fresh.stale).toBe(waiting);
  expect(fresh.recomputed).toBe(4);
});

it('wait for readings whose commit was under way when their hour was claimed', async () => {
  const series = nextSeries++;
  await insert(series, [[FROM, 1]]);
  const slow = await database.pool.connect();
  await slow.query('begin');
  await slow.query('insert into reading values ($1, $2, 5)', [series, new Date(FROM + 1_000)]);
  const work = worker.catchUp();
  await eventually('the hour is claimed', async () => {
    const { rowCount } = await database.pool.query(
      'select from rollup_dirty where series_id = $1 and claimed',
      [series],
    );
    return rowCount === 1;
  });
  await slow.query('commit');
  slow.release();
  await work;
  await worker.catchUp();
  expect(await stored(series, 'hour')).toEqual([
    { startMs: FROM, min: 1, max: 5, sum: 6, count: 2, first: 1, last: 5 },
  ]);
});

it('go on where a crash left hours claimed', async () => {
  const series = nextSeries++;
  await insert(series, [[FROM, 1]]);
  expect(await repository.claim(NOW, 100)).toContainEqual({ seriesId: series, hourMs: FROM });
  await expectTrueCharts(series);
  await insert(series, [[FROM + 1, 2]]);
  await worker.catchUp();
  expect((await stored(series, 'minute')).map(({ count }) => count)).toEqual([2]);
});

it('survive values that no sum can hold', async () => {
  const series = nextSeries++;
  await insert(series, [
    [FROM, Number.MAX_VALUE],
    [FROM + 1, Number.MAX_VALUE],
  ]);
  await worker.catchUp();
  expect((await stored(series, 'day')).map(({ max, count }) => [max, count])).toEqual([
    [Number.MAX_VALUE, 2],
  ]);
});

it('stay when readings are moved elsewhere by who says so', async () => {
  const series = nextSeries++;
  await insert(series, [[FROM, 1]]);
  await worker.catchUp();
  const mover = await database.pool.connect();
  await mover.query(`begin; set local hearth.keep_rollups = 'on'`);
  await mover.query('delete from reading where series_id = $1', [series]);
  await mover.query('commit');
  mover.release();
  await worker.catchUp();
  expect(await stored(series, 'hour')).toHaveLength(1);
});
