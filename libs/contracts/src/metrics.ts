// The metric catalogue: one table feeding validation, axes, tiles and firmware.
// A metric that is not listed is accepted as it is; it only lacks a label, a range and a colour.

export type MetricKind = 'number' | 'boolean' | 'text';

export interface MetricDefinition {
  readonly label: string;
  readonly kind: MetricKind;
  /** Canonical unit, UCUM-like symbol as shown to people; empty for none. */
  readonly unit: string;
  /** Digits after the decimal point when shown. */
  readonly precision: number;
  /** Physically possible range in `unit`; a value outside is refused. */
  readonly min: number;
  readonly max: number;
  /** Index 0–7 into the series colours, fixed per metric. */
  readonly colour: number;
  /** Words for true and false of a boolean metric. */
  readonly words?: { readonly on: string; readonly off: string };
}

const number = (
  label: string,
  unit: string,
  precision: number,
  min: number,
  max: number,
  colour: number,
): MetricDefinition => ({ label, kind: 'number', unit, precision, min, max, colour });

const boolean = (label: string, on: string, off: string, colour: number): MetricDefinition => ({
  label,
  kind: 'boolean',
  unit: '',
  precision: 0,
  min: 0,
  max: 1,
  colour,
  words: { on, off },
});

/** Known metrics by name. A Map, because names come from the wire. */
export const METRICS: ReadonlyMap<string, MetricDefinition> = new Map(
  Object.entries({
    temperature: number('Temperature', '°C', 1, -90, 150, 0),
    humidity: number('Humidity', '%', 0, 0, 100, 1),
    co2: number('CO₂', 'ppm', 0, 0, 40_000, 2),
    pressure: number('Pressure', 'hPa', 0, 300, 1_200, 6),
    illuminance: number('Brightness', 'lx', 0, 0, 200_000, 4),
    power: number('Power', 'W', 0, -1_000_000, 1_000_000, 3),
    energy: number('Energy', 'kWh', 2, 0, 1_000_000_000, 5),
    voltage: number('Voltage', 'V', 1, 0, 1_000, 6),
    current: number('Current', 'A', 2, -10_000, 10_000, 7),
    outdoor_temperature: number('Outdoor temperature', '°C', 1, -90, 70, 6),
    thermostat_temperature: number('Temperature at the thermostat', '°C', 1, -90, 150, 5),
    thermostat_temperature_left: number('Temperature at the left thermostat', '°C', 1, -90, 150, 5),
    thermostat_temperature_right: number(
      'Temperature at the right thermostat',
      '°C',
      1,
      -90,
      150,
      3,
    ),
    target_temperature: number('Target', '°C', 1, 0, 50, 7),
    battery: number('Battery', '%', 0, 0, 100, 2),
    rssi: number('Signal', 'dBm', 0, -150, 20, 7),
    uptime: number('Uptime', 's', 0, 0, 4_294_967_295, 7),
    free_heap: number('Free memory', 'B', 0, 0, 4_294_967_295, 7),
    contact: boolean('Contact', 'open', 'closed', 4),
    motion: boolean('Motion', 'motion', 'quiet', 4),
    leak: boolean('Leak', 'wet', 'dry', 1),
    heating: boolean('Heating', 'heating', 'idle', 0),
    cooling: boolean('Cooling', 'cooling', 'idle', 1),
  } satisfies Record<string, MetricDefinition>),
);

/** Metric names: a letter, then letters, digits and underscores. `__proto__` is none. */
export const METRIC_NAME_PATTERN = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/** Names that carry a telemetry object's time and order; never metrics. */
export const RESERVED_TELEMETRY_KEYS: ReadonlySet<string> = new Set(['ts', 'seq']);
