import * as fc from 'fast-check';
import { degreeHours, extremesByPeriod, integrate, meanOf } from './aggregates.js';
import { localPeriods } from './local-periods.js';
import { rollUp } from './roll-up.js';
import { heldStretches, measuredStretches, rolledUpStretches } from './stretches.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FROM = Date.UTC(2026, 4, 1);

const utcDays = (days: number) =>
  localPeriods({ fromMs: FROM, toMs: FROM + days * DAY_MS }, 'UTC', 'day');
const atHours = (hours: readonly number[]) => hours.map((hour) => FROM + hour * HOUR_MS);

describe('the integral over time', () => {
  it('weighs each value with the time until the next', () => {
    const readings = { ts: atHours([0, 1, 4]), values: [10, 20, 20] };
    const [day] = integrate(measuredStretches(readings, 6 * HOUR_MS), utcDays(1));
    expect(day).toEqual({ coveredMs: 4 * HOUR_MS, valueHours: 15 + 60 });
    expect(day && meanOf(day)).toBe(75 / 4);
  });

  it('cuts at midnight what goes on over it', () => {
    const readings = { ts: atHours([22, 26]), values: [0, 40] };
    const days = integrate(measuredStretches(readings, 6 * HOUR_MS), utcDays(2));
    expect(days.map(({ valueHours }) => valueHours)).toEqual([20, 60]);
  });

  it('knows nothing of a gap, and gives no mean of nothing', () => {
    const readings = { ts: atHours([1, 2, 20, 21]), values: [1, 1, 1, 1] };
    const days = integrate(measuredStretches(readings, HOUR_MS), utcDays(2));
    expect(days[0]?.coveredMs).toBe(2 * HOUR_MS);
    expect(days.map(meanOf)).toEqual([1, null]);
  });

  it('has an hour less of a constant power on the day on which the clocks go forward', () => {
    const startMs = Date.parse('2026-03-27T23:00:00Z');
    const ts = Array.from({ length: 4 * 96 }, (_, quarter) => startMs + quarter * 15 * MINUTE_MS);
    const periods = localPeriods(
      { fromMs: startMs, toMs: startMs + 3 * DAY_MS - HOUR_MS },
      'Europe/Berlin',
      'day',
    );
    const readings = { ts, values: ts.map(() => 1_000) };
    const days = integrate(measuredStretches(readings, HOUR_MS), periods);
    expect(days.map(({ valueHours }) => valueHours / 1_000)).toEqual([24, 23, 24]);
  });

  it.each([
    ['measured', measuredStretches],
    ['held', heldStretches],
  ])('stays finite whatever the values are: %s', (_, toStretches) => {
    const ts = Array.from({ length: 96 }, (_, quarter) => FROM + quarter * 15 * MINUTE_MS);
    const most = { ts, values: ts.map(() => Number.MAX_VALUE) };
    const both = { ts, values: ts.map((_, row) => Number.MAX_VALUE * (row % 2 === 0 ? 1 : -1)) };
    for (const readings of [most, both]) {
      const stretches = [...toStretches(readings, HOUR_MS, FROM + DAY_MS)];
      const [sum] = integrate(stretches, utcDays(1));
      const [degrees] = degreeHours(stretches, utcDays(1), 15);
      const numbers = [sum && meanOf(sum), sum?.valueHours, degrees?.heating, degrees?.cooling];
      expect(numbers.every(Number.isFinite)).toBe(true);
    }
  });

  const anyReadings = fc
    .uniqueArray(fc.integer({ min: 0, max: 4 * 24 * 60 }), { minLength: 2, maxLength: 80 })
    .map((minutes) => minutes.toSorted((a, b) => a - b).map((minute) => FROM + minute * MINUTE_MS))
    .chain((ts) =>
      fc
        .array(fc.double({ min: -100, max: 100, noNaN: true }), {
          minLength: ts.length,
          maxLength: ts.length,
        })
        .map((values) => ({ ts, values })),
    );

  it('adds up to the same, however it is cut', () => {
    fc.assert(
      fc.property(anyReadings, fc.constantFrom('UTC', 'Asia/Kathmandu'), (readings, zone) => {
        const range = { fromMs: FROM, toMs: FROM + 5 * DAY_MS };
        const sum = (unit: 'day' | 'month') => {
          const all = integrate(
            measuredStretches(readings, DAY_MS),
            localPeriods(range, zone, unit),
          );
          return {
            coveredMs: all.reduce((total, { coveredMs }) => total + coveredMs, 0),
            valueHours: all.reduce((total, { valueHours }) => total + valueHours, 0),
          };
        };
        expect(sum('day').coveredMs).toBe(sum('month').coveredMs);
        expect(sum('day').valueHours).toBeCloseTo(sum('month').valueHours, 6);
      }),
    );
  });

  it('agrees with degree hours: cooling less heating is the integral above the base', () => {
    fc.assert(
      fc.property(anyReadings, fc.integer({ min: -50, max: 50 }), (readings, base) => {
        const [periods, gap] = [utcDays(5), 10 * HOUR_MS];
        const integrals = integrate(measuredStretches(readings, gap), periods);
        const degrees = degreeHours(measuredStretches(readings, gap), periods, base);
        for (const [day, { coveredMs, heating, cooling }] of degrees.entries()) {
          expect(coveredMs).toBe(integrals[day]?.coveredMs);
          expect(heating).toBeGreaterThanOrEqual(0);
          expect(cooling).toBeGreaterThanOrEqual(0);
          const above = (integrals[day]?.valueHours ?? 0) - (base * coveredMs) / HOUR_MS;
          expect(cooling - heating).toBeCloseTo(above, 6);
        }
      }),
    );
  });
});

