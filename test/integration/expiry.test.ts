// History that a home keeps no longer: what must go goes, nothing else does, and nobody waits for it.
import { randomUUID } from 'node:crypto';
import {
  DEFAULT_RETENTION,
  type DeviceId,
  type HomeId,
  type RetentionSettings,
} from '@hearth/contracts';
import { createDatabase, listPartitions, type Database } from '@hearth/db';
import { createTestDatabase, type TestDatabase } from '@hearth/db/testing';
import { combine, rollUp, TIER_MS, type Rollup } from '@hearth/history';
import { SeriesBook, type Ingest } from '@hearth/ingest';
import { FakeClock } from '@hearth/testkit';
import * as fc from 'fast-check';
import { pino } from 'pino';
import { ReadingPartitions } from '../../apps/api/src/ingest/reading-partitions.repository.js';
import { Packer } from '../../apps/api/src/pages/packer.service.js';
import { PageRepository } from '../../apps/api/src/pages/page.repository.js';
import { RawReadings } from '../../apps/api/src/readings/raw-readings.repository.js';
import { cutsOf } from '../../apps/api/src/retention/cuts.js';
import {
  ExpiredRepository,
  type HomeHistory,
  type Store,
} from '../../apps/api/src/retention/expired.repository.js';
import { Expiry } from '../../apps/api/src/retention/expiry.service.js';
import { HomeRetentionRepository } from '../../apps/api/src/retention/home-retention.repository.js';
import { HorizonKeeper } from '../../apps/api/src/retention/horizon-keeper.service.js';
import { Horizons } from '../../apps/api/src/retention/horizons.js';
import { RollupRepository } from '../../apps/api/src/rollups/rollup.repository.js';
import { RollupWorker } from '../../apps/api/src/rollups/rollup-worker.service.js';

const { minute: MINUTE, hour: HOUR, day: DAY } = TIER_MS;
const FROM = Date.UTC(2026, 2, 20);
const NOW = FROM + 60 * DAY + 5 * HOUR;
const ALWAYS = { fromMs: FROM - 400 * DAY, toMs: NOW + 400 * DAY };
const silent = pino({ level: 'silent' });
const FOR_EVER: RetentionSettings = {
  fullDetailDays: null,
  hourlyDays: null,
  dailyDays: null,
  stateDays: null,
  eventDays: null,
};
const audit = { homeId: null, actor: 'test', action: 'home.retention-changed', subject: '' };

let testDatabase: TestDatabase;
let database: Database;
let clock: FakeClock;
let book: SeriesBook;
let partitions: ReadingPartitions;
let retention: HomeRetentionRepository;
let readings: RawReadings;
let worker: RollupWorker;
let packer: Packer;
let keeper: HorizonKeeper;
let expiry: Expiry;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = await createDatabase(testDatabase.url);
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

const TABLES = ['home', 'reading', 'reading_page', 'rollup_dirty', 'state_change'];
const ROLLUPS = ['rollup_minute', 'rollup_quarter', 'rollup_hour', 'rollup_day'];

async function begin(): Promise<void> {
  await database.pool.query(`truncate ${[...TABLES, ...ROLLUPS].join()} cascade`);
  for (const { name } of await listPartitions(database.pool)) {
    await database.pool.query(`drop table ${name}`);
  }
  clock = new FakeClock(NOW);
  retention = new HomeRetentionRepository(database);
  readings = new RawReadings(database);
  await restart();
}
beforeEach(begin);
afterEach(() => stop());

async function stop(): Promise<void> {
  await expiry.beforeApplicationShutdown();
  await packer.beforeApplicationShutdown();
  await worker.beforeApplicationShutdown();
}

/** As a start of the process has it. */
async function restart(expired = new ExpiredRepository(database)): Promise<void> {
  book = new SeriesBook(10);
  partitions = new ReadingPartitions(database, clock);
  worker = new RollupWorker(new RollupRepository(database), clock, silent);
  packer = new Packer(new PageRepository(database), partitions, worker, clock, silent);
  const ingest = { join: () => ({ settled: Promise.resolve() }) } as unknown as Ingest;
  keeper = new HorizonKeeper(retention, expired, worker, ingest, book, new Horizons());
  await keeper.onModuleInit();
  expiry = new Expiry(retention, expired, keeper, partitions, clock, silent);
}

interface TestHome {
  readonly id: HomeId;
  readonly series: number;
  readonly text: number;
}

