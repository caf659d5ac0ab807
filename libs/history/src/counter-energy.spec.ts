import * as fc from 'fast-check';
import { countedByPeriod } from './counter-energy.js';
import { localPeriods } from './local-periods.js';
import { rollUp } from './roll-up.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const QUARTER_MS = 900_000;
const FROM = Date.UTC(2026, 4, 1);

function count(
  readings: readonly (readonly [hour: number, value: number])[],
  days: number,
  { widthMs = QUARTER_MS, rollover }: { widthMs?: number; rollover?: number } = {},
): (number | null)[] {
  const ts = readings.map(([hour]) => FROM + hour * HOUR_MS);
  const rollups = rollUp(
    ts,
    readings.map(([, value]) => value),
    widthMs,
  );
  const periods = localPeriods({ fromMs: FROM, toMs: FROM + days * DAY_MS }, 'UTC', 'day');
  return countedByPeriod(rollups, periods, { widthMs, rollover });
}

describe(countedByPeriod, () => {
  it('says what the meter rose by', () => {
    expect(count([[0, 100], [0.1, 101], [12, 105], [23.9, 110]], 1)).toEqual([10]); // prettier-ignore
  });

  it('stays finite whatever the meter shows', () => {
    const most = Number.MAX_VALUE;
    const days = count([[1, -most], [2, most], [2.1, -most], [2.2, most], [40, -most], [41, most]], 2); // prettier-ignore
    expect(days.every(Number.isFinite)).toBe(true);
  });

  it('knows nothing of a day without a reading before or after it', () => {
    expect(count([[1, 100], [1.1, 103]], 2)).toEqual([3, null]); // prettier-ignore
  });

  it('spreads what was counted while nobody read evenly over that time', () => {
    expect(count([[23.8, 100], [72, 148]], 4)).toEqual([0, 24, 24, 0]); // prettier-ignore
  });

  it('counts a step over midnight on the day on which it is read', () => {
    expect(count([[23.9, 100], [24.1, 101]], 2)).toEqual([0, 1]); // prettier-ignore
  });

  it('counts on after a reset, between buckets and within one', () => {
    expect(count([[0, 1000], [1, 1002], [1.25, 1], [2, 3]], 1)).toEqual([5]); // prettier-ignore
    expect(count([[0, 1000], [0.05, 1002], [0.1, 1], [0.15, 3]], 1)).toEqual([5]); // prettier-ignore
  });

  it('counts over the end of the dial, between buckets and within one', () => {
    const options = { rollover: 100_000 };
    expect(count([[0, 99_998], [1, 1]], 1, options)).toEqual([3]); // prettier-ignore
    expect(count([[0, 99_998], [0.1, 1]], 1, options)).toEqual([3]); // prettier-ignore
  });

  it('does not take a small fall for a reset', () => {
    expect(count([[0, 1000], [1, 1002], [2, 1001], [3, 1004]], 1)).toEqual([4]); // prettier-ignore
    expect(count([[0, 1000], [0.05, 1002], [0.1, 1001], [0.15, 1004]], 1)).toEqual([4]); // prettier-ignore
  });

  it('follows a day of 23 hours', () => {
    const startMs = Date.parse('2026-03-27T23:00:00Z');
    const ts = Array.from({ length: 4 * 24 }, (_, hour) => startMs + hour * HOUR_MS);
    const rollups = rollUp(
      ts,
      ts.map((_, hour) => 500 + hour),
      HOUR_MS,
    );
    const range = { fromMs: startMs, toMs: startMs + 3 * DAY_MS - HOUR_MS };
    const periods = localPeriods(range, 'Europe/Berlin', 'day');
    // Of the first hour nothing is known from before it.
    expect(countedByPeriod(rollups, periods, { widthMs: HOUR_MS, rollover: undefined })).toEqual([
      23, 23, 24,
    ]);
  });

  const anyMeter = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 50 })), {
      minLength: 2,
      maxLength: 200,
    })
    .map((steps) => {
      let [minute, value] = [0, 1_000];
      return steps.map(([minutes, kilowattHours]) => {
        minute += minutes;
        value += kilowattHours;
        return [minute / 60, value] as const;
      });
    });

  it('adds up to what the meter shows, in any width of bucket', () => {
    fc.assert(
      fc.property(anyMeter, fc.constantFrom(QUARTER_MS, HOUR_MS, DAY_MS), (meter, widthMs) => {
        const total = count(meter, 60, { widthMs }).reduce<number>(
          (sum, day) => sum + (day ?? 0),
          0,
        );
        expect(total).toBeCloseTo((meter.at(-1)?.[1] ?? 0) - (meter[0]?.[1] ?? 0), 6);
      }),
    );
  });

  it('is never negative, and loses nothing to one reset', () => {
    fc.assert(
      fc.property(anyMeter, fc.nat({ max: 199 }), (meter, at) => {
        const lost = meter[at]?.[1] ?? 0;
        const reset = meter.map(
          ([hour, value], row) => [hour, row > at ? value - lost : value] as const,
        );
        const days = count(reset, 60);
        const total = days.reduce<number>((sum, day) => sum + (day ?? 0), 0);
        for (const day of days) expect(day ?? 0).toBeGreaterThanOrEqual(0);
        expect(total).toBeCloseTo((meter.at(-1)?.[1] ?? 0) - (meter[0]?.[1] ?? 0), 6);
      }),
    );
  });
});
