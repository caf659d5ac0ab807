// Pages of days that were packed. Whoever reads rows and pages does it in one snapshot: a day may become the one or the other
// at any time.
import type { Queries } from '@hearth/db';
import {
  decodeMinutes,
  decodePage,
  PageCorrupt,
  rollUp,
  TIER_MS,
  type PageReadings,
  type Rollup,
} from '@hearth/history';
import { DamagedPage } from './errors.js';
import type { Range } from './range.js';

/** A packed day. */
export interface Page {
  readonly seriesId: number;
  /** Its first moment in UTC, epoch milliseconds. */
  readonly dayMs: number;
  /** True when readings came late for it: it will be packed anew, with what is in table `reading`. */
  readonly isStale: boolean;
  readonly readings: Buffer;
  readonly minutes: Buffer | null;
}

const IN_RANGE = `series_id = $1 and day > $2::timestamptz - interval '1 day' and day < $3`;
const IS_STALE = `exists (
  select from rollup_dirty where rollup_dirty.series_id = $1 and hour >= day and hour < day + interval '1 day')`;

/** Pages of which at least a moment is in the range, in the order of time; all, or only the stale ones. */
export async function listPages(
  queries: Queries,
  seriesId: number,
  range: Range,
  which: 'all' | 'stale',
): Promise<Page[]> {
  const { rows } = await queries.query<PageRow>({
    name: `hearth-list-${which}-pages`,
    text: `select day, readings, minutes, ${which === 'stale' ? 'true' : IS_STALE} as stale from reading_page
      where ${IN_RANGE} ${which === 'stale' ? `and ${IS_STALE}` : ''} order by day`,
    values: [seriesId, new Date(range.fromMs), new Date(range.toMs)],
  });
  return rows.map((row) => toPage(seriesId, row));
}

/** The oldest of them that are enough for `limit` readings of the range, of which the first may have none. */
export async function listFirstPages(
  queries: Queries,
  seriesId: number,
  range: Range,
  limit: number,
): Promise<Page[]> {
  const { rows } = await queries.query<PageRow>({
    name: 'hearth-list-first-pages',
    text: `select day, readings, minutes, false as stale
      from (
        select series_id, day, sum(count) over so_far - count - first_value(count) over so_far as before
        from reading_page where ${IN_RANGE} window so_far as (order by day)) as pages
      join reading_page using (series_id, day)
      where before < $4 order by day`,
    values: [seriesId, new Date(range.fromMs), new Date(range.toMs), limit],
  });
  return rows.map((row) => toPage(seriesId, row));
}

interface PageRow {
  day: Date;
  stale: boolean;
  readings: Buffer;
  minutes: Buffer | null;
}

function toPage(seriesId: number, { day, stale, readings, minutes }: PageRow): Page {
  return { seriesId, dayMs: day.getTime(), isStale: stale, readings, minutes };
}

/** Throws `DamagedPage`. */
export function readingsOf(page: Pick<Page, 'seriesId' | 'dayMs' | 'readings'>): PageReadings {
  return intact(page, () => decodePage(page.readings, page.dayMs));
}

/** The minutes of a page that is not stale. Throws `DamagedPage`. */
export function minutesOf(page: Page): Rollup[] {
  const { dayMs, minutes } = page;
  if (minutes !== null) return intact(page, () => decodeMinutes(minutes, dayMs));
  const { ts, values } = readingsOf(page);
  return rollUp(ts, values, TIER_MS.minute);
}

function intact<T>({ seriesId, dayMs }: Pick<Page, 'seriesId' | 'dayMs'>, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof PageCorrupt) throw new DamagedPage(seriesId, dayMs, error);
    throw error;
  }
}
