// `npm run bench:storage`: what cold readings cost in other forms than pages; docs/adr/0016-roll-ups-and-pages.md has a table of it.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createDatabase } from '@hearth/db';
import { decodePage, encodePage, TIER_MS } from '@hearth/history';
import type { PoolClient } from 'pg';
import { withPostgres } from './bench-api.js';
import { CopyRows, copyInto } from './copy-rows.js';
import { quantile } from './figures.js';
import { randomFrom, readingsOf, sensorOf } from './history-waves.js';

const HELP = `npm run bench:storage -- [options] [files]

Stores the same readings in several forms, and prints bytes a reading with indexes, how long a day and 30 days of a series
take to read, and what writing a day takes. Files have lines of Unix seconds, a tab and a value, one series each; without
files the readings are made.

  --series N   series that are made (default 20)
  --days N     days that are made, one reading a minute (default 90)
`;

interface Day {
  readonly series: number;
  readonly dayMs: number;
  readonly ts: Float64Array;
  readonly values: Float64Array;
  readonly decimals: number;
}

type Read = (
  client: PoolClient,
  series: number,
  fromMs: number,
  toMs: number,
) => Promise<{ length: number }>;

interface Form {
  readonly name: string;
  /** The table is called `form`. */
  readonly create: string;
  readonly write: (client: PoolClient, days: readonly Day[]) => Promise<void>;
  readonly read: Read;
}

const ROWS = 'create table form (series_id int, ts timestamptz(3), value float8';
const ROW_READ = `select (extract(epoch from ts) * 1000)::float8 as ts, value from form
  where series_id = $1 and ts >= $2 and ts < $3 order by form.ts`;
const DAY_ROWS = 'series_id = $1 and day >= $2 and day < $3';
const EPOCH_OF_DAY = '(extract(epoch from day) * 1000)::float8';

const asRows =
  (text: string): Read =>
  async (client, series, fromMs, toMs) => {
    const values = [series, new Date(fromMs), new Date(toMs)];
    return (await client.query({ name: 'read', text, values })).rows;
  };

const FORMS: readonly Form[] = [
  {
    name: 'rows, primary key',
    create: `${ROWS}, primary key (series_id, ts))`,
    write: writeRows,
    read: asRows(ROW_READ),
  },
  {
    name: 'rows, BRIN of the time only',
    create: `${ROWS}); create index on form using brin (ts) with (pages_per_range = 16)`,
    write: writeRows,
    read: asRows(ROW_READ),
  },
  {
    name: 'arrays of timestamptz and float8',
    create:
      'create table form (series_id int, day timestamptz, ts timestamptz[], value float8[], primary key (series_id, day))',
    write: eachDay((client, { series, dayMs, ts, values }) =>
      insertDay(client, '$3::timestamptz[], $4::float8[]', [
        series,
        new Date(dayMs),
        Array.from(ts, (moment) => new Date(moment)),
        [...values],
      ]),
    ),
    read: asRows(`select (extract(epoch from one.ts) * 1000)::float8 as ts, one.value
      from form, unnest(form.ts, form.value) as one (ts, value) where ${DAY_ROWS} order by one.ts`),
  },
  {
    name: 'arrays of differences, int4',
    create:
      'create table form (series_id int, day timestamptz, scale float8, ts int4[], value int4[], primary key (series_id, day))',
    write: eachDay((client, { series, dayMs, ts, values, decimals }) => {
      const scale = 10 ** decimals;
      return insertDay(client, '$3::float8, $4::int4[], $5::int4[]', [
        series,
        new Date(dayMs),
        scale,
        differences(Array.from(ts, (moment) => moment - dayMs)),
        differences(Array.from(values, (value) => Math.round(value * scale))),
      ]);
    }),
    read: asRows(`select ${EPOCH_OF_DAY} + sum(one.ts) over place as ts, sum(one.value) over place / scale as value
      from form, unnest(form.ts, form.value) with ordinality as one (ts, value, place) where ${DAY_ROWS}
      window place as (partition by day order by place) order by 1`),
  },
  {
    name: 'pages',
    create:
      'create table form (series_id int, day timestamptz, readings bytea, primary key (series_id, day))',
    write: eachDay((client, { series, dayMs, ts, values }) =>
      insertDay(client, '$3::bytea', [series, new Date(dayMs), encodePage({ ts, values }, dayMs)]),
    ),
    read: async (client, series, fromMs, toMs) => {
      const { rows } = await client.query<{ day: Date; readings: Buffer }>({
        name: 'read',
        text: `select day, readings from form where ${DAY_ROWS} order by day`,
        values: [series, new Date(fromMs), new Date(toMs)],
      });
      const pages = rows.map(({ day, readings }) => decodePage(readings, day.getTime()));
      return { length: pages.reduce((sum, { ts }) => sum + ts.length, 0) };
    },
  },
];

const MONTH_DAYS = 30;
const LOOKS = 60;

