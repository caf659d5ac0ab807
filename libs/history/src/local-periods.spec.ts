import * as fc from 'fast-check';
import { localPeriods, tierOfPeriods, type LocalPeriod } from './local-periods.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const QUARTER_MS = 900_000;

const hours = ({ startMs, endMs }: LocalPeriod): number => (endMs - startMs) / HOUR_MS;
const isoStart = ({ startMs }: LocalPeriod): string => new Date(startMs).toISOString();

/** The one day of the zone that begins with this name. */
function dayOf(date: string, timeZone: string): LocalPeriod {
  const noonMs = Date.parse(`${date}T12:00:00Z`);
  const days = localPeriods({ fromMs: noonMs - DAY_MS, toMs: noonMs + DAY_MS }, timeZone, 'day');
  const day = days.find((one) => one.date === date);
  if (day === undefined) throw new Error(`${timeZone} has no ${date}`);
  return day;
}

describe(localPeriods, () => {
  it.each([
    ['Europe/Berlin', '2026-03-28', 24, '2026-03-27T23:00:00.000Z'],
    ['Europe/Berlin', '2026-03-29', 23, '2026-03-28T23:00:00.000Z'],
    ['Europe/Berlin', '2026-03-30', 24, '2026-03-29T22:00:00.000Z'],
    ['Europe/Berlin', '2026-10-25', 25, '2026-10-24T22:00:00.000Z'],
    ['Europe/Berlin', '2026-10-26', 24, '2026-10-25T23:00:00.000Z'],
    ['Australia/Lord_Howe', '2026-04-05', 24.5, '2026-04-04T13:00:00.000Z'],
    ['Australia/Lord_Howe', '2026-10-04', 23.5, '2026-10-03T13:30:00.000Z'],
    ['Asia/Kathmandu', '2026-03-29', 24, '2026-03-28T18:15:00.000Z'],
    ['Pacific/Chatham', '2026-04-05', 25, '2026-04-04T10:15:00.000Z'],
    ['UTC', '2026-03-29', 24, '2026-03-29T00:00:00.000Z'],
    // The clocks went from 23:59:59 to 01:00, and back from 23:59:59 to 23:00.
    ['America/Sao_Paulo', '2018-11-04', 23, '2018-11-04T03:00:00.000Z'],
    ['America/Sao_Paulo', '2018-02-17', 25, '2018-02-17T02:00:00.000Z'],
    // From midnight to 01:00, and from 01:00 to midnight: this day has two midnights and begins at the first.
    ['America/Havana', '2026-03-08', 23, '2026-03-08T05:00:00.000Z'],
    ['America/Havana', '2026-11-01', 25, '2026-11-01T04:00:00.000Z'],
  ])('in %s, %s has %d hours', (timeZone, date, length, start) => {
    const day = dayOf(date, timeZone);
    expect([hours(day), isoStart(day)]).toEqual([length, start]);
  });

  it('leaves out the day that Samoa left out', () => {
    const range = {
      fromMs: Date.parse('2011-12-29T12:00:00-10:00'),
      toMs: Date.parse('2012-01-01T00:00:00+14:00'),
    };
    const days = localPeriods(range, 'Pacific/Apia', 'day');
    expect(days.map((day) => [day.date, hours(day)])).toEqual([
      ['2011-12-29', 24],
      ['2011-12-31', 24],
    ]);
  });

  it('begins weeks on Monday, and months on their first day', () => {
    const range = {
      fromMs: Date.parse('2026-03-29T12:00:00Z'),
      toMs: Date.parse('2026-04-02T00:00:00Z'),
    };
    const weeks = localPeriods(range, 'Europe/Berlin', 'week');
    expect(weeks.map((week) => [week.date, hours(week)])).toEqual([
      ['2026-03-23', 7 * 24 - 1],
      ['2026-03-30', 7 * 24],
    ]);
    const months = localPeriods(range, 'Europe/Berlin', 'month');
    expect(months.map((month) => [month.date, hours(month)])).toEqual([
      ['2026-03-01', 31 * 24 - 1],
      ['2026-04-01', 30 * 24],
    ]);
  });

  it('gives whole periods, and none that only touches the range', () => {
    const [fromMs, toMs] = [Date.parse('2026-05-01T00:00:00Z'), Date.parse('2026-05-03T00:00:00Z')];
    const dates = (from: number, to: number) =>
      localPeriods({ fromMs: from, toMs: to }, 'UTC', 'day').map(({ date }) => date);
    expect(dates(fromMs, toMs)).toEqual(['2026-05-01', '2026-05-02']);
    expect(dates(fromMs - 1, toMs + 1)).toHaveLength(4);
  });

  const anyZone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
  const anyMs = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2040, 0) });

  it('follows each other, begins with each date anew, and never within a quarter of an hour, anywhere', () => {
    fc.assert(
      fc.property(anyZone, anyMs, fc.integer({ min: 1, max: 200 }), (timeZone, fromMs, days) => {
        const toMs = fromMs + days * DAY_MS;
        const periods = localPeriods({ fromMs, toMs }, timeZone, 'day');
        const date = new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short' });
        expect(periods[0]?.startMs).toBeLessThanOrEqual(fromMs);
        expect(periods.at(-1)?.endMs).toBeGreaterThanOrEqual(toMs);
        for (const [index, period] of periods.entries()) {
          expect(period.startMs % QUARTER_MS).toBe(0);
          expect(date.format(period.startMs)).toBe(period.date);
          expect(date.format(period.endMs - 1)).toBe(period.date);
          expect(periods[index + 1]?.startMs ?? period.endMs).toBe(period.endMs);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe(tierOfPeriods, () => {
  it.each([
    ['UTC', 'day'],
    ['Europe/Berlin', 'hour'],
    ['Asia/Kathmandu', 'quarter'],
    ['Australia/Lord_Howe', 'quarter'],
  ] as const)('in %s takes the tier %s', (timeZone, tier) => {
    const fromMs = Date.UTC(2026, 0);
    const periods = localPeriods({ fromMs, toMs: fromMs + 300 * DAY_MS }, timeZone, 'day');
    expect(tierOfPeriods(periods, ['quarter', 'hour', 'day'])).toBe(tier);
  });
});