async function aHome(): Promise<TestHome> {
  const homeId = randomUUID() as HomeId;
  const { prisma } = database;
  await prisma.home.create({ data: { id: homeId, name: 'H', timeZone: 'UTC' } });
  const id = `porch-${homeId}`.slice(0, 30) as DeviceId;
  await prisma.device.create({
    data: { id, homeId, name: 'Porch', kind: 'sensor', secretHash: '' },
  });
  const make = (metric: string, kind: 'number' | 'text') =>
    prisma.series.create({ data: { deviceId: id, metric, kind } });
  const [number, text] = [await make('temperature', 'number'), await make('mode', 'text')];
  return { id: homeId, series: number.id, text: text.id };
}

const keep = (home: TestHome, settings: Partial<RetentionSettings>): Promise<void> =>
  retention.save(home.id, { ...FOR_EVER, ...settings }, audit);

type Row = readonly [ts: number, value: number];

/** As ingestion inserts; answers what it took. */
async function insert(home: TestHome, rows: readonly Row[]): Promise<Row[]> {
  const taken = rows.filter(([ts]) => ts >= book.keptFrom(home.id));
  await partitions.cover(taken.map(([ts]) => ts));
  await database.pool.query(
    `insert into reading select $1, * from unnest($2::timestamptz[], $3::float8[]) on conflict do nothing`,
    [home.series, taken.map(([ts]) => new Date(ts)), taken.map(([, value]) => value)],
  );
  return taken;
}

const aDay = (dayMs: number, step = 30 * MINUTE): Row[] =>
  Array.from({ length: DAY / step }, (_, i) => [dayMs + i * step, (i % 50) / 10]);
const days = (from: number, to: number): Row[] =>
  Array.from({ length: to - from }, (_, day) => aDay(FROM + (from + day) * DAY)).flat();

/** Until there are only pages. */
async function packAll(): Promise<void> {
  await packer.pack();
  clock.advance(2 * MINUTE);
  await packer.pack();
}

async function count(table: string, seriesId: number): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(
    `select count(*)::int as count from ${table} where series_id = $1`,
    [seriesId],
  );
  return rows[0]?.count ?? 0;
}

async function stored(seriesId: number, tier: 'hour' | 'day'): Promise<Rollup[]> {
  const { rows } = await database.pool.query<Rollup>(
    `select (extract(epoch from bucket) * 1000)::float8 as "startMs", min, max, sum, count, first, last
     from rollup_${tier} where series_id = $1 order by bucket`,
    [seriesId],
  );
  return rows;
}

function recount(rows: ReadonlyMap<number, number>, tier: 'hour' | 'day'): Rollup[] {
  const sorted = [...rows].sort(([a], [b]) => a - b);
  const minutes = rollUp(
    sorted.map(([ts]) => ts),
    sorted.map(([, value]) => value),
    MINUTE,
  );
  const hours = combine(combine(minutes, TIER_MS.quarter), HOUR);
  return tier === 'hour' ? hours : combine(hours, DAY);
}

/** What should be left of one home. */
class Model {
  readonly detail = new Map<number, number>();
  readonly hours = new Map<number, number>();
  readonly days = new Map<number, number>();

  insert(rows: readonly Row[]): void {
    for (const [ts, value] of rows) {
      if (this.detail.has(ts)) continue;
      for (const each of [this.detail, this.hours, this.days]) each.set(ts, value);
    }
  }

  /** Answers the horizon that this makes. */
  expire(settings: RetentionSettings): number {
    const { fullDetailDays, hourlyDays, dailyDays } = cutsOf(settings, clock.now());
    const isDue = dropBefore(this.detail, fullDetailDays);
    dropBefore(this.hours, hourlyDays);
    dropBefore(this.days, dailyDays);
    return isDue ? fullDetailDays : -Infinity;
  }
}

function dropBefore(rows: Map<number, number>, beforeMs: number): boolean {
  const old = [...rows.keys()].filter((ts) => ts < beforeMs);
  for (const ts of old) rows.delete(ts);
  return old.length > 0;
}

async function expectToHave(home: TestHome, model: Model): Promise<void> {
  const listed = await readings.list(home.series, ALWAYS, 1e9);
  expect(listed.map(({ ts, value }) => [ts, value])).toEqual(
    [...model.detail].sort(([a], [b]) => a - b),
  );
  expect(await stored(home.series, 'hour')).toEqual(recount(model.hours, 'hour'));
  expect(await stored(home.series, 'day')).toEqual(recount(model.days, 'day'));
}

