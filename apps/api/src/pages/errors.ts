import type { SeriesDay } from './series-day.js';

/** A page would not be, or is not, what the readings of its day are: they stay where they are. */
export class PageDiffers extends Error {
  override readonly name = 'PageDiffers';

  constructor({ seriesId, dayMs }: SeriesDay) {
    const day = new Date(dayMs).toISOString().slice(0, 10);
    super(`the page of series ${seriesId} on ${day} does not hold the day's readings`);
  }
}
