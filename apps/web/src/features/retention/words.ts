// How long history is kept and what that takes, in words.
import type { RetentionField, StorageForecast } from '@hearth/contracts';
import { formatNumber } from '../../format/quantity';
import { formatRoughBytes } from '../server/format-bytes';

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

/** What each is of, and what happens to a chart without it. */
export const RETENTION_HINTS: Readonly<Record<RetentionField, string>> = {
  fullDetailDays: 'Older charts show hours instead.',
  hourlyDays: 'Lowest, highest and mean of each; older charts show days.',
  dailyDays: 'Lowest, highest and mean of each.',
  stateDays: 'Such as the mode of a thermostat.',
  eventDays: 'Who was online when, and who wanted what.',
};

/** By the day where an hour has too few to be counted. */
function rateWords(perHour: number): string {
  return perHour < 10
    ? `${formatNumber(perHour * 24, 0)} readings a day`
    : `${formatNumber(perHour, 0)} readings an hour`;
}

/** What a home will need, beside what it takes today. */
export function forecastWords(
  forecast: StorageForecast,
  readingsPerHour: number | null,
  bytesToday: number,
): string {
  const rate =
    readingsPerHour === null
      ? 'At the rate of the last days'
      : `At today’s ${rateWords(readingsPerHour)}`;
  const { inOneYear, inTenYears, atMost, growthPerYear } = forecast;
  const end =
    atMost === null
      ? `What is kept for ever grows by ${formatRoughBytes(growthPerYear)} a year.`
      : `It never gets more than ${formatRoughBytes(Math.max(atMost, inTenYears))}.`;
  return `${rate} this home will need about ${formatRoughBytes(inOneYear)} in a year and ${formatRoughBytes(inTenYears)} in ten years; today it takes ${formatRoughBytes(bytesToday)}. ${end}`;
}