const { values: options, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    series: { type: 'string', default: '20' },
    days: { type: 'string', default: '90' },
    help: { type: 'boolean', default: false },
  },
});
const print = (line: string): void => void process.stdout.write(`${line}\n`);

if (options.help) process.stdout.write(HELP);
else await run(files.length > 0 ? files.flatMap(readFile) : makeDays());

async function run(days: readonly Day[]): Promise<void> {
  const readings = days.reduce((sum, { ts }) => sum + ts.length, 0);
  print(
    `${readings} readings of ${days.length} days of a series, ${(readings / days.length).toFixed(0)} a day`,
  );
  await withPostgres(async ({ url }) => {
    const database = await createDatabase(url);
    try {
      await tellCompressions(await database.pool.connect());
      print(`${''.padEnd(34)} bytes a reading    a day   30 days   write a day`);
      for (const form of FORMS) {
        const client = await database.pool.connect();
        try {
          await measure(client, form, days, readings);
        } finally {
          client.release(true);
        }
      }
    } finally {
      await database.close();
    }
  });
}

async function tellCompressions(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ enumvals: string[] }>(
    `select enumvals from pg_settings where name = 'default_toast_compression'`,
  );
  print(`This server compresses values with: ${rows[0]?.enumvals.join(', ')}`);
  client.release();
}

async function measure(
  client: PoolClient,
  { name, create, write, read }: Form,
  days: readonly Day[],
  readings: number,
): Promise<void> {
  await client.query(create);
  const begun = performance.now();
  await write(client, days);
  const writeMs = (performance.now() - begun) / days.length;
  await client.query('vacuum (analyze) form');
  const sizes = await client.query<{ bytes: number }>(
    `select pg_total_relation_size('form')::float8 as bytes`,
  );
  const bytes = (sizes.rows[0]?.bytes ?? 0) / readings;
  const random = randomFrom(3);
  const timesOf = async (width: number): Promise<string> => {
    const times = new Float64Array(LOOKS);
    for (let look = 0; look < LOOKS; look += 1) {
      const { series, dayMs } = days[Math.floor(random() * days.length)] as Day;
      const from = performance.now();
      await read(client, series, dayMs, dayMs + width * TIER_MS.day);
      times[look] = performance.now() - from;
    }
    return `${quantile(times.sort(), 0.5).toFixed(2)} ms`.padStart(9);
  };
  print(
    `${name.padEnd(34)} ${bytes.toFixed(2).padStart(15)} ${await timesOf(1)} ${await timesOf(MONTH_DAYS)} ${writeMs.toFixed(2).padStart(10)} ms`,
  );
  await client.query('drop table form');
}

/** In the order in which they came: of all series, moment by moment. */
async function writeRows(client: PoolClient, days: readonly Day[]): Promise<void> {
  const byDay = groupBy(days, ({ dayMs }) => dayMs);
  for (const ofDay of byDay.values()) {
    const all = ofDay.flatMap(({ series, ts, values }) =>
      Array.from(ts, (moment, row) => ({ series, moment, value: values[row] ?? 0 })),
    );
    all.sort((a, b) => a.moment - b.moment);
    const rows = new CopyRows();
    for (const { series, moment, value } of all) {
      rows.row(3);
      rows.int(series);
      rows.timestamp(moment);
      rows.float(value);
    }
    await copyInto(client, 'form', rows.finish());
  }
}

function eachDay(write: (client: PoolClient, day: Day) => Promise<unknown>): Form['write'] {
  return async (client, days) => {
    for (const day of days) await write(client, day);
  };
}

/** A transaction a day, as pages are written. */
function insertDay(client: PoolClient, columns: string, values: unknown[]): Promise<unknown> {
  return client.query({
    name: 'write',
    text: `insert into form select $1::int, $2::timestamptz, ${columns}`,
    values,
  });
}

function differences(values: readonly number[]): number[] {
  return values.map((value, row) => value - (values[row - 1] ?? 0));
}

function makeDays(): Day[] {
  const firstMs = Date.UTC(2026, 0, 1);
  const [series, days] = [Number(options.series), Number(options.days)];
  return Array.from({ length: series * days }, (_, index): Day => {
    const one = index % series;
    const dayMs = firstMs + Math.floor(index / series) * TIER_MS.day;
    const { decimals } = sensorOf(one);
    return { series: one, dayMs, decimals, ...readingsOf(one, dayMs, TIER_MS.minute, Infinity) };
  }).filter(({ ts }) => ts.length > 0);
}

function readFile(file: string, series: number): Day[] {
  const rows = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
  const decimals = Math.max(...rows.map(([, value = '']) => value.split('.')[1]?.length ?? 0));
  const byDay = groupBy(rows, ([time]) => Math.floor(Number(time) / (TIER_MS.day / 1_000)));
  return [...byDay].map(([day, ofDay]) => ({
    series,
    dayMs: day * TIER_MS.day,
    decimals,
    ts: Float64Array.from(ofDay, ([time]) => Number(time) * 1_000),
    values: Float64Array.from(ofDay, ([, value]) => Number(value)),
  }));
}

function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
