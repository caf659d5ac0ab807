import * as fc from 'fast-check';
import { HOUSE } from '../house/house.js';
import { activityAt } from './activity.js';
import { countByPlace, whereaboutsAt, type Occupant } from './occupants.js';

const HOUR_MS = 3_600_000;
const MONDAY = Date.UTC(2029, 0, 1);
const person = personNamed('first');

function personNamed(wanted: string): Occupant {
  const found = HOUSE.occupants.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`nobody is called ${wanted}`);
  return found;
}

const places = new Set(['away', ...HOUSE.rooms.map(({ key }) => key)]);

describe(whereaboutsAt.name, () => {
  it('finds everybody in a room of the house or away, at any time', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 41), fc.nat(1_000), (localMs, seed) => {
        for (const occupant of HOUSE.occupants) {
          const { place, sinceMs } = whereaboutsAt(occupant, seed, localMs);
          expect(places).toContain(place);
          expect(sinceMs).toBeLessThanOrEqual(localMs);
        }
      }),
    );
  });

  it('has people asleep at night, and out on a workday morning', () => {
    const at = (hours: number) =>
      countByPlace(
        HOUSE.occupants.map((person) => whereaboutsAt(person, 1, MONDAY + hours * HOUR_MS)),
      );
    expect(at(27).get('bedroom')).toBe(2);
    expect(at(10).get('away')).toBe(1);
  });

  it('strays from day to day', () => {
    const times = [0, 1, 2, 3].map(
      (day) =>
        whereaboutsAt(person, 1, MONDAY + (day * 24 + 10) * HOUR_MS).sinceMs - day * 24 * HOUR_MS,
    );
    expect(new Set(times).size).toBe(times.length);
  });
});

describe(activityAt.name, () => {
  const activityOf = (localMs: number) =>
    activityAt(
      HOUSE.occupants.map((person) => whereaboutsAt(person, 1, localMs)),
      1,
      localMs,
      HOUSE.bedroom,
    );

  it('opens the front door when somebody comes or goes', () => {
    const { sinceMs } = whereaboutsAt(person, 1, MONDAY + 12 * HOUR_MS);
    expect(activityOf(sinceMs - 1_000).doorOpen).toBe(false);
    expect(activityOf(sinceMs + 5_000)).toMatchObject({ doorOpen: true, hallMotion: true });
    expect(activityOf(sinceMs + 60_000).doorOpen).toBe(false);
  });

  it('has motion in the hall by day and none at night', () => {
    const moving = (fromHour: number, toHour: number) => {
      let count = 0;
      for (let time = fromHour * HOUR_MS; time < toHour * HOUR_MS; time += 10_000) {
        if (activityOf(MONDAY + time).hallMotion) count += 1;
      }
      return count;
    };
    expect(moving(17, 22)).toBeGreaterThan(20);
    expect(moving(25, 29)).toBe(0);
  });
});