describe(degreeHours, () => {
  it('counts only the side of the base on which the temperature is', () => {
    const readings = { ts: atHours([0, 4, 8]), values: [10, 20, 10] };
    const [day] = degreeHours(measuredStretches(readings, DAY_MS), utcDays(1), 15);
    // Twice a triangle of 2 h and 5 K on each side.
    expect(day).toEqual({ coveredMs: 8 * HOUR_MS, heating: 10, cooling: 10 });
  });
});

describe(extremesByPeriod, () => {
  it('takes each bucket into its period, and none from before the first', () => {
    const rollups = rollUp(atHours([-1, 0, 5, 23.9, 24, 80]), [99, 3, -1, 2, 7, 99], HOUR_MS);
    expect(extremesByPeriod(rollups, utcDays(3))).toEqual([
      { min: -1, max: 3, count: 3 },
      { min: 7, max: 7, count: 1 },
      undefined,
    ]);
    expect(extremesByPeriod(rollups, [])).toEqual([]);
  });
});

describe('a duty cycle', () => {
  it('is the share of the time, not of the readings', () => {
    const readings = { ts: atHours([0, 0.1, 0.2, 6]), values: [1, 1, 0, 1] };
    const stretches = heldStretches(readings, 12 * HOUR_MS, FROM + 8 * HOUR_MS);
    const [day] = integrate(stretches, utcDays(1));
    expect(day?.coveredMs).toBe(8 * HOUR_MS);
    expect(day && meanOf(day)).toBeCloseTo(2.2 / 8);
  });

  it('counts no gap, and does not believe the last state for ever', () => {
    const readings = { ts: atHours([0, 1, 10]), values: [1, 1, 1] };
    const [day] = integrate(heldStretches(readings, HOUR_MS, FROM + DAY_MS), utcDays(1));
    expect(day?.coveredMs).toBe(HOUR_MS);
  });
});

describe('from roll-ups', () => {
  it('the mean of a bucket holds to the next one, but not over a gap', () => {
    const ts = atHours([0, 0.1, 0.5, 3]);
    const rollups = rollUp(ts, [10, 20, 30, 40], 15 * MINUTE_MS);
    const stretches = [...rolledUpStretches(rollups, 15 * MINUTE_MS, HOUR_MS)];
    expect(
      stretches.map(({ startMs, endMs, first }) => [
        (startMs - FROM) / MINUTE_MS,
        (endMs - FROM) / MINUTE_MS,
        first,
      ]),
    ).toEqual([
      [0, 30, 15],
      [30, 45, 30],
      [180, 195, 40],
    ]);
  });

  it('one reading a minute comes to nearly the same as from the readings', () => {
    const ts = Array.from({ length: 24 * 60 + 1 }, (_, minute) => FROM + minute * MINUTE_MS);
    const readings = { ts, values: ts.map((ms) => 20 + 5 * Math.sin(ms / HOUR_MS)) };
    const fromReadings = integrate(measuredStretches(readings, HOUR_MS), utcDays(1))[0];
    const rollups = rollUp(ts, readings.values, 15 * MINUTE_MS);
    const fromRollups = integrate(
      rolledUpStretches(rollups, 15 * MINUTE_MS, HOUR_MS),
      utcDays(1),
    )[0];
    expect(fromRollups?.valueHours).toBeCloseTo(fromReadings?.valueHours ?? 0, 0);
  });
});
