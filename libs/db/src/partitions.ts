// Monthly partitions of `reading`. A default partition takes what has none, so an insert never fails for want of one.
import type { Pool } from 'pg';

const MILLISECONDS_A_DAY = 86_400_000;

/** First moments of the months that the range touches, epoch milliseconds. */
export function monthsBetween(fromMs: number, toMs: number): number[] {
  const months: number[] = [];
  const first = new Date(fromMs);
  let month = Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), 1);
  while (month <= toMs) {
    months.push(month);
    const date = new Date(month);
    month = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  }
  return months;
}

/** Name of a month's partition, for example `reading_2026_11`. */
export function partitionName(monthMs: number): string {
  const [year, month] = new Date(monthMs).toISOString().split('-');
  return `reading_${year}_${month}`;
}

/**
 * Makes the monthly partitions from `fromMs` to `toMs` (epoch milliseconds) where they are missing and returns how many were made.
 * A month whose rows already lie in the default partition is left there: moving them is no work for the hot path.
 */
export async function ensurePartitions(pool: Pool, fromMs: number, toMs: number): Promise<number> {
  let made = 0;
  for (const month of monthsBetween(fromMs, toMs)) {
    const next = new Date(month + 32 * MILLISECONDS_A_DAY);
    const end = Date.UTC(next.getUTCFullYear(), next.getUTCMonth(), 1);
    if (await createPartition(pool, partitionName(month), month, end)) made += 1;
  }
  return made;
}

/** SQLSTATEs that mean "it is there already" or "its rows are in the default partition". */
const HARMLESS = new Set(['42P07', '42P17', '23514']);

async function createPartition(
  pool: Pool,
  name: string,
  fromMs: number,
  toMs: number,
): Promise<boolean> {
  const there = await pool.query<{ there: boolean }>(
    'select to_regclass($1) is not null as there',
    [name],
  );
  if (there.rows[0]?.there === true) return false;
  try {
    const [from, to] = [fromMs, toMs].map((time) => new Date(time).toISOString());
    await pool.query(
      `create table ${name} partition of reading for values from ('${from}') to ('${to}')`,
    );
    return true;
  } catch (error) {
    if (HARMLESS.has((error as { code?: string }).code ?? '')) return false;
    throw error;
  }
}
