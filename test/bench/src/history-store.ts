// Years of readings straight into storage, in the product's own format: pages, roll-ups, and rows for the last days.
import { Worker } from 'node:worker_threads';
import { createDatabase, ensurePartition, type Database } from '@hearth/db';
import { combine, decodePage, rollUp, TIER_MS } from '@hearth/history';
import type { PoolClient } from 'pg';
import { copyInto } from './copy-rows.js';
import { METRICS_PER_DEVICE, randomFrom, readingsOf, sensorOf } from './history-waves.js';
import type { DayJob, DayRows } from './history-worker.js';

/** As the api keeps them: so many whole days, and today, stay rows. */
const HOT_DAYS = 7;
/** Days that are made ahead of the one that Postgres takes. */
const DAYS_AHEAD = 2;
const TELL_EVERY_MS = 10_000;
const SAMPLE_PAGES = 200;
const TABLES = [
  'reading_page',
  'reading',
  'rollup_minute',
  'rollup_quarter',
  'rollup_hour',
  'rollup_day',
];

export interface StorePlan {
  /** A multiple of the metrics of a device. */
  readonly series: number;
  readonly days: number;
  readonly everyMs: number;
  /** The last reading is before it, epoch milliseconds. */
  readonly endMs: number;
}

export interface FilledStore {
  readonly seriesIds: readonly number[];
  readonly readings: number;
  readonly seconds: number;
  readonly sizes: readonly { table: string; bytes: number; rows: number }[];
}

/** The devices `bench-0` and on are registered. Throws when the sample does not hold. */
export async function fillStore(
  databaseUrl: string,
  plan: StorePlan,
  tell: (line: string) => void,
): Promise<FilledStore> {
  const database = await createDatabase(databaseUrl);
  const client = await database.pool.connect();
  try {
    // Stored with their roll-ups, so there is nothing to mark.
    await client.query(`set hearth.keep_rollups = 'on'`);
    const seriesIds = await addSeries(client, plan.series);
    const begun = performance.now();
    const readings = await copyDays(database, client, seriesIds, plan, tell);
    await client.query(
      `insert into rollup_dirty select unnest($1::int[]), date_bin('1 hour', $2::timestamptz, '1970-01-01T00:00:00Z'), false
       on conflict do nothing`,
      [seriesIds, new Date(plan.endMs)],
    );
    const seconds = (performance.now() - begun) / 1_000;
    tell('vacuum and analyze, as autovacuum would in time');
    for (const table of TABLES) await client.query(`vacuum (analyze) ${table}`);
    await client.query('checkpoint');
    await checkSample(client, seriesIds, plan);
    return { seriesIds, readings, seconds, sizes: await sizesOf(client) };
  } finally {
    client.release(true);
    await database.close();
  }
}

async function addSeries(client: PoolClient, count: number): Promise<number[]> {
  const all = Array.from({ length: count }, (_, series) => series);
  const { rows } = await client.query<{ id: number }>(
    `insert into series (device_id, metric, unit, kind)
     select device_id, metric, unit, 'number' from unnest($1::text[], $2::text[], $3::text[])
       with ordinality as n (device_id, metric, unit, place) order by place returning id`,
    [
      all.map((series) => `bench-${Math.floor(series / METRICS_PER_DEVICE)}`),
      all.map((series) => sensorOf(series).metric),
      all.map((series) => sensorOf(series).unit),
    ],
  );
  return rows.map(({ id }) => id);
}

async function copyDays(
  { pool }: Database,
  client: PoolClient,
  seriesIds: readonly number[],
  plan: StorePlan,
  tell: (line: string) => void,
): Promise<number> {
  const today = Math.floor(plan.endMs / TIER_MS.day);
  const jobs = Array.from({ length: plan.days }, (_, index): DayJob => {
    const day = today - plan.days + 1 + index;
    const { everyMs, endMs } = plan;
    return { seriesIds, dayMs: day * TIER_MS.day, everyMs, endMs, isCold: day < today - HOT_DAYS };
  });
  const maker = new DayMaker();
  try {
    for (const job of jobs.slice(0, DAYS_AHEAD)) maker.order(job);
    const begun = performance.now();
    let [readings, told] = [0, begun];
    for (const [index, job] of jobs.entries()) {
      const day = await maker.next();
      const ahead = jobs[index + DAYS_AHEAD];
      if (ahead !== undefined) maker.order(ahead);
      if (!job.isCold) await ensurePartition(pool, job.dayMs, plan.endMs);
      await client.query('begin');
      for (const [table, rows] of day.tables) await copyInto(client, table, rows);
      await client.query('commit');
      readings += day.readings;
      const now = performance.now();
      if (now - told < TELL_EVERY_MS) continue;
      told = now;
      const left = ((now - begun) / (index + 1)) * (jobs.length - index - 1);
      tell(
        `${index + 1} of ${jobs.length} days, ${(readings / 1e6).toFixed(0)} million readings, ${Math.ceil(left / 1_000)} s left`,
      );
    }
    return readings;
  } finally {
    await maker.stop();
  }
}

