// The part of strftime(3) that log_timestamp_format needs, in local time.

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months =
  'January February March April May June July August September October November December'.split(
    ' ',
  );

const two = (value: number): string => String(value).padStart(2, '0');
const space = (value: number): string => String(value).padStart(2, ' ');

const conversions: Record<string, (time: Date) => string> = {
  a: (time) => days[time.getDay()]?.slice(0, 3) ?? '',
  A: (time) => days[time.getDay()] ?? '',
  b: (time) => months[time.getMonth()]?.slice(0, 3) ?? '',
  B: (time) => months[time.getMonth()] ?? '',
  d: (time) => two(time.getDate()),
  e: (time) => space(time.getDate()),
  F: (time) => `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`,
  H: (time) => two(time.getHours()),
  I: (time) => two(time.getHours() % 12 || 12),
  j: (time) => String(dayOfYear(time)).padStart(3, '0'),
  m: (time) => two(time.getMonth() + 1),
  M: (time) => two(time.getMinutes()),
  p: (time) => (time.getHours() < 12 ? 'AM' : 'PM'),
  s: (time) => String(Math.floor(time.getTime() / 1000)),
  S: (time) => two(time.getSeconds()),
  T: (time) => `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`,
  y: (time) => two(time.getFullYear() % 100),
  Y: (time) => String(time.getFullYear()),
  z: (time) => offset(-time.getTimezoneOffset()),
  Z: (time) => /\(([^)]*)\)$/.exec(time.toString())?.[1] ?? '',
  '%': () => '%',
};

/** The conversions that are known, for the one who checks a format. */
export const knownConversions: ReadonlySet<string> = new Set(Object.keys(conversions));

/** Formats a time. What is no known conversion stays as it is. */
export function strftime(format: string, time: Date): string {
  return format.replace(/%(.)/g, (all, letter: string) =>
    knownConversions.has(letter) ? (conversions[letter]?.(time) ?? all) : all,
  );
}

function dayOfYear(time: Date): number {
  const midnight = Date.UTC(time.getFullYear(), time.getMonth(), time.getDate());
  return (midnight - Date.UTC(time.getFullYear(), 0, 1)) / 86_400_000 + 1;
}

function offset(minutes: number): string {
  const [sign, size] = minutes < 0 ? ['-', -minutes] : ['+', minutes];
  return `${sign}${two(Math.floor(size / 60))}${two(size % 60)}`;
}
