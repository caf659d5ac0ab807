// What a home takes on disk and how fast that grows, measured without reading it all: estimates for people.
import { Inject, Injectable } from '@nestjs/common';
import type { RetentionField } from '@hearth/contracts';
import type { Database } from '@hearth/db';
import { TIER_MS } from '@hearth/history';
import { DATABASE } from '../database/database.js';
import type { HomeHistory } from './expired.repository.js';
import type { StoredPart } from './storage-forecast.js';

/** The rate is that of so many days, less for a home that is younger. */
const RATE_DAYS = 7;
/** Days that stay rows before they become pages: a week, and the day that is not over. */
const ROW_DAYS = 8;
/** Pages of so many days say what a reading takes in one. */
const PAGE_SAMPLE_DAYS = 37;
/** Header and index entries of a page. */
const PAGE_ROW_BYTES = 100;
/** A table that is larger is sampled where homes share it. */
const SAMPLE_BYTES = 32 * 1024 * 1024;
/** Tables with fewer rows are mostly their first page, and say nothing of the rows to come. */
const ROWS_WORTH_MEASURING = 1_000;

/** Bytes of a row with its index, until there are enough to measure them. */
const USUAL_ROW_BYTES = {
  reading: 80,
  rollup_minute: 130,
  rollup_quarter: 130,
  rollup_hour: 140,
  rollup_day: 150,
  reading_page: 1_000,
  state_change: 90,
  presence_change: 130,
  command: 300,
} as const;
type Table = keyof typeof USUAL_ROW_BYTES;
const TABLES = Object.keys(USUAL_ROW_BYTES) as Table[];
/** A reading of a page until there is one. */
const USUAL_PAGED_BYTES = 2;

const SETTING_OF: Readonly<Record<Table, RetentionField>> = {
  reading: 'fullDetailDays',
  rollup_minute: 'fullDetailDays',
  rollup_quarter: 'fullDetailDays',
  reading_page: 'fullDetailDays',
  rollup_hour: 'hourlyDays',
  rollup_day: 'dailyDays',
  state_change: 'stateDays',
  presence_change: 'eventDays',
  command: 'eventDays',
};
const TIME_OF: Readonly<Record<Table, string>> = {
  reading: 'ts',
  rollup_minute: 'bucket',
  rollup_quarter: 'bucket',
  reading_page: 'day',
  rollup_hour: 'bucket',
  rollup_day: 'bucket',
  state_change: 'ts',
  presence_change: 'at',
  command: 'created_at',
};

export interface StorageFigures {
  readonly parts: readonly StoredPart[];
  /** Epoch milliseconds, by setting. */
  readonly oldest: ReadonlyMap<RetentionField, number>;
  /** Null until an hour is over. */
  readonly readingsPerHour: number | null;
}

interface TableSize {
  readonly bytes: number;
  readonly bytesPerRow: number;
}

/** What came in the last days, per day. */
interface Rates {
  readonly readings: number;
  readonly hours: number;
  readonly days: number;
  readonly states: number;
  readonly presences: number;
  readonly commands: number;
}

@Injectable()
export class StorageFiguresRepository {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  async measure(home: HomeHistory, nowMs: number): Promise<StorageFigures> {
    const sizes = await this.#sizes();
    const shares = await this.#shares(home, sizes);
    const oldest = await this.#oldest(home);
    const rates = await this.#rates(home, oldest.get('rollup_hour'), nowMs);
    const paged = await this.#pagedBytesPerReading(home, nowMs);
    const growth = growthOf(rates, sizes, paged);
    const parts = TABLES.map((table): StoredPart => {
      const from = oldest.get(table);
      const isRows = ['reading', 'rollup_minute', 'rollup_quarter'].includes(table);
      return {
        setting: SETTING_OF[table],
        bytes: from === undefined ? 0 : sizeOf(sizes, table).bytes * (shares.get(table) ?? 0),
        ageDays: from === undefined ? 0 : Math.max(0, nowMs - from) / TIER_MS.day,
        bytesPerDay: growth[table],
        mostDays: isRows ? ROW_DAYS : Infinity,
      };
    });
    return {
      parts,
      oldest: bySetting(oldest),
      readingsPerHour: rates === undefined ? null : rates.readings / 24,
    };
  }

