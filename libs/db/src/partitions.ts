// Partitions of `reading`: a day each; a month that is over gets one for all of it, so that a backfill of years makes no
// thousands of tables. A default partition takes what has none, so an insert never fails for want of one.
import type { Pool } from 'pg';
import { inTransaction } from './transaction.js';

const DAY_MS = 86_400_000;

/** A partition: from `fromMs` to just before `toMs`, epoch milliseconds. */
export interface Partition {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The partitions that a time may lie in, the one to be preferred first. All in UTC. */
export function partitionsFor(timeMs: number, nowMs: number): Partition[] {
  const day = dayPartition(timeMs);
  const month = monthPartition(timeMs);
  return month.toMs <= nowMs ? [month, day] : [day];
}

/**
 * Makes a partition for a time, unless it lies in one already. Rows that lie in the default partition stay there: moving
 * them is no work for the hot path. Answers false when somebody holds the table too long, as a dump does: not made, and to
 * be tried again.
 */
export async function ensurePartition(pool: Pool, timeMs: number, nowMs: number): Promise<boolean> {
  for (const partition of partitionsFor(timeMs, nowMs)) {
    const outcome = await create(pool, partition);
    if (outcome !== 'overlaps') return outcome !== 'held';
  }
  return true;
}

/** What partitions there are, the oldest first; the default one is left out. */
export async function listPartitions(pool: Pool): Promise<Partition[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select relname as name from pg_inherits join pg_class on pg_class.oid = inhrelid
     where inhparent = 'reading'::regclass order by relname`,
  );
  return rows
    .flatMap(({ name }) => parsePartitionName(name) ?? [])
    .sort((a, b) => a.fromMs - b.fromMs);
}

/** The span of a partition that has such a name; undefined for other names. */
export function parsePartitionName(name: string): Partition | undefined {
  const [, year, month, day] = /^reading_(\d{4})_(\d{2})(?:_(\d{2}))?$/.exec(name) ?? [];
  if (year === undefined || month === undefined) return undefined;
  const timeMs = Date.UTC(Number(year), Number(month) - 1, Number(day ?? 1));
  return day === undefined ? monthPartition(timeMs) : dayPartition(timeMs);
}

function dayPartition(timeMs: number): Partition {
  const fromMs = Math.floor(timeMs / DAY_MS) * DAY_MS;
  const name = `reading_${isoDay(fromMs).replaceAll('-', '_')}`;
  return { name, fromMs, toMs: fromMs + DAY_MS };
}

function monthPartition(timeMs: number): Partition {
  const date = new Date(timeMs);
  const fromMs = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  const toMs = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  const name = `reading_${isoDay(fromMs).slice(0, 7).replace('-', '_')}`;
  return { name, fromMs, toMs };
}

function isoDay(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

/** Longest that making a partition waits for who reads the table: everybody else who wants it waits behind. */
const LOCK_PATIENCE = `set local lock_timeout = '500ms'`;

/** SQLSTATEs: a relation of this name is there, its span overlaps another's, its rows are in the default partition, a lock was not to be had. */
const DUPLICATE_TABLE = '42P07';
const INVALID_OBJECT_DEFINITION = '42P17';
const CHECK_VIOLATION = '23514';
const LOCK_NOT_AVAILABLE = '55P03';

async function create(
  pool: Pool,
  { name, fromMs, toMs }: Partition,
): Promise<'there' | 'made' | 'overlaps' | 'held'> {
  const { rows } = await pool.query<{ there: boolean }>(
    'select to_regclass($1) is not null as there',
    [name],
  );
  if (rows[0]?.there === true) return 'there';
  try {
    const [from, to] = [fromMs, toMs].map((time) => new Date(time).toISOString());
    await inTransaction(pool, async (queries) => {
      await queries.query(LOCK_PATIENCE);
      await queries.query(
        `create table ${name} partition of reading for values from ('${from}') to ('${to}')`,
      );
    });
    return 'made';
  } catch (error) {
    const code = (error as { code?: string }).code ?? '';
    if (code === DUPLICATE_TABLE || code === CHECK_VIOLATION) return 'there';
    if (code === INVALID_OBJECT_DEFINITION) return 'overlaps';
    if (code === LOCK_NOT_AVAILABLE) return 'held';
    throw error;
  }
}
