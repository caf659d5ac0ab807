/** A day of a series; `dayMs` is its first moment in UTC, epoch milliseconds. */
export interface SeriesDay {
  readonly seriesId: number;
  readonly dayMs: number;
}
