// Times in the home's zone and durations in words. Pure: "now" is always passed in.

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const NARROW_SPACE = '\u202f';

/** Clock and calendar of one home. */
export interface HomeTime {
  /** `14:05` */
  readonly clock: (ms: number) => string;
  /** `14:05:09` */
  readonly clockSeconds: (ms: number) => string;
  /** `Tue 4 Mar` */
  readonly day: (ms: number) => string;
  /** `4 Mar 2025` */
  readonly dayWithYear: (ms: number) => string;
  /** `14:05` today, otherwise `Mon 3 Mar 14:05`; the year when it is another one. */
  readonly moment: (ms: number, now: number) => string;
  /** `Tuesday 4 March` */
  readonly longDay: (ms: number) => string;
}

export function createHomeTime(timeZone: string, twelveHours: boolean): HomeTime {
  const locale = twelveHours ? 'en-US' : 'en-GB';
  const format = (options: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat(locale, { timeZone, ...options });
    return (ms: number) => formatter.format(ms);
  };
  const hour12 = twelveHours;
  const clock = format({ hour: twelveHours ? 'numeric' : '2-digit', minute: '2-digit', hour12 });
  const clockSeconds = format({
    hour: twelveHours ? 'numeric' : '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12,
  });
  const weekdayAndDate = format({ weekday: 'short', day: 'numeric', month: 'short' });
  // Some versions of the locale data put a comma after the weekday.
  const day = (ms: number) => weekdayAndDate(ms).replace(',', '');
  const dayWithYear = format({ day: 'numeric', month: 'short', year: 'numeric' });
  const date = format({ year: 'numeric', month: '2-digit', day: '2-digit' });
  const year = format({ year: 'numeric' });
  return {
    clock,
    clockSeconds,
    day,
    dayWithYear,
    longDay: format({ weekday: 'long', day: 'numeric', month: 'long' }),
    moment(ms, now) {
      if (date(ms) === date(now)) return clock(ms);
      const shownDay = year(ms) === year(now) ? day(ms) : dayWithYear(ms);
      return `${shownDay} ${clock(ms)}`;
    },
  };
}

/** How long ago, in words: `just now`, `40 s ago`, `8 min ago`, `3 h ago`, `5 days ago`. The future counts as now. */
export function formatAge(ageMs: number): string {
  if (ageMs < 10 * SECOND) return 'just now';
  return `${formatDuration(ageMs, 'coarse')} ago`;
}

/** A duration in words. `coarse` keeps the largest unit, `fine` the two largest: `8 min`, `3 h 12 min`. */
export function formatDuration(durationMs: number, detail: 'coarse' | 'fine' = 'fine'): string {
  const ms = Math.max(0, durationMs);
  const unit = (count: number, name: string) => `${count}${NARROW_SPACE}${name}`;
  const withRest = (large: string, rest: number, name: string) =>
    detail === 'fine' && rest > 0 ? `${large} ${unit(rest, name)}` : large;
  if (ms < MINUTE) return unit(Math.floor(ms / SECOND), 's');
  if (ms < HOUR) {
    const minutes = Math.floor(ms / MINUTE);
    const seconds = minutes < 5 ? Math.floor((ms % MINUTE) / SECOND) : 0;
    return withRest(unit(minutes, 'min'), seconds, 's');
  }
  if (ms < DAY) {
    return withRest(unit(Math.floor(ms / HOUR), 'h'), Math.floor((ms % HOUR) / MINUTE), 'min');
  }
  const days = Math.floor(ms / DAY);
  return withRest(unit(days, days === 1 ? 'day' : 'days'), Math.floor((ms % DAY) / HOUR), 'h');
}

/** An ISO time as epoch milliseconds; undefined for null. */
export function toMs(iso: string): number;
export function toMs(iso: string | null | undefined): number | undefined;
export function toMs(iso: string | null | undefined): number | undefined {
  return iso === null || iso === undefined ? undefined : Date.parse(iso);
}