describe(Expiry, () => {
  it('removes days of readings and pages, and leaves their hours and days', async () => {
    const home = await aHome();
    await keep(home, { fullDetailDays: 30 });
    await insert(home, days(0, 60));
    await worker.catchUp();
    const hours = await stored(home.series, 'hour');
    await packAll();
    expect(await count('reading_page', home.series)).toBeGreaterThan(40);
    await expiry.run();
    const [oldest] = await readings.list(home.series, ALWAYS, 1);
    expect(oldest?.ts).toBe(FROM + 30 * DAY);
    expect(await stored(home.series, 'hour')).toEqual(hours);
    expect(await count('rollup_dirty', home.series)).toBe(0);
    expect(expiry.removalOf(home.id)).toBeNull();
  });

  it('drops partitions that no home needs, whole', async () => {
    const [one, other] = [await aHome(), await aHome()];
    await keep(one, { fullDetailDays: 20 });
    await keep(other, { fullDetailDays: 30 });
    await insert(one, days(0, 60));
    await insert(other, days(0, 60));
    await expiry.run();
    // March and April were months that are over; 30 days ago is 19 April, so April stays for one of them.
    const names = (await listPartitions(database.pool)).map(({ name }) => name);
    expect(names[0]).toBe('reading_2026_04');
    expect(await count('reading', one.series)).toBe(20 * 48);
    expect(await count('reading', other.series)).toBe(30 * 48);
    expect(await count('rollup_hour', one.series)).toBe(60 * 24);
  });

  it('drops a partition that it has emptied while another home keeps all', async () => {
    const [one, other] = [await aHome(), await aHome()];
    await keep(one, { fullDetailDays: 20 });
    await keep(other, {});
    await insert(one, days(0, 60));
    await insert(other, days(15, 20));
    await expiry.run();
    const names = (await listPartitions(database.pool)).map(({ name }) => name);
    expect(names[0]).toBe('reading_2026_04');
    expect(await count('reading', other.series)).toBe(5 * 48);
    expect(await count('rollup_dirty', one.series)).toBe(0);
  });

  it('removes hours and days when these are given up as well', async () => {
    const home = await aHome();
    await keep(home, { fullDetailDays: 14, hourlyDays: 20, dailyDays: 40 });
    await insert(home, days(0, 60));
    await expiry.run();
    expect(await count('reading', home.series)).toBe(14 * 48);
    expect(await count('rollup_minute', home.series)).toBe(14 * 48);
    expect(await count('rollup_hour', home.series)).toBe(20 * 24);
    expect(await count('rollup_day', home.series)).toBe(40);
  });

  it('does not let what comes late take the place of a whole hour', async () => {
    const home = await aHome();
    await keep(home, { fullDetailDays: 14 });
    await insert(home, days(40, 60));
    await expiry.run();
    const [hours, daily] = [await stored(home.series, 'hour'), await stored(home.series, 'day')];
    const late = FROM + 41 * DAY;
    expect(await insert(home, [[late + 1, 99]])).toEqual([]);
    // From a process that does not know better, or by hand.
    await database.pool.query('insert into reading values ($1, $2, 99)', [
      home.series,
      new Date(late + 1),
    ]);
    await worker.catchUp();
    expect(await count('rollup_dirty', home.series)).toBe(0);
    await expiry.run();
    expect(await stored(home.series, 'hour')).toEqual(hours);
    expect(await stored(home.series, 'day')).toEqual(daily);
    expect(await count('reading', home.series)).toBe(14 * 48);
  });

  it('rolls up what waits before it removes that', async () => {
    const home = await aHome();
    await keep(home, { fullDetailDays: 14 });
    await insert(home, days(0, 60));
    await worker.catchUp();
    await packer.pack();
    await insert(home, [[FROM + 1, 99]]);
    await expiry.run();
    expect((await stored(home.series, 'hour'))[0]).toMatchObject({ max: 99, count: 3 });
    const [oldest] = await readings.list(home.series, ALWAYS, 1);
    expect(oldest?.ts).toBe(FROM + 46 * DAY);
  });

  it('removes nothing while something waits to be rolled up', async () => {
    const home = await aHome();
    await keep(home, { fullDetailDays: 14 });
    await insert(home, days(40, 60));
    await worker.beforeApplicationShutdown();
    await expiry.run();
    expect(await count('reading', home.series)).toBe(20 * 48);
    expect((await retention.list())[0]?.horizon).toEqual({});
  });

  it('removes also where a page cannot be read', async () => {
    const home = await aHome();
    await keep(home, { fullDetailDays: 14 });
    await insert(home, days(0, 60));
    await packAll();
    await database.pool.query(`update reading_page set readings = '\\x00' where day = $1`, [
      new Date(FROM),
    ]);
    await insert(home, [[FROM + 1, 99]]);
    await worker.catchUp();
    expect(worker.stuck).toHaveLength(1);
    await expiry.run();
    expect(await count('reading_page', home.series)).toBe(14 - 7);
    expect(await count('rollup_hour', home.series)).toBe(60 * 24);
    expect(await count('rollup_dirty', home.series)).toBe(0);
  });

  it('keeps taking late readings while it has removed none', async () => {
    const home = await aHome();
    await keep(home, { fullDetailDays: 14 });
    await insert(home, days(50, 60));
    await expiry.run();
    expect(await insert(home, aDay(FROM))).toHaveLength(48);
    await expiry.run();
    expect(await count('reading', home.series)).toBe(10 * 48);
    expect(await count('rollup_hour', home.series)).toBe(11 * 24);
    expect(await insert(home, aDay(FROM))).toEqual([]);
  });

  it('keeps the text that was in force', async () => {
    const home = await aHome();
    await keep(home, { stateDays: 30 });
    const at = [0, 10, 20, 40, 50];
    await database.prisma.stateChange.createMany({
      data: at.map((day) => ({
        seriesId: home.text,
        ts: new Date(FROM + day * DAY),
        value: `${day}`,
      })),
    });
    await expiry.run();
    const left = await database.prisma.stateChange.findMany({ orderBy: { ts: 'asc' } });
    expect(left.map(({ value }) => value)).toEqual(['20', '40', '50']);
  });

  it('has nothing to do for a home that keeps all', async () => {
    const home = await aHome();
    await keep(home, {});
    await insert(home, days(0, 3));
    clock.advance(4_000 * DAY);
    await expiry.run();
    expect(await count('reading', home.series)).toBe(3 * 48);
  });

  it('keeps five years of detail without being told', async () => {
    const home = await aHome();
    await insert(home, days(0, 2));
    clock.advance((DEFAULT_RETENTION.fullDetailDays! - 60) * DAY);
    await expiry.run();
    expect(await count('reading', home.series)).toBe(2 * 48);
    clock.advance(DAY);
    await expiry.run();
    expect(await count('reading', home.series)).toBe(48);
  });

  it.each(['before', 'after'])('goes on where a crash %s a removal left it', async (when) => {
    const [one, other] = [await aHome(), await aHome()];
    await keep(one, { fullDetailDays: 20, hourlyDays: 30 });
    await keep(other, {});
    const model = new Model();
    model.insert(await insert(one, days(0, 60)));
    await insert(other, days(0, 60));
    await packAll();
    class Failing extends ExpiredRepository {
      #left = 5;
      override async remove(store: Store, home: HomeHistory, beforeMs: number): Promise<number> {
        this.#left -= 1;
        if (this.#left < 0 && when === 'before') throw new Error('the power went');
        const removed = await super.remove({ ...store, rowsAtOnce: 7 }, home, beforeMs);
        if (this.#left < 0) throw new Error('the power went');
        return removed;
      }
    }
    await stop();
    await restart(new Failing(database));
    await expiry.run();
    const left = await readings.list(one.series, ALWAYS, 1e9);
    expect(left.length).toBeGreaterThan(20 * 48);
    expect(left.length).toBeLessThan(60 * 48);
    await stop();
    await restart();
    // Also what comes for the removed days meanwhile finds the horizon where it was.
    expect(await insert(one, [[FROM + 30 * DAY, 99]])).toEqual([]);
    await expiry.run();
    model.expire({ ...FOR_EVER, fullDetailDays: 20, hourlyDays: 30 });
    await expectToHave(one, model);
    expect(await count('rollup_hour', other.series)).toBe(60 * 24);
  });

  it('begins anew when settings change on the way', async () => {
    const home = await aHome();
    await keep(home, { fullDetailDays: 14 });
    await insert(home, days(0, 60));
    await worker.catchUp();
    let isChanged = false;
    class Watched extends ExpiredRepository {
      override async remove(store: Store, of: HomeHistory, beforeMs: number): Promise<number> {
        const removed = await super.remove({ ...store, rowsAtOnce: 10 }, of, beforeMs);
        if (!isChanged) {
          isChanged = true;
          await keep(home, {});
          expect(expiry.removalOf(home.id)).toMatchObject({ removed: 0 });
          expiry.restart();
        }
        return removed;
      }
    }
    await stop();
    await restart(new Watched(database));
    // Who reads holds the partitions: they cannot be dropped whole.
    const reader = await database.pool.connect();
    await reader.query('begin; select from reading limit 1');
    await expiry.run();
    await reader.query('commit');
    reader.release();
    expect(await count('reading', home.series)).toBe(60 * 48 - 10);
  });

  it('lets writers by while a reader holds what it wants to drop', async () => {
    const home = await aHome();
    await keep(home, { fullDetailDays: 14 });
    await insert(home, [...days(0, 60), [NOW - 2 * HOUR, 0]]);
    await worker.catchUp();
    const reader = await database.pool.connect();
    await reader.query('begin; select from reading limit 1');
    const progress = { isDone: false };
    const run = expiry.run().then(() => (progress.isDone = true));
    let longestMs = 0;
    let written = 0;
    while (!progress.isDone) {
      const startedAt = performance.now();
      await insert(home, [[NOW - HOUR + written, 1]]);
      longestMs = Math.max(longestMs, performance.now() - startedAt);
      written += 1;
    }
    await run;
    // The reader is still there: whoever had waited for it would wait yet.
    expect(longestMs).toBeLessThan(5_000);
    expect(await count('reading', home.series)).toBe(14 * 48 + 1 + written);
    expect((await listPartitions(database.pool))[0]?.name).toBe('reading_2026_03');
    await reader.query('commit');
    reader.release();
    await expiry.run();
    expect((await listPartitions(database.pool))[0]?.name).toBe('reading_2026_05_05');
  });

  it('stops between two statements', async () => {
    const home = await aHome();
    await keep(home, { fullDetailDays: 14 });
    await insert(home, days(0, 60));
    await worker.catchUp();
    const stopping = expiry.beforeApplicationShutdown();
    await expiry.run();
    await stopping;
    expect(await count('reading', home.series)).toBe(60 * 48);
  });
});

const row = fc.tuple(
  fc.integer({ min: 0, max: 59 * 24 * 4 - 1 }).map((at) => FROM + at * TIER_MS.quarter),
  fc.integer({ min: -400, max: 400 }).map((tenths) => tenths / 10),
);
const which = fc.constantFrom(0, 1);
const ladder = fc.constantFrom(
  { fullDetailDays: 14, hourlyDays: 14, dailyDays: 14 },
  { fullDetailDays: 14, hourlyDays: 30, dailyDays: 50 },
  { fullDetailDays: 20, hourlyDays: null, dailyDays: null },
  { fullDetailDays: 40, hourlyDays: 40, dailyDays: null },
  { fullDetailDays: null, hourlyDays: null, dailyDays: null },
);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('insert' as const),
      which,
      rows: fc.array(row, { maxLength: 30 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('keep' as const), which, settings: ladder }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('roll up' as const, 'pack' as const, 'expire' as const, 'wait' as const),
    }),
  },
);

