// What sensors of a home could have said: waves of the day and of the year, noise, hours and days without a word. The same
// series and day give the same readings, so that whoever checks can make them again.
import type { PageReadings } from '@hearth/history';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const SILENT_DAYS = 0.002;
const SILENT_HOURS = 0.01;
/** How late a reading may be that is stamped on arrival. */
const MOST_LATE_MS = 250;

interface Sensor {
  readonly metric: string;
  readonly unit: string;
  readonly decimals: number;
  readonly least: number;
  /** Mean, half the height of the year's and of the day's wave, and how far it strays from one reading to the next. */
  readonly mean: number;
  readonly year: number;
  readonly day: number;
  readonly noise: number;
}

const SENSORS: readonly Sensor[] = [
  {
    metric: 'temperature',
    unit: '°C',
    decimals: 2,
    least: -40,
    mean: 20,
    year: 4,
    day: 1.5,
    noise: 0.03,
  },
  { metric: 'humidity', unit: '%', decimals: 1, least: 0, mean: 48, year: 9, day: 5, noise: 0.2 },
  { metric: 'power', unit: 'W', decimals: 1, least: 0, mean: 240, year: 60, day: 150, noise: 35 },
  { metric: 'co2', unit: 'ppm', decimals: 0, least: 400, mean: 720, year: 40, day: 250, noise: 8 },
  {
    metric: 'illuminance',
    unit: 'lx',
    decimals: 0,
    least: 0,
    mean: 150,
    year: 60,
    day: 300,
    noise: 6,
  },
];

/** Metrics of one device: the series of a device come one after the other. */
export const METRICS_PER_DEVICE = SENSORS.length;

export function sensorOf(series: number): Sensor {
  return SENSORS[series % SENSORS.length] as Sensor;
}

/** Readings of series number `series` in the UTC day that begins at `dayMs`, before `endMs`. May be none. */
export function readingsOf(
  series: number,
  dayMs: number,
  everyMs: number,
  endMs: number,
): PageReadings {
  const { decimals, least, mean, year, day, noise } = sensorOf(series);
  const random = randomFrom(series * 100_003 + dayMs / DAY_MS);
  const ts: number[] = [];
  const values: number[] = [];
  if (random() < SILENT_DAYS) return { ts: new Float64Array(), values: new Float64Array() };
  const silent = Array.from({ length: 24 }, () => random() < SILENT_HOURS);
  const isStampedOnArrival = Math.floor(series / SENSORS.length) % 2 === 1;
  const level = mean + year * Math.sin((2 * Math.PI * dayMs) / (365.25 * DAY_MS)) + (series % 7);
  const scale = 10 ** decimals;
  let stray = 0;
  for (let offset = 0; offset < DAY_MS; offset += everyMs) {
    stray = 0.9 * stray + noise * (random() + random() - 1);
    const lateMs = isStampedOnArrival ? Math.floor(random() * MOST_LATE_MS) : 0;
    const moment = dayMs + offset + lateMs;
    if (moment >= endMs) break;
    if (silent[Math.floor(offset / HOUR_MS)] === true) continue;
    const wave = day * Math.sin((2 * Math.PI * offset) / DAY_MS - 2);
    ts.push(moment);
    values.push(Math.round(Math.max(level + wave + stray, least) * scale) / scale);
  }
  return { ts: Float64Array.from(ts), values: Float64Array.from(values) };
}

/** Numbers from 0 to below 1 (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
