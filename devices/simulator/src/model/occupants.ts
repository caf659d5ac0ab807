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

/** Local time at which the stay begins on that day. */
function beginningOf(occupant: Occupant, seed: number, day: number, index: number): number {
  const nominal = staysOf(occupant, day)[index]?.from ?? 0;
  const stray = (hashUnit(seed, occupant.name, day, index) * 2 - 1) * STRAY_MINUTES;
  return day * DAY_MS + Math.round((nominal + stray) * MINUTE_MS);
}

/** The last stay that began at or before `localMs`. */
export function whereaboutsAt(occupant: Occupant, seed: number, localMs: number): Whereabouts {
  const today = Math.floor(localMs / DAY_MS);
  let later: Whereabouts | undefined;
  for (const day of [today, today - 1]) {
    const stays = staysOf(occupant, day);
    for (let index = stays.length - 1; index >= 0; index -= 1) {
      const place = stays[index]?.place ?? 'away';
      if (later !== undefined) return { ...later, previous: place };
      const sinceMs = beginningOf(occupant, seed, day, index);
      if (sinceMs <= localMs) later = { place, previous: place, sinceMs };
    }
  }
  return later ?? { place: 'away', previous: 'away', sinceMs: today * DAY_MS };
}

/** People by place; places without people are missing. */
export function countByPlace(whereabouts: readonly Whereabouts[]): ReadonlyMap<Place, number> {
  const counts = new Map<Place, number>();
  for (const { place } of whereabouts) counts.set(place, (counts.get(place) ?? 0) + 1);
  return counts;
}
