// What packed days give to a chart or a sum. Hours and days stay rows when a day is packed, and only what came late since is
// not in them; minutes and quarters come from the page.
import type { Queries } from '@hearth/db';
import { combine, rollUp, TIER_MS, type Rollup, type Tier } from '@hearth/history';
import { mergeReadings, type RawReading } from './merge-readings.js';
import { listPages, minutesOf, readingsOf, type Page } from './paged-readings.repository.js';
import type { Range } from './range.js';
import { listHeld } from './raw-readings.repository.js';

/** A page, and what came late for its day. */
interface PackedDay {
  readonly page: Page;
  readonly held: readonly RawReading[];
}

/** Days that have to be read from their pages. */
export interface PackedDays {
  /** Their first moments: the rest of the answer must have nothing of them. */
  readonly days: readonly Date[];
  /** Roll-ups of at most `widthMs`, in the order of time. Throws `DamagedPage`. */
  rollUp(widthMs: number): Rollup[];
}

/** Readings that a day can have: one a millisecond. */
const MOST_OF_A_DAY = TIER_MS.day;

/**
 * The packed days for an answer whose rest comes from `tier` (undefined: from readings). Decoded only when they are rolled up.
 * Days that end before `staleFromMs` pass for days for which nothing came late.
 */
export async function listPackedDays(
  queries: Queries,
  seriesId: number,
  range: Range,
  tier: Tier | undefined,
  staleFromMs = Number.NEGATIVE_INFINITY,
): Promise<PackedDays> {
  const packed: PackedDay[] = [];
  for (const found of await listDays(queries, seriesId, range, tier, staleFromMs)) {
    const isStale = found.isStale && found.dayMs + TIER_MS.day > staleFromMs;
    const page = { ...found, isStale };
    const day = { fromMs: page.dayMs, toMs: page.dayMs + TIER_MS.day };
    const held = page.isStale ? await listHeld(queries, seriesId, day, MOST_OF_A_DAY) : [];
    packed.push({ page, held });
  }
  return {
    days: packed.map(({ page }) => new Date(page.dayMs)),
    rollUp: (widthMs) =>
      packed
        .flatMap((day) => ofDay(day, widthMs))
        .filter(({ startMs }) => startMs >= range.fromMs && startMs < range.toMs),
  };
}

function listDays(
  queries: Queries,
  seriesId: number,
  range: Range,
  tier: Tier | undefined,
  staleFromMs: number,
): Promise<Page[]> {
  if (tier !== 'hour' && tier !== 'day') return listPages(queries, seriesId, range, 'all');
  const fromMs = Math.max(range.fromMs, staleFromMs);
  return listPages(queries, seriesId, { ...range, fromMs }, 'stale');
}

function ofDay({ page, held }: PackedDay, widthMs: number): Rollup[] {
  const finest = Math.min(widthMs, TIER_MS.minute);
  const rollups =
    !page.isStale && finest === TIER_MS.minute ? minutesOf(page) : rolledUp(page, held, finest);
  return widthMs % TIER_MS.quarter === 0 ? combine(rollups, TIER_MS.quarter) : rollups;
}

function rolledUp(page: Page, held: readonly RawReading[], widthMs: number): Rollup[] {
  const { ts, values } = mergeReadings(readingsOf(page), held);
  return rollUp(ts, values, widthMs);
}
