// Who moves readings between rows and pages, or recomputes roll-ups from where they are, keeps the others from the same day
// until it has committed. What is read after the lock was granted is what they left.
import type { Queries } from '@hearth/db';
import { TIER_MS } from '@hearth/history';

/** Readings that a transaction moves or gives up from here on are no change of them: roll-ups stay as they are. */
export const KEEP_ROLLUPS = `set local hearth.keep_rollups = 'on'`;

/** First of the two numbers of these advisory locks of Postgres; the ASCII codes of "page". */
const LOCKS = 0x70616765;
/** Second number of the one that everybody shares, but for who wants no other at all. */
const EVERYBODY = -1;
/** Days share so many locks: hours of years are recomputed at once, and a server has room for some thousand locks in all. */
const SLOTS = 256;

/** Keeps others from these days until the transaction ends. To be called once in it, and before anything else. */
export async function lockDays(queries: Queries, timesMs: Iterable<number>): Promise<void> {
  const slots = new Set<number>();
  for (const timeMs of timesMs) slots.add(Math.floor(timeMs / TIER_MS.day) % SLOTS);
  // In one order, so that two who want several never wait for each other.
  await queries.query(
    `select pg_advisory_xact_lock_shared(${LOCKS}, ${EVERYBODY})
     union all
     select pg_advisory_xact_lock(${LOCKS}, slot) from unnest($1::int[]) as slot`,
    [[...slots].sort((a, b) => a - b)],
  );
}

/** Keeps others from all days until the transaction ends. */
export async function lockAllDays(queries: Queries): Promise<void> {
  await queries.query(`select pg_advisory_xact_lock(${LOCKS}, ${EVERYBODY})`);
}
