// The catalogue of units: what devices and Home Assistant's device classes send, and how it becomes the canonical unit of a metric: value × factor / divisor + offset.

/** A fraction, because readings are decimals: 9 / 1000 is 0.009, and 9 × 0.001 is 0.009000000000000001. */
export interface Conversion {
  readonly factor: number;
  readonly divisor: number;
  readonly offset: number;
}

/** Most digits after the decimal point of a scale that becomes a fraction. */
const MAX_SCALE_DIGITS = 6;

const SAME: Conversion = { factor: 1, divisor: 1, offset: 0 };
const FROM_FAHRENHEIT: Conversion = { factor: 5, divisor: 9, offset: -160 / 9 };
const FROM_KELVIN: Conversion = { factor: 1, divisor: 1, offset: -273.15 };
const times = (scale: number): Conversion => scaleBy(scale, 0);
const per = (divisor: number, factor = 1): Conversion => ({ factor, divisor, offset: 0 });

/** Canonical unit → other spelling → conversion. Maps, because units come from the wire. */
const CONVERSIONS: ReadonlyMap<string, ReadonlyMap<string, Conversion>> = new Map(
  Object.entries({
    '°C': {
      C: SAME,
      Cel: SAME,
      degC: SAME,
      celsius: SAME,
      Celsius: SAME,
      // The masculine ordinal, which keyboards offer for the degree sign.
      ºC: SAME,
      '℃': SAME,
      '°F': FROM_FAHRENHEIT,
      F: FROM_FAHRENHEIT,
      degF: FROM_FAHRENHEIT,
      fahrenheit: FROM_FAHRENHEIT,
      Fahrenheit: FROM_FAHRENHEIT,
      ºF: FROM_FAHRENHEIT,
      '℉': FROM_FAHRENHEIT,
      K: FROM_KELVIN,
      kelvin: FROM_KELVIN,
    },
    '%': { percent: SAME, pct: SAME, '%RH': SAME, '% RH': SAME, '%rH': SAME },
    ppm: { PPM: SAME, ppb: times(0.001) },
    hPa: {
      mbar: SAME,
      millibar: SAME,
      Pa: times(0.01),
      mPa: times(0.000_01),
      kPa: times(10),
      cbar: times(10),
      bar: times(1_000),
      psi: times(68.947_572_931_683),
      mmHg: times(1.333_223_874_15),
      inHg: times(33.863_886_666_667),
    },
    lx: { lux: SAME, Lux: SAME, klx: times(1_000), fc: times(10.763_910_416_709_7) },
    W: {
      watt: SAME,
      watts: SAME,
      Watt: SAME,
      Watts: SAME,
      mW: times(0.001),
      kW: times(1_000),
      MW: times(1_000_000),
      GW: times(1_000_000_000),
      'BTU/h': times(0.293_071_070_172_22),
    },
    kWh: {
      kwh: SAME,
      mWh: times(0.000_001),
      Wh: times(0.001),
      MWh: times(1_000),
      GWh: times(1_000_000),
      J: per(3_600_000),
      kJ: per(3_600),
      MJ: per(18, 5),
      GJ: per(9, 2_500),
      cal: per(3_600_000_000, 4_184),
      kcal: per(3_600_000, 4_184),
      Mcal: per(3_600, 4_184),
    },
    V: {
      volt: SAME,
      volts: SAME,
      Volt: SAME,
      Volts: SAME,
      µV: times(0.000_001),
      μV: times(0.000_001),
      mV: times(0.001),
      kV: times(1_000),
    },
    A: { amp: SAME, amps: SAME, Amps: SAME, ampere: SAME, mA: times(0.001), kA: times(1_000) },
    dBm: { dB: SAME },
    s: {
      sec: SAME,
      seconds: SAME,
      µs: times(0.000_001),
      μs: times(0.000_001),
      ms: times(0.001),
      min: times(60),
      minutes: times(60),
      h: times(3_600),
      hours: times(3_600),
      d: times(86_400),
      days: times(86_400),
    },
    B: {
      byte: SAME,
      Bytes: SAME,
      bytes: SAME,
      kB: times(1_000),
      KiB: times(1_024),
      MB: times(1_000_000),
      MiB: times(1_048_576),
      GB: times(1_000_000_000),
      GiB: times(1_073_741_824),
    },
  } satisfies Record<string, Record<string, Conversion>>).map(([unit, others]) => [
    unit,
    new Map(Object.entries(others)),
  ]),
);

/** Unit, however it is spelled → its canonical unit, and how it becomes that. A spelling belongs to one unit only. */
const UNITS: ReadonlyMap<string, { readonly canonical: string; readonly conversion: Conversion }> =
  new Map(
    [...CONVERSIONS].flatMap(([canonical, others]) =>
      [[canonical, SAME] as const, ...others].map(
        ([unit, conversion]) => [unit, { canonical, conversion }] as const,
      ),
    ),
  );

/**
 * How a value in `from` becomes one in `to`; undefined when that is not known. `to` need not be canonical: a metric that
 * nobody knows is kept in the unit that came first.
 */
export function findConversion(from: string, to: string): Conversion | undefined {
  if (from === to) return SAME;
  const source = UNITS.get(from);
  const target = UNITS.get(to);
  if (source === undefined || source.canonical !== target?.canonical) return undefined;
  if (target.conversion === SAME) return source.conversion;
  const { factor, divisor, offset } = target.conversion;
  return {
    factor: source.conversion.factor * divisor,
    divisor: source.conversion.divisor * factor,
    offset: ((source.conversion.offset - offset) * divisor) / factor,
  };
}

/** What multiplies by `scale` and adds `offset`; a scale that is a short decimal as the fraction that was meant. */
export function scaleBy(scale: number, offset: number): Conversion {
  for (let divisor = 1; divisor <= 10 ** MAX_SCALE_DIGITS; divisor *= 10) {
    const factor = Math.round(scale * divisor);
    if (factor / divisor === scale) return { factor, divisor, offset };
  }
  return { factor: scale, divisor: 1, offset };
}

/** The value in the unit that the conversion leads to. */
export function convert(value: number, { factor, divisor, offset }: Conversion): number {
  const scaled = (value * factor) / divisor;
  return offset === 0 ? scaled : addDecimals(scaled, offset);
}

/** Digits of a decimal that a double holds for certain. */
const CERTAIN_DIGITS = 15;

/** The sum without what is left at the end of the larger one's digits: 295.37 - 273.15 is 22.22, not 22.220000000000027. */
function addDecimals(a: number, b: number): number {
  const sum = a + b;
  const larger = Math.max(Math.abs(a), Math.abs(b));
  const digits = CERTAIN_DIGITS - 1 - Math.floor(Math.log10(larger));
  const rounded = Math.round(sum * 10 ** digits) / 10 ** digits;
  return digits < 0 || !Number.isFinite(rounded) ? sum : rounded;
}
