// Units that devices send, and how they become the canonical unit of a metric: value × factor + offset.

export interface Conversion {
  readonly factor: number;
  readonly offset: number;
}

const SAME: Conversion = { factor: 1, offset: 0 };
const times = (factor: number): Conversion => ({ factor, offset: 0 });

/** Canonical unit → other spelling → conversion. Maps, because units come from the wire. */
const CONVERSIONS: ReadonlyMap<string, ReadonlyMap<string, Conversion>> = new Map(
  Object.entries({
    '°C': {
      C: SAME,
      Cel: SAME,
      degC: SAME,
      celsius: SAME,
      Celsius: SAME,
      '℃': SAME,
      '°F': { factor: 5 / 9, offset: -160 / 9 },
      F: { factor: 5 / 9, offset: -160 / 9 },
      degF: { factor: 5 / 9, offset: -160 / 9 },
      fahrenheit: { factor: 5 / 9, offset: -160 / 9 },
      '℉': { factor: 5 / 9, offset: -160 / 9 },
      K: { factor: 1, offset: -273.15 },
    },
    '%': { percent: SAME, pct: SAME, '%RH': SAME },
    ppm: { ppb: times(0.001) },
    hPa: {
      mbar: SAME,
      Pa: times(0.01),
      kPa: times(10),
      bar: times(1_000),
      mmHg: times(1.333_223_874_15),
      inHg: times(33.863_886_666_667),
    },
    lx: { lux: SAME, klx: times(1_000) },
    W: { watt: SAME, mW: times(0.001), kW: times(1_000), MW: times(1_000_000) },
    kWh: {
      Wh: times(0.001),
      MWh: times(1_000),
      J: times(1 / 3_600_000),
      kJ: times(1 / 3_600),
      MJ: times(1 / 3.6),
    },
    V: { volt: SAME, mV: times(0.001), kV: times(1_000) },
    A: { ampere: SAME, mA: times(0.001), kA: times(1_000) },
    dBm: { dB: SAME },
    s: { sec: SAME, ms: times(0.001), min: times(60), h: times(3_600), d: times(86_400) },
    B: {
      byte: SAME,
      bytes: SAME,
      kB: times(1_000),
      KiB: times(1_024),
      MB: times(1_000_000),
      MiB: times(1_048_576),
    },
  } satisfies Record<string, Record<string, Conversion>>).map(([unit, others]) => [
    unit,
    new Map(Object.entries(others)),
  ]),
);

/** How a value in `from` becomes one in the canonical unit `to`; undefined when that is not known. */
export function findConversion(from: string, to: string): Conversion | undefined {
  return from === to ? SAME : CONVERSIONS.get(to)?.get(from);
}

/** The value in the canonical unit. */
export function convert(value: number, conversion: Conversion): number {
  return value * conversion.factor + conversion.offset;
}
