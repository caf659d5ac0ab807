// What packed days give to a chart or a sum. Hours and days stay rows when a day is packed, and only what came late since is
// not in them; minutes and quarters come from the page.
import { Injectable } from '@nestjs/common';
import { combine, decodePage, rollUp, TIER_MS, type Rollup, type Tier } from '@hearth/history';
import { mergeReadings } from './merge-readings.js';
import { minutesOf, PagedReadings, type Page } from './paged-readings.repository.js';
import type { Range } from './range.js';
import { RawReadings } from './raw-readings.repository.js';

/** Readings that a day can have: one a millisecond. */
const MOST_OF_A_DAY = TIER_MS.day;

@Injectable()
export class PackedRollups {
  readonly #readings: RawReadings;
  readonly #pages: PagedReadings;

  constructor(readings: RawReadings, pages: PagedReadings) {
    this.#readings = readings;
    this.#pages = pages;
  }

  /**
   * Roll-ups of at most `widthMs` of the packed days that have to be read from their pages when the rest of the answer comes
   * from `tier` (undefined: from readings), and these days, of which the rest must have nothing.
   */
  async list(
    seriesId: number,
    range: Range,
    tier: Tier | undefined,
    widthMs: number,
  ): Promise<{ readonly days: Date[]; readonly rollups: Rollup[] }> {
    const which = tier === 'hour' || tier === 'day' ? 'stale' : 'all';
    const pages = await this.#pages.list(seriesId, range, which);
    const rollups: Rollup[] = [];
    for (const page of pages) {
      const ofDay = await this.#ofDay(seriesId, page, Math.min(widthMs, TIER_MS.minute));
      for (const one of widthMs % TIER_MS.quarter === 0 ? combine(ofDay, TIER_MS.quarter) : ofDay) {
        if (one.startMs >= range.fromMs && one.startMs < range.toMs) rollups.push(one);
      }
    }
    return { days: pages.map(({ dayMs }) => new Date(dayMs)), rollups };
  }

  async #ofDay(seriesId: number, page: Page, widthMs: number): Promise<Rollup[]> {
    if (!page.isStale && widthMs === TIER_MS.minute) return minutesOf(page);
    const { dayMs } = page;
    const day = { fromMs: dayMs, toMs: dayMs + TIER_MS.day };
    const held = page.isStale ? await this.#readings.listHeld(seriesId, day, MOST_OF_A_DAY) : [];
    const { ts, values } = mergeReadings(decodePage(page.readings, dayMs), held);
    return rollUp(ts, values, widthMs);
  }
}
