// Everything that turns a number, a unit or a time into words goes through here, in the home's own
// units and time zone. Pure.
import type { Series } from '@hearth/contracts';
import {
  booleanWord,
  conversionFor,
  formatNumber,
  formatQuantity,
  UNKNOWN,
  type Quantity,
  type Units,
} from './quantity';
import { createHomeTime, type HomeTime } from './time';

export interface Format {
  readonly units: Units;
  readonly timeZone: string;
  readonly time: HomeTime;
  /** A reading as text and unit; the unit is empty for words. */
  readonly reading: (
    series: Pick<Series, 'metric' | 'unit' | 'kind'>,
    value: number | string,
  ) => Quantity;
  /** The newest reading of a series, or a dash. */
  readonly latest: (series: Series) => Quantity;
  /** A temperature that is not a reading, such as a target, in °C. */
  readonly celsius: (value: number | null | undefined) => Quantity;
  /** Unit as shown, for axes and table heads. */
  readonly unit: (unit: string) => string;
  /** Canonical value to shown value, for axes. */
  readonly toShown: (unit: string, value: number) => number;
  readonly fromShown: (unit: string, value: number) => number;
}

export function createFormat(home: { timeZone: string; units: Units }): Format {
  const { timeZone, units } = home;
  const reading: Format['reading'] = (series, value) => {
    if (typeof value === 'string') return { text: value, unit: '' };
    if (series.kind === 'boolean') return { text: booleanWord(series.metric, value), unit: '' };
    return formatQuantity(series.metric, value, series.unit, units);
  };
  return {
    units,
    timeZone,
    time: createHomeTime(timeZone, units === 'imperial'),
    reading,
    latest: (series) => (series.latest === null ? UNKNOWN : reading(series, series.latest.value)),
    celsius: (value) =>
      value === null || value === undefined
        ? UNKNOWN
        : {
            text: formatNumber(conversionFor('°C', units).to(value), units === 'imperial' ? 0 : 1),
            unit: conversionFor('°C', units).unit,
          },
    unit: (unit) => conversionFor(unit, units).unit,
    toShown: (unit, value) => conversionFor(unit, units).to(value),
    fromShown: (unit, value) => conversionFor(unit, units).from(value),
  };
}
