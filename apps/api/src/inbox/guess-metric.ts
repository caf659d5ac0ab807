// What a name in a topic or in JSON probably measures. Pure; a person looks at it before it counts.
import { METRIC_NAME_PATTERN, METRICS, RESERVED_TELEMETRY_KEYS } from '@hearth/contracts';

export interface MetricGuess {
  readonly metric: string;
  readonly unit: string;
  /** Whether the catalogue knows what it is. */
  readonly isKnown: boolean;
}

/** What devices call things, in small letters without signs, and the metric and unit that it usually is. */
const ALIASES: ReadonlyMap<string, readonly [metric: string, unit: string]> = new Map(
  Object.entries({
    temp: ['temperature', ''],
    tempc: ['temperature', '°C'],
    tempf: ['temperature', '°F'],
    tc: ['temperature', '°C'],
    tf: ['temperature', '°F'],
    temperaturec: ['temperature', '°C'],
    temperaturef: ['temperature', '°F'],
    localtemperature: ['temperature', '°C'],
    atmp: ['temperature', '°C'],
    hum: ['humidity', ''],
    rh: ['humidity', ''],
    rhum: ['humidity', ''],
    relativehumidity: ['humidity', ''],
    rco2: ['co2', ''],
    carbondioxide: ['co2', ''],
    pres: ['pressure', ''],
    barometer: ['pressure', ''],
    pressurehpa: ['pressure', 'hPa'],
    lux: ['illuminance', 'lx'],
    lx: ['illuminance', 'lx'],
    illuminancelux: ['illuminance', 'lx'],
    brightness: ['illuminance', ''],
    apower: ['power', 'W'],
    powerw: ['power', 'W'],
    watt: ['power', 'W'],
    energykwh: ['energy', 'kWh'],
    totalkwh: ['energy', 'kWh'],
    energywh: ['energy', 'Wh'],
    volt: ['voltage', 'V'],
    ampere: ['current', 'A'],
    batt: ['battery', '%'],
    batterypercent: ['battery', '%'],
    batterylevel: ['battery', '%'],
    wifi: ['rssi', 'dBm'],
    signal: ['rssi', 'dBm'],
    occupancy: ['motion', ''],
    presence: ['motion', ''],
    pir: ['motion', ''],
    waterleak: ['leak', ''],
    targettemperature: ['target_temperature', '°C'],
    occupiedheatingsetpoint: ['target_temperature', '°C'],
    currentheatingsetpoint: ['target_temperature', '°C'],
  } satisfies Record<string, [string, string]>),
);

const MAX_NAME_LENGTH = 64;

/** The metric that a name seems to mean; a name of its own where the catalogue has none. */
export function guessMetric(name: string): MetricGuess {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '');
  const alias = ALIASES.get(plain);
  if (alias !== undefined) {
    const [metric, unit] = alias;
    return { metric, unit: unit || (METRICS.get(metric)?.unit ?? ''), isKnown: true };
  }
  const metric = toName(name);
  const known = METRICS.get(metric.toLowerCase());
  if (known === undefined) return { metric, unit: '', isKnown: false };
  return { metric: metric.toLowerCase(), unit: known.unit, isKnown: true };
}

function toName(name: string): string {
  const clean = name
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .replaceAll(/[^A-Za-z0-9_]+/g, '_')
    .replaceAll(/^[^A-Za-z]+|_+$/g, '')
    .slice(0, MAX_NAME_LENGTH);
  return METRIC_NAME_PATTERN.test(clean) && !RESERVED_TELEMETRY_KEYS.has(clean) ? clean : 'value';
}

const MAX_DEVICE_NAME_LENGTH = 60;
/** Levels that say nothing of the device. */
const SAYS_NOTHING: ReadonlySet<string> = new Set([
  'home',
  'sensor',
  'sensors',
  'status',
  'state',
  'stat',
  'tele',
  'telemetry',
  'events',
  'data',
  'zigbee2mqtt',
  'result',
  'rpc',
]);

/** What the device may be called: `home/living_room/temperature` is of "Living room". */
export function guessDeviceName(topic: string): string {
  const levels = topic.split('/').filter((level) => level !== '');
  const last = levels.at(-1);
  const isMetric = last !== undefined && levels.length > 1 && guessMetric(last).isKnown;
  const telling = (isMetric ? levels.slice(0, -1) : levels).filter(
    (level) => !SAYS_NOTHING.has(level.toLowerCase()),
  );
  const words = (telling.length > 0 ? telling : levels)
    .join(' ')
    .replaceAll(/[_\s]+/g, ' ')
    .slice(0, MAX_DEVICE_NAME_LENGTH)
    .toWellFormed()
    .trim();
  if (words === '') return 'Device';
  return words.charAt(0).toUpperCase() + words.slice(1);
}
