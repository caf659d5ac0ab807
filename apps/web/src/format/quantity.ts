// Units of readings: from the canonical unit that Hearth stores to the one that people read. Pure.
import { METRICS, type MetricDefinition } from '@hearth/contracts';

export type Units = 'metric' | 'imperial';

/** A number made ready to be read: text without unit, and the unit that goes small beside it. */
export interface Quantity {
  readonly text: string;
  readonly unit: string;
}

/** Shown where nothing is known. Never zero. */
export const UNKNOWN: Quantity = { text: '–', unit: '' };

const KILOWATT_FROM = 1_000;
const MEGA_FROM = 1_000_000;
const WIDE_ENERGY_KWH = 100;
const MEGAWATT_HOUR_FROM_KWH = 10_000;

interface Conversion {
  readonly unit: string;
  readonly to: (value: number) => number;
  readonly from: (value: number) => number;
  /** Digits added to the metric's own precision. */
  readonly moreDigits: number;
}

const same = (unit: string): Conversion => ({
  unit,
  to: (value) => value,
  from: (value) => value,
  moreDigits: 0,
});

const IMPERIAL: ReadonlyMap<string, Conversion> = new Map([
  [
    '°C',
    {
      unit: '°F',
      to: (celsius: number) => celsius * 1.8 + 32,
      from: (fahrenheit: number) => (fahrenheit - 32) / 1.8,
      moreDigits: 0,
    },
  ],
  [
    'hPa',
    {
      unit: 'inHg',
      to: (hectopascal: number) => hectopascal * 0.0295299830714,
      from: (inches: number) => inches / 0.0295299830714,
      moreDigits: 2,
    },
  ],
]);

/** How a canonical unit is shown in these units. */
export function conversionFor(unit: string, units: Units): Conversion {
  return (units === 'imperial' ? IMPERIAL.get(unit) : undefined) ?? same(unit);
}

/** Digits after the decimal point for a value of a metric that the catalogue does not know. */
function guessDigits(value: number): number {
  const size = Math.abs(value);
  if (Number.isInteger(value) || size >= 1_000) return 0;
  if (size >= 100) return 1;
  return 2;
}

function adapt(
  value: number,
  unit: string,
  digits: number,
): { value: number; unit: string; digits: number } {
  const size = Math.abs(value);
  if (unit === 'W' && size >= MEGA_FROM) return { value: value / MEGA_FROM, unit: 'MW', digits: 2 };
  if (unit === 'W' && size >= KILOWATT_FROM) {
    return { value: value / KILOWATT_FROM, unit: 'kW', digits: size >= 10_000 ? 1 : 2 };
  }
  if (unit === 'kWh' && size >= MEGAWATT_HOUR_FROM_KWH) {
    return { value: value / KILOWATT_FROM, unit: 'MWh', digits: 2 };
  }
  if (unit === 'kWh' && size >= WIDE_ENERGY_KWH) {
    return { value, unit, digits: size >= 1_000 ? 0 : 1 };
  }
  if (unit === 'B' && size >= 1_024) return { value: value / 1_024, unit: 'KiB', digits: 0 };
  return { value, unit, digits };
}

/** Writes a number with so many digits: real minus sign, narrow groups from five digits on, no "−0". */
export function formatNumber(value: number, digits: number): string {
  const rounded = Number(value.toFixed(digits));
  const [whole = '', fraction] = Math.abs(rounded).toFixed(digits).split('.');
  const grouped = whole.length > 4 ? whole.replaceAll(/\B(?=(\d{3})+$)/g, '\u202f') : whole;
  const sign = rounded < 0 ? '\u2212' : '';
  return sign + (fraction === undefined ? grouped : `${grouped}.${fraction}`);
}

/** A numeric reading of a metric, in the home's units. `unit` is the series' own, canonical. */
export function formatQuantity(
  metric: string,
  value: number,
  unit: string,
  units: Units,
): Quantity {
  const definition = METRICS.get(metric);
  const conversion = conversionFor(unit, units);
  const digits = definition?.precision ?? guessDigits(value);
  const shown = adapt(conversion.to(value), conversion.unit, digits + conversion.moreDigits);
  return { text: formatNumber(shown.value, shown.digits), unit: shown.unit };
}

/** What people call a metric: the catalogue's label, or the name made readable (`soil_moisture` → Soil moisture). */
export function metricLabel(metric: string): string {
  const known = METRICS.get(metric)?.label;
  if (known !== undefined) return known;
  const words = metric
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The word for a boolean reading (0 or 1): the catalogue's, or on and off. */
export function booleanWord(metric: string, value: number): string {
  const words: MetricDefinition['words'] = METRICS.get(metric)?.words;
  return value === 0 ? (words?.off ?? 'off') : (words?.on ?? 'on');
}

/** Index 0–7 into the series colours; unknown metrics share the quiet last one. */
export function metricColour(metric: string): number {
  return METRICS.get(metric)?.colour ?? 7;
}
