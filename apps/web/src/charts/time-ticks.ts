// Where the ticks of a time axis stand: on round times of the home's own clock, whatever the browser's
// zone and whether or not the clocks change in between. Pure.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Distances between ticks, smallest first. Hours divide a day, so that midnight and noon are among them. */
const STEPS = [
  MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
];

export interface TimeTick {
  readonly ms: number;
  readonly label: string;
  /** Midnights stand out most, noons a little. */
  readonly rank: 'midnight' | 'noon' | 'ordinary';
}

export interface TickLabels {
  readonly clock: (ms: number) => string;
  readonly day: (ms: number) => string;
}

/** Ticks between `from` and `to`, at most `most` of them. */
export function timeTicks(
  from: number,
  to: number,
  most: number,
  timeZone: string,
  labels: TickLabels,
): TimeTick[] {
  if (!(to > from) || most < 1) return [];
  const step = STEPS.find((one) => (to - from) / one <= most) ?? STEPS.at(-1) ?? DAY;
  const offsetAt = zoneOffset(timeZone);
  const ticks: TimeTick[] = [];
  let local = Math.floor((from + offsetAt(from)) / step) * step;
  // One step past each end, because a change of the clocks shifts what is inside.
  for (; local <= to + DAY; local += step) {
    const ms = toUtc(local, offsetAt);
    if (ms < from) continue;
    if (ms > to) break;
    if (ticks.at(-1)?.ms === ms) continue;
    ticks.push(tickAt(ms, local, labels));
  }
  return ticks;
}

function tickAt(ms: number, local: number, labels: TickLabels): TimeTick {
  const timeOfDay = local % DAY;
  if (timeOfDay === 0) return { ms, label: labels.day(ms), rank: 'midnight' };
  return { ms, label: labels.clock(ms), rank: timeOfDay === DAY / 2 ? 'noon' : 'ordinary' };
}

/** The instant at which clocks of the zone show `local`; a time that the clocks skip becomes the one after it. */
function toUtc(local: number, offsetAt: (ms: number) => number): number {
  const guess = local - offsetAt(local);
  const corrected = local - offsetAt(guess);
  return corrected + offsetAt(corrected) === local ? corrected : Math.max(guess, corrected);
}

/** Local time minus UTC of a zone, in milliseconds, as a function of the instant. */
function zoneOffset(timeZone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (ms) => {
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    const local = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    );
    return local - Math.floor(ms / 1_000) * 1_000;
  };
}
