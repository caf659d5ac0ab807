// Readings of days that were packed.
import { Inject, Injectable } from '@nestjs/common';
import type { Database } from '@hearth/db';
import {
  decodeMinutes,
  decodePage,
  rollUp,
  TIER_MS,
  type PageReadings,
  type Rollup,
} from '@hearth/history';
import { DATABASE } from '../database/database.js';
import type { Range } from './range.js';

/** A packed day. */
export interface Page {
  /** Its first moment in UTC, epoch milliseconds. */
  readonly dayMs: number;
  /** True when readings came late for it: it will be packed anew, with what is in table `reading`. */
  readonly isStale: boolean;
  readonly readings: Buffer;
  readonly minutes: Buffer | null;
}

/** Pages of the first look into the database when nobody knows how many are needed, and of the largest. */
const FIRST_PAGES = 2;
const MOST_PAGES = 64;

@Injectable()
export class PagedReadings {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  /** Pages of which at least a moment is in the range, in the order of time; all, or only the stale ones. */
  async list(seriesId: number, range: Range, which: 'all' | 'stale', limit = 1e9): Promise<Page[]> {
    const { rows } = await this.#database.pool.query<{
      day: Date;
      stale: boolean;
      readings: Buffer;
      minutes: Buffer | null;
    }>({
      name: `hearth-list-${which}-pages`,
      text: `select * from (
          select day, readings, minutes, exists (
            select from rollup_dirty where rollup_dirty.series_id = $1
              and hour >= day and hour < day + interval '1 day') as stale
          from reading_page
          where series_id = $1 and day > $2::timestamptz - interval '1 day' and day < $3) as pages
        ${which === 'stale' ? 'where stale' : ''} order by day limit $4`,
      values: [seriesId, new Date(range.fromMs), new Date(range.toMs), limit],
    });
    return rows.map(({ day, stale, readings, minutes }) => ({
      dayMs: day.getTime(),
      isStale: stale,
      readings,
      minutes,
    }));
  }

  /** At least the oldest `limit` readings of the range, where there are so many, in the order of time. */
  async listReadings(seriesId: number, range: Range, limit: number): Promise<PageReadings> {
    const ts: number[] = [];
    const values: number[] = [];
    let { fromMs } = range;
    let pages = FIRST_PAGES;
    for (;;) {
      const found = await this.list(seriesId, { fromMs, toMs: range.toMs }, 'all', pages);
      for (const page of found) {
        const readings = decodePage(page.readings, page.dayMs);
        for (const [row, moment] of readings.ts.entries()) {
          if (moment < range.fromMs || moment >= range.toMs) continue;
          ts.push(moment);
          values.push(readings.values[row] ?? 0);
        }
      }
      if (found.length < pages || ts.length >= limit) break;
      fromMs = (found.at(-1)?.dayMs ?? 0) + TIER_MS.day;
      pages = Math.min(pages * 4, MOST_PAGES);
    }
    return { ts: Float64Array.from(ts), values: Float64Array.from(values) };
  }
}

/** The minutes of a page that is not stale. */
export function minutesOf({ dayMs, readings, minutes }: Page): Rollup[] {
  if (minutes !== null) return decodeMinutes(minutes, dayMs);
  const { ts, values } = decodePage(readings, dayMs);
  return rollUp(ts, values, TIER_MS.minute);
}
