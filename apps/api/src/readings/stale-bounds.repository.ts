// How far back a chart may read the readings of stale hours themselves. A backfill leaves years of them, and a chart that added
// them all up would take as long as rolling them up does.
import type { Queries } from '@hearth/db';
import { TIER_MS } from '@hearth/history';
import { EPOCH } from './bucket-origin.js';
import type { Range } from './range.js';

export interface StaleBounds {
  /** So many stale hours are read whatever they hold: what comes late in daily life. */
  readonly hours: number;
  /** Rows of older ones that are read besides, the newest first: a year at one a minute, well under a second. */
  readonly rows: number;
  /** Readings of pages that are merged with what came late for them, the newest first: about 25 ms of the event loop. */
  readonly paged: number;
}

export const STALE_BOUNDS: StaleBounds = { hours: 24, rows: 600_000, paged: 500_000 };

const HOURS = `select distinct hour from rollup_dirty
  where series_id = $1 and hour > $2::timestamptz - interval '1 hour' and hour < $3`;
/** In the order of the hours, row by row, and no further than the row that is too many. */
const LAST_ROW = `select hour from (${HOURS} order by hour desc offset $4) as older cross join lateral (
    select from reading where series_id = $1 and ts >= older.hour and ts < older.hour + interval '1 hour' offset 0) as held
  offset $5 limit 1`;
const LAST_PAGE = `select day from (
    select day, count, sum(count) over (order by day desc) as total, row_number() over (order by day desc) as place
    from reading_page where series_id = $1 and day in (
      select date_bin('1 day', hour, ${EPOCH}) from (${HOURS}) as hours)) as pages
  where total > $6 and place > 1 order by day desc limit 1`;

/** Epoch milliseconds from which on stale hours are read; before it, roll-ups are taken as they are. Undefined: all are read. */
export async function findStaleFrom(
  queries: Queries,
  seriesId: number,
  range: Range,
  { hours, rows, paged }: StaleBounds,
): Promise<number | undefined> {
  const within = [seriesId, new Date(range.fromMs), new Date(range.toMs)];
  const few = await queries.query<{ count: number }>({
    name: 'hearth-count-stale-hours',
    text: `select count(*)::int as count from (${HOURS} limit $4) as hours`,
    values: [...within, hours + 1],
  });
  if ((few.rows[0]?.count ?? 0) <= hours) return undefined;
  const last = await queries.query<{ hour: Date | null; day: Date | null }>({
    name: 'hearth-find-stale-from',
    text: `select (${LAST_ROW}) as hour, (${LAST_PAGE}) as day`,
    values: [...within, hours, rows, paged],
  });
  const { hour, day } = last.rows[0] ?? { hour: null, day: null };
  const starts = [
    ...(hour === null ? [] : [hour.getTime() + TIER_MS.hour]),
    ...(day === null ? [] : [day.getTime() + TIER_MS.day]),
  ];
  return starts.length === 0 ? undefined : Math.max(...starts);
}