/** A thread that makes days in the order in which they are ordered. */
class DayMaker {
  readonly #worker = new Worker(new URL('history-worker.js', import.meta.url));
  readonly #made: DayRows[] = [];
  #wake: (() => void) | undefined;
  #failure: unknown;

  constructor() {
    this.#worker.on('message', (rows: DayRows) => {
      this.#made.push(rows);
      this.#wake?.();
    });
    this.#worker.on('error', (error) => {
      this.#failure = error;
      this.#wake?.();
    });
  }

  order(job: DayJob): void {
    this.#worker.postMessage(job, []);
  }

  async next(): Promise<DayRows> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      const rows = this.#made.shift();
      if (rows !== undefined) return rows;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Pages at random are decoded and compared with what was to be stored, and so are their hours. */
async function checkSample(
  client: PoolClient,
  seriesIds: readonly number[],
  { everyMs, endMs, days }: StorePlan,
): Promise<void> {
  const random = randomFrom(1);
  const today = Math.floor(endMs / TIER_MS.day);
  const coldDays = days - HOT_DAYS - 1;
  const pages = coldDays > 0 ? SAMPLE_PAGES : 0;
  for (let page = 0; page < pages; page += 1) {
    const series = Math.floor(random() * seriesIds.length);
    const dayMs = (today - days + 1 + Math.floor(random() * coldDays)) * TIER_MS.day;
    const { ts, values } = readingsOf(series, dayMs, everyMs, endMs);
    const { rows } = await client.query<{ count: number; readings: Buffer }>(
      'select count, readings from reading_page where series_id = $1 and day = $2',
      [seriesIds[series], new Date(dayMs)],
    );
    const [found] = rows;
    const stored = found === undefined ? undefined : decodePage(found.readings, dayMs);
    const isSame =
      (stored?.ts.length ?? 0) === ts.length &&
      (found?.count ?? 0) === ts.length &&
      ts.every((moment, row) => stored?.ts[row] === moment && stored.values[row] === values[row]);
    const { rows: hours } = await client.query<{ sum: number; count: number }>(
      `select sum, count from rollup_hour where series_id = $1 and bucket >= $2
         and bucket < $2::timestamptz + interval '1 day' order by bucket`,
      [seriesIds[series], new Date(dayMs)],
    );
    const minutes = rollUp(ts, values, TIER_MS.minute);
    const expected = combine(combine(minutes, TIER_MS.quarter), TIER_MS.hour);
    const isRolledUp =
      hours.length === expected.length &&
      expected.every(
        ({ sum, count }, row) => hours[row]?.sum === sum && hours[row].count === count,
      );
    if (!isSame || !isRolledUp) {
      throw new Error(`series ${series}, ${new Date(dayMs).toISOString()}: not what was stored`);
    }
  }
}

async function sizesOf(client: PoolClient): Promise<FilledStore['sizes']> {
  const { rows } = await client.query<{ table: string; bytes: number; rows: number }>(
    `select name as table, sum(pg_total_relation_size(relid))::float8 as bytes,
       sum(reltuples) filter (where isleaf)::float8 as rows
     from unnest($1::text[]) as name, pg_partition_tree(name::regclass) join pg_class on oid = relid
     group by name`,
    [TABLES],
  );
  const plain = await client.query<{ table: string; bytes: number; rows: number }>(
    `select relname as table, pg_total_relation_size(oid)::float8 as bytes, reltuples::float8 as rows
     from pg_class where relname = any($1) and relkind = 'r'`,
    [TABLES],
  );
  const all = [...rows, ...plain.rows];
  return TABLES.flatMap((table) => all.find((one) => one.table === table) ?? []);
}