  async #sizes(): Promise<Map<string, TableSize>> {
    const { rows } = await this.#database.pool.query<{ name: Table; bytes: number; rows: number }>(
      `select name, sum(pg_total_relation_size(id))::float8 as bytes,
         sum(pg_stat_get_live_tuples(id))::float8 as rows
       from (
         select name, name::regclass::oid as id from unnest($1::text[]) as names (name)
         where name <> 'reading'
         union all
         select 'reading', inhrelid from pg_inherits where inhparent = 'reading'::regclass) as tables
       group by name`,
      [TABLES],
    );
    return new Map(
      rows.map(({ name, bytes, rows: count }) => [
        name,
        {
          bytes,
          bytesPerRow: count < ROWS_WORTH_MEASURING ? USUAL_ROW_BYTES[name] : bytes / count,
        },
      ]),
    );
  }

  /** Which part of each table is the home's. All of it where there is no other home. */
  async #shares(
    { homeId, seriesIds }: HomeHistory,
    sizes: ReadonlyMap<string, TableSize>,
  ): Promise<Map<Table, number>> {
    const { rows: homes } = await this.#database.pool.query<{ others: boolean }>(
      'select exists (select from device where "homeId" <> $1) as others',
      [homeId],
    );
    const shares = new Map<Table, number>(TABLES.map((table) => [table, 1]));
    if (homes[0]?.others !== true) return shares;
    for (const table of TABLES) {
      const percent = Math.min(100, (100 * SAMPLE_BYTES) / (sizeOf(sizes, table).bytes + 1));
      const weight =
        table === 'reading_page' ? 'length(readings) + coalesce(length(minutes), 0) + 100' : '1';
      const isOurs =
        SETTING_OF[table] === 'eventDays'
          ? 'device_id in (select id from device where "homeId" = $2)'
          : 'series_id = any($1::int[])';
      const { rows } = await this.#database.pool.query<{ share: number | null }>(
        `select sum(${weight}) filter (where ${isOurs})::float8 / nullif(sum(${weight}), 0) as share
         from ${table} tablesample system (${percent.toFixed(6)})
         where $1::int[] is not null and $2::uuid is not null`,
        [seriesIds, homeId],
      );
      shares.set(table, rows[0]?.share ?? 0);
    }
    return shares;
  }

  /** The oldest row of each table, epoch milliseconds: a step into the index for each series. */
  async #oldest({ homeId, seriesIds }: HomeHistory): Promise<Map<Table, number>> {
    const oldest = TABLES.map((table) => {
      const [key, keys] =
        SETTING_OF[table] === 'eventDays'
          ? ['device_id', '(select id from device where "homeId" = $2)']
          : ['series_id', 'unnest($1::int[])'];
      return `select '${table}' as name, min(at) as at from ${keys} as mine (id) cross join lateral (
        select ${TIME_OF[table]} as at from ${table} where ${key} = mine.id order by 1 limit 1) as first`;
    });
    const { rows } = await this.#database.pool.query<{ name: Table; at: Date | null }>(
      `select name, at from (${oldest.join(' union all ')}) as oldest where $1::int[] is not null and $2::uuid is not null`,
      [seriesIds, homeId],
    );
    return new Map(rows.flatMap(({ name, at }) => (at === null ? [] : [[name, at.getTime()]])));
  }

  async #rates(
    { homeId, seriesIds }: HomeHistory,
    firstHourMs: number | undefined,
    nowMs: number,
  ): Promise<Rates | undefined> {
    const toMs = Math.floor(nowMs / TIER_MS.hour) * TIER_MS.hour;
    const fromMs = Math.max(toMs - RATE_DAYS * TIER_MS.day, firstHourMs ?? Infinity);
    if (fromMs >= toMs) return undefined;
    const { rows } = await this.#database.pool.query<Rates>(
      `select hours.*,
         (select count(*)::int from rollup_day
          where series_id = any($1::int[]) and bucket >= $2 and bucket < $3) as days,
         (select count(*)::int from state_change
          where series_id = any($1::int[]) and ts >= $2 and ts < $3) as states,
         (select count(*)::int from presence_change as p join device on device.id = p.device_id
          where device."homeId" = $4 and p.at >= $2 and p.at < $3) as presences,
         (select count(*)::int from command as c join device on device.id = c.device_id
          where device."homeId" = $4 and c.created_at >= $2 and c.created_at < $3) as commands
       from (select coalesce(sum(count), 0)::float8 as readings, count(*)::int as hours from rollup_hour
             where series_id = any($1::int[]) and bucket >= $2 and bucket < $3) as hours`,
      [seriesIds, new Date(fromMs), new Date(toMs), homeId],
    );
    const [row] = rows;
    if (row === undefined) return undefined;
    const days = (toMs - fromMs) / TIER_MS.day;
    return {
      readings: row.readings / days,
      hours: row.hours / days,
      // A row a day for each series, however short the time that was looked at.
      days: row.days / Math.max(1, days),
      states: row.states / days,
      presences: row.presences / days,
      commands: row.commands / days,
    };
  }

  async #pagedBytesPerReading({ seriesIds }: HomeHistory, nowMs: number): Promise<number> {
    const { rows } = await this.#database.pool.query<{ bytes: number | null }>(
      `select sum(length(readings) + coalesce(length(minutes), 0) + $3::int)::float8 / nullif(sum(count), 0) as bytes
       from reading_page where series_id = any($1::int[]) and day >= $2`,
      [seriesIds, new Date(nowMs - PAGE_SAMPLE_DAYS * TIER_MS.day), PAGE_ROW_BYTES],
    );
    return rows[0]?.bytes ?? USUAL_PAGED_BYTES;
  }
}

/** Bytes a day, by table. Minutes and quarters are at most as many as their hours have, and as there are readings. */
function growthOf(
  rates: Rates | undefined,
  sizes: ReadonlyMap<string, TableSize>,
  pagedBytes: number,
): Record<Table, number> {
  const none = { readings: 0, hours: 0, days: 0, states: 0, presences: 0, commands: 0 };
  const { readings, hours, days, states, presences, commands } = rates ?? none;
  const of = (table: Table, rows: number): number => rows * sizeOf(sizes, table).bytesPerRow;
  return {
    reading: of('reading', readings),
    rollup_minute: of('rollup_minute', Math.min(readings, hours * 60)),
    rollup_quarter: of('rollup_quarter', Math.min(readings, hours * 4)),
    reading_page: readings * pagedBytes,
    rollup_hour: of('rollup_hour', hours),
    rollup_day: of('rollup_day', days),
    state_change: of('state_change', states),
    presence_change: of('presence_change', presences),
    command: of('command', commands),
  };
}

function sizeOf(sizes: ReadonlyMap<string, TableSize>, table: Table): TableSize {
  return sizes.get(table) ?? { bytes: 0, bytesPerRow: USUAL_ROW_BYTES[table] };
}

function bySetting(oldest: ReadonlyMap<Table, number>): Map<RetentionField, number> {
  const by = new Map<RetentionField, number>();
  for (const [table, at] of oldest) {
    by.set(SETTING_OF[table], Math.min(at, by.get(SETTING_OF[table]) ?? Infinity));
  }
  return by;
}
