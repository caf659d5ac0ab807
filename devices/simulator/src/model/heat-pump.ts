// A split heat pump, one indoor unit: how much heat it moves and what it draws for it.
import type { Drive } from './thermostat.js';

export interface HeatPumpUnit {
  readonly heatingWatts: number;
  readonly coolingWatts: number;
}

const STANDBY_WATTS = 6;

/** Heat moved per electricity used. Falls as the indoor and outdoor temperatures move apart. */
function coefficientOfPerformance(indoorCelsius: number, outdoorCelsius: number): number {
  const lift = Math.abs(indoorCelsius - outdoorCelsius);
  return Math.min(5.5, Math.max(1.8, 5.3 - 0.085 * lift));
}

/** Heat into the room (negative when cooling) and electric power, both W. */
export function heatPumpOutput(
  unit: HeatPumpUnit,
  drive: Drive,
  indoorCelsius: number,
  outdoorCelsius: number,
): { heatWatts: number; electricWatts: number } {
  if (drive === 'off') return { heatWatts: 0, electricWatts: STANDBY_WATTS };
  const moved = drive === 'heating' ? unit.heatingWatts : unit.coolingWatts;
  const electricWatts =
    moved / coefficientOfPerformance(indoorCelsius, outdoorCelsius) + STANDBY_WATTS;
  return { heatWatts: drive === 'heating' ? moved : -moved, electricWatts };
}
