// The weather outside: a pure function of time and seed.
import { smoothNoise } from '../random.js';
import { saturationVapour } from './humidity.js';

export interface Climate {
  readonly meanCelsius: number;
  /** Half the usual distance between the coldest and the warmest hour. */
  readonly dailySwingCelsius: number;
  /** How far single days stray from the mean. */
  readonly strayCelsius: number;
  /** Highest sun on a clear day, W per m² of window. */
  readonly sunPeakWatts: number;
}

export interface Weather {
  readonly outdoorCelsius: number;
  /** W per m² of window. */
  readonly sunWatts: number;
  /** Water in the outdoor air, g/m³. */
  readonly vapour: number;
}

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
const COLDEST_HOUR = 5;
const SUNRISE_HOUR = 7;
const SUNSET_HOUR = 18;

/** `localMs` is local time counted like epoch milliseconds, so that hour 0 is the house's midnight. */
export function weatherAt(climate: Climate, seed: number, localMs: number): Weather {
  const hour = (localMs / HOUR_MS) % DAY_HOURS;
  const cycle = -Math.cos(((hour - COLDEST_HOUR) / DAY_HOURS) * 2 * Math.PI);
  const cloud = (smoothNoise(seed, 'cloud', localMs, 5 * HOUR_MS) + 1) / 2;
  const outdoorCelsius =
    climate.meanCelsius +
    climate.dailySwingCelsius * cycle * (1 - 0.4 * cloud) +
    climate.strayCelsius * smoothNoise(seed, 'front', localMs, 30 * HOUR_MS) +
    0.4 * smoothNoise(seed, 'gust', localMs, HOUR_MS / 2);
  const daylight = (hour - SUNRISE_HOUR) / (SUNSET_HOUR - SUNRISE_HOUR);
  const sunHeight = daylight > 0 && daylight < 1 ? Math.sin(daylight * Math.PI) : 0;
  const relative = 0.78 + 0.14 * smoothNoise(seed, 'damp', localMs, 8 * HOUR_MS);
  return {
    outdoorCelsius,
    sunWatts: climate.sunPeakWatts * sunHeight * (1 - 0.75 * cloud),
    vapour: relative * saturationVapour(outdoorCelsius),
  };
}
