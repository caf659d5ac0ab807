import { createHomeTime } from '../format/time';
import { timeTicks } from './time-ticks';

const HOUR = 3_600_000;
const berlin = createHomeTime('Europe/Berlin', false);
const labels = (from: number, to: number, most: number, zone = 'Europe/Berlin') =>
  timeTicks(from, to, most, zone, createHomeTime(zone, false)).map((tick) => tick.label);

describe(timeTicks, () => {
  const noonUtc = Date.UTC(2026, 0, 15, 12);

  it('stands on round times of the home', () => {
    expect(labels(noonUtc, noonUtc + HOUR, 6)).toEqual([
      '13:00',
      '13:10',
      '13:20',
      '13:30',
      '13:40',
      '13:50',
      '14:00',
    ]);
    expect(labels(noonUtc, noonUtc + 24 * HOUR, 8)).toEqual([
      '15:00',
      '18:00',
      '21:00',
      'Fri 16 Jan',
      '03:00',
      '06:00',
      '09:00',
      '12:00',
    ]);
  });

  it('is right in zones that are half an hour off', () => {
    expect(labels(noonUtc, noonUtc + 4 * HOUR, 4, 'Asia/Kolkata')).toEqual([
      '18:00',
      '19:00',
      '20:00',
      '21:00',
    ]);
  });

  it('marks midnight and noon', () => {
    const ticks = timeTicks(noonUtc, noonUtc + 48 * HOUR, 8, 'Europe/Berlin', berlin);
    expect(ticks.map(({ label, rank }) => `${label} ${rank}`)).toEqual([
      '18:00 ordinary',
      'Fri 16 Jan midnight',
      '06:00 ordinary',
      '12:00 noon',
      '18:00 ordinary',
      'Sat 17 Jan midnight',
      '06:00 ordinary',
      '12:00 noon',
    ]);
  });

  it('keeps midnights at midnight when the clocks change', () => {
    const from = Date.UTC(2026, 2, 27, 12);
    const days = timeTicks(from, from + 4 * 24 * HOUR, 5, 'Europe/Berlin', berlin);
    expect(days.map(({ ms }) => berlin.clock(ms))).toEqual(['00:00', '00:00', '00:00', '00:00']);
  });

  it('leaves out an hour that does not exist and shows none twice', () => {
    const spring = Date.UTC(2026, 2, 29, 0);
    expect(labels(spring, spring + 3 * HOUR, 4)).toEqual(['01:00', '03:00', '04:00', '05:00']);
    const autumn = Date.UTC(2026, 9, 24, 23);
    const ticks = timeTicks(autumn, autumn + 4 * HOUR, 4, 'Europe/Berlin', berlin);
    expect(new Set(ticks.map(({ ms }) => ms)).size).toBe(ticks.length);
  });

  it('answers nothing for a range that is none', () => {
    expect(labels(noonUtc, noonUtc, 5)).toEqual([]);
  });
});
