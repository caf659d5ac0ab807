// Days, weeks and months as the people of a home count them, right across changes of the clock. Pure: the zone's rules come from Intl.
import { TIER_MS, type Tier } from './roll-up.js';

export const PERIOD_UNITS = ['day', 'week', 'month'] as const;
export type PeriodUnit = (typeof PERIOD_UNITS)[number];

/** A day, week or month of a time zone, from `startMs` to just before `endMs` (epoch milliseconds). */
export interface LocalPeriod {
  /** Its first day on the wall calendar, `2026-03-29`. A week begins on Monday. */
  readonly date: string;
  readonly startMs: number;
  readonly endMs: number;
}

const DAY_MS = TIER_MS.day;
const MINUTE_MS = TIER_MS.minute;

/**
 * Every period of `timeZone` (an IANA name) that has a moment in the range, whole, the oldest first. They follow each other
 * without a gap. A day that the zone left out, as Samoa did on 2011-12-30, is none.
 */
export function localPeriods(
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  timeZone: string,
  unit: PeriodUnit,
): LocalPeriod[] {
  const zone = new Zone(timeZone);
  const periods: LocalPeriod[] = [];
  let day = firstDayOf(unit, zone.dayOf(fromMs));
  let startMs = zone.startOf(day);
  while (startMs < toMs) {
    const next = nextPeriod(unit, day);
    const endMs = zone.startOf(next);
    if (endMs > startMs && endMs > fromMs) periods.push({ date: dateOf(day), startMs, endMs });
    day = next;
    startMs = endMs;
  }
  return periods;
}

/** The coarsest of `tiers` whose buckets no period cuts. Every offset since 2000 is a multiple of 15 minutes, so `quarter` always fits. */
export function tierOfPeriods(periods: readonly LocalPeriod[], tiers: readonly Tier[]): Tier {
  const fits = (tier: Tier): boolean =>
    periods.every(
      ({ startMs, endMs }) => startMs % TIER_MS[tier] === 0 && endMs % TIER_MS[tier] === 0,
    );
  return tiers.toSorted((a, b) => TIER_MS[b] - TIER_MS[a]).find(fits) ?? 'quarter';
}

/** A day of the calendar is the epoch milliseconds that its midnight has in UTC. */
type CalendarDay = number;

const dateOf = (day: CalendarDay): string => new Date(day).toISOString().slice(0, 10);

function firstDayOf(unit: PeriodUnit, day: CalendarDay): CalendarDay {
  const date = new Date(day);
  if (unit === 'week') return day - ((date.getUTCDay() + 6) % 7) * DAY_MS;
  return unit === 'month' ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth()) : day;
}

function nextPeriod(unit: PeriodUnit, day: CalendarDay): CalendarDay {
  if (unit === 'day') return day + DAY_MS;
  if (unit === 'week') return day + 7 * DAY_MS;
  const date = new Date(day);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}

/** The rules of a time zone. Asking Intl takes microseconds, and years of days ask for the same instants again. */
class Zone {
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  }

  dayOf(ms: number): CalendarDay {
    const localMs = ms + this.#offset(ms);
    return Math.floor(localMs / DAY_MS) * DAY_MS;
  }

  /** The first moment of the day: midnight, the first of two, or the end of the hour that was left out. */
  startOf(day: CalendarDay): number {
    const before = this.#offset(day - DAY_MS);
    const after = this.#offset(day + DAY_MS);
    const midnights = [day - before, day - after].filter((ms) => ms + this.#offset(ms) === day);
    return midnights.length > 0 ? Math.min(...midnights) : this.#endOfGap(day, before, after);
  }

  /** The clocks jumped over this midnight: the moment when they did. */
  #endOfGap(day: CalendarDay, before: number, after: number): number {
    let [low, high] = [day - after, day - before];
    while (high - low > MINUTE_MS) {
      const middle = Math.floor((low + high) / 2 / MINUTE_MS) * MINUTE_MS;
      if (this.#offset(middle) === before) low = middle;
      else high = middle;
    }
    return high;
  }

  /** Milliseconds that the wall clock is ahead of UTC. */
  #offset(ms: number): number {
    let offset = this.#offsets.get(ms);
    if (offset === undefined) this.#offsets.set(ms, (offset = this.#ask(ms)));
    return offset;
  }

  #ask(ms: number): number {
    const parts = this.#format.formatToParts(ms);
    const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
    const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * MINUTE_MS;
    return sign === '-' ? -offset : offset;
  }
}
