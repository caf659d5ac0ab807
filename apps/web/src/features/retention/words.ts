// How long history is kept and what that takes, in words.
import type { RetentionField, StorageForecast } from '@hearth/contracts';
import { formatNumber } from '../../format/quantity';
import { formatBytes } from '../server/format-bytes';

const DAYS_OF_A_YEAR = 365.25;

/** The choices offered, in days; null is for ever. */
export const KEPT_DAYS: readonly (number | null)[] = [30, 90, 183, 400, 731, 1_826, 3_653, null];

/** `5 years`, `400 days`, `For ever`. */
export function keptFor(days: number | null): string {
  if (days === null) return 'For ever';
  const years = Math.round(days / DAYS_OF_A_YEAR);
  // A leap day more or less is the same for people.
  if (years >= 1 && Math.abs(days - years * DAYS_OF_A_YEAR) <= 1) {
    return years === 1 ? '1 year' : `${years} years`;
  }
  return `${formatNumber(days, 0)} days`;
}

/** What is kept, as people say it; the finest first. */
export const RETENTION_LABELS: Readonly<Record<RetentionField, string>> = {
  fullDetailDays: 'Every reading',
  hourlyDays: 'Each hour',
  dailyDays: 'Each day',
  stateDays: 'Text values',
  eventDays: 'Online times and commands',
};

/** One sentence on what a home will need. */
export function forecastWords(forecast: StorageForecast, readingsPerHour: number | null): string {
  const rate =
    readingsPerHour === null
      ? 'At the rate of the last days'
      : `At ${formatNumber(readingsPerHour, 0)} readings an hour, as in the last days,`;
  const inYears = `this home will need about ${formatBytes(forecast.inOneYear)} in a year and ${formatBytes(forecast.inTenYears)} in ten`;
  const end =
    forecast.atMost === null
      ? `; what is kept for ever grows by ${formatBytes(forecast.growthPerYear)} a year`
      : `, and never more than ${formatBytes(forecast.atMost)}`;
  return `${rate} ${inYears}${end}.`;
}
