// Who is where. A day is a table of times; every time strays a little from day to day, by the seed.
import { hashUnit } from '../random.js';

/** A room's key, or `away`. */
export type Place = string;

export interface Stay {
  /** Minute of the local day at which the person goes there. */
  readonly from: number;
  readonly place: Place;
}

export interface Occupant {
  readonly name: string;
  readonly workday: readonly Stay[];
  readonly weekend: readonly Stay[];
}

/** Where a person is, since when, and where from. Times are local milliseconds. */
export interface Whereabouts {
  readonly place: Place;
  readonly previous: Place;
  readonly sinceMs: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
/** Every step of a day strays by at most this; steps are farther apart than twice of it, so they keep their order. */
const STRAY_MINUTES = 12;

function isWeekend(day: number): boolean {
  // Day 0 of the epoch was a Thursday.
  const weekday = (day + 4) % 7;
  return weekday === 0 || weekday === 6;
}

function staysOf(occupant: Occupant, day: number): readonly Stay[] {
  return isWeekend(day) ? occupant.weekend : occupant.workday;
}

/** The last stay that began at or before `localMs`. */
export function whereaboutsAt(occupant: Occupant, seed: number, localMs: number): Whereabouts {
  const today = Math.floor(localMs / DAY_MS);
  const begun: { place: Place; sinceMs: number }[] = [];
  for (const day of [today - 1, today]) {
    staysOf(occupant, day).forEach((stay, index) => {
      const stray = (hashUnit(seed, occupant.name, day, index) * 2 - 1) * STRAY_MINUTES;
      const sinceMs = day * DAY_MS + Math.round((stay.from + stray) * MINUTE_MS);
      if (sinceMs <= localMs) begun.push({ place: stay.place, sinceMs });
    });
  }
  const current = begun.at(-1);
  const before = begun.at(-2);
  if (current === undefined) return { place: 'away', previous: 'away', sinceMs: today * DAY_MS };
  return {
    place: current.place,
    previous: before?.place ?? current.place,
    sinceMs: current.sinceMs,
  };
}

/** People by place; places without people are missing. */
export function countByPlace(whereabouts: readonly Whereabouts[]): ReadonlyMap<Place, number> {
  const counts = new Map<Place, number>();
  for (const { place } of whereabouts) counts.set(place, (counts.get(place) ?? 0) + 1);
  return counts;
}