it('leaves two homes what each keeps, after any order of inserts, settings, packing and removal', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 16 }), async (steps) => {
      await stop();
      await begin();
      const homes = [await aHome(), await aHome()];
      const models = [new Model(), new Model()];
      const settings = [FOR_EVER, FOR_EVER];
      const horizons = [-Infinity, -Infinity];
      const [accepted, expected]: [Row[], Row[]] = [[], []];
      for (const home of homes) await keep(home, {});
      const expire = async (): Promise<void> => {
        await expiry.run();
        models.forEach((model, index) => {
          horizons[index] = Math.max(horizons[index]!, model.expire(settings[index]!));
        });
      };
      for (const one of steps) {
        if (one.do === 'insert') {
          const taken = one.rows.filter(([ts]) => ts >= horizons[one.which]!);
          models[one.which]!.insert(taken);
          expected.push(...taken);
          accepted.push(...(await insert(homes[one.which]!, one.rows)));
        } else if (one.do === 'keep') {
          settings[one.which] = { ...FOR_EVER, ...one.settings };
          await keep(homes[one.which]!, one.settings);
        } else if (one.do === 'roll up') await worker.catchUp();
        else if (one.do === 'pack') await packer.pack();
        else if (one.do === 'expire') await expire();
        else clock.advance(DAY / 3);
      }
      await worker.catchUp();
      await expire();
      expect(accepted).toEqual(expected);
      for (const [index, home] of homes.entries()) await expectToHave(home, models[index]!);
    }),
    { numRuns: 25 },
  );
}, 180_000);
