// Where history ends. Pure.
import type { RetentionField, RetentionSettings } from '@hearth/contracts';
import { TIER_MS } from '@hearth/history';

/** What each setting keeps begins at these moments, epoch milliseconds; `-Infinity` for all of it. */
export type Cuts = Readonly<Record<RetentionField, number>>;

/**
 * Beginnings of days in UTC, so that no roll-up loses a part of what it is of: days become pages and roll-ups as a whole.
 */
export function cutsOf(settings: RetentionSettings, nowMs: number): Cuts {
  const today = Math.floor(nowMs / TIER_MS.day);
  const cut = (days: number | null): number =>
    days === null ? -Infinity : (today - days) * TIER_MS.day;
  return {
    fullDetailDays: cut(settings.fullDetailDays),
    hourlyDays: cut(settings.hourlyDays),
    dailyDays: cut(settings.dailyDays),
    stateDays: cut(settings.stateDays),
    eventDays: cut(settings.eventDays),
  };
}
