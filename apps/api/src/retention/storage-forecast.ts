// What a home will need on disk. Pure.
import type { RetentionField, RetentionSettings, StorageForecast } from '@hearth/contracts';

/** A part of what is stored, as it is and as it grows. */
export interface StoredPart {
  readonly setting: RetentionField;
  readonly bytes: number;
  /** Days from its oldest to now. */
  readonly ageDays: number;
  readonly bytesPerDay: number;
  /** Days that it stays in this form at most, whatever the setting: then it becomes another part. */
  readonly mostDays: number;
}

const YEAR_DAYS = 365.25;

export function forecast(
  parts: readonly StoredPart[],
  settings: RetentionSettings,
): StorageForecast {
  const after = (years: number): number =>
    parts.reduce((sum, part) => sum + bytesAfter(part, settings, years * YEAR_DAYS), 0);
  const forEver = parts.filter((part) => !Number.isFinite(keptDays(part, settings)));
  const growthPerYear = forEver.reduce((sum, part) => sum + part.bytesPerDay * YEAR_DAYS, 0);
  return {
    inOneYear: after(1),
    inFiveYears: after(5),
    inTenYears: after(10),
    atMost:
      growthPerYear > 0
        ? null
        : parts.reduce((sum, part) => sum + bytesAfter(part, settings, Infinity), 0),
    growthPerYear,
  };
}

/** Bytes of a part that lie before so many days ago, taking it for evenly spread. */
export function bytesBefore({ bytes, ageDays }: StoredPart, daysAgo: number): number {
  if (ageDays <= daysAgo) return 0;
  return bytes * (1 - Math.max(0, daysAgo) / ageDays);
}

function bytesAfter(part: StoredPart, settings: RetentionSettings, days: number): number {
  const kept = keptDays(part, settings);
  const fresh = part.bytesPerDay === 0 ? 0 : part.bytesPerDay * Math.min(days, kept);
  const left = Number.isFinite(kept) ? Math.max(0, kept - days) : Infinity;
  return fresh + part.bytes - bytesBefore(part, left);
}

function keptDays({ setting, mostDays }: StoredPart, settings: RetentionSettings): number {
  return Math.min(settings[setting] ?? Infinity, mostDays);
}
