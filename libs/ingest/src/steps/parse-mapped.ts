// Step 3 of a mapped message: bytes to samples, by the paths of its mapping. Lenient where bought devices are: a
// number in quotes is a number, and a field that is missing this time is no fault while another is there.
import {
  convert,
  EVERY_FIELD,
  fillTemplate,
  MAX_METRICS_PER_ENTRY,
  METRICS,
} from '@hearth/contracts';
import type { CompiledMetric } from '../mapping-book.js';
import { readPath } from '../mapping-path.js';
import type { MappedTelemetry, Parsed, Sample } from '../message.js';
import { readJson, readText } from '../payload-text.js';
import { quote, Refusal } from '../refusal.js';
import { badMetricName, isMetricName, NUMBER, readUnit, readValue, SWITCH_WORDS } from './parse.js';

/** Epoch seconds end here, and epoch milliseconds begin: the year 5138, or March 1973. */
const FIRST_MILLISECONDS = 100_000_000_000;
const ISO_TIME = /^\d{4}-\d\d-(\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$/i;
/** Longer texts are not lower-cased for nothing. */
const MAX_WORD_LENGTH = 16;

type Value = Sample['value'];

export function parseMapped(addressed: MappedTelemetry): Parsed | Refusal {
  const { message, mapping } = addressed;
  const text = readText(message.payload);
  if (text instanceof Refusal) return text;
  const body = readBody(text, mapping.needsJson || mapping.tsKeys !== undefined);
  if (body instanceof Refusal) return body;
  const ts = mapping.tsKeys && readTime(readPath(body.json, mapping.tsKeys));
  if (ts instanceof Refusal) return ts;
  const samples: Sample[] = [];
  for (const metric of mapping.metrics) {
    const found = readPath(body.json, metric.keys);
    if (found === undefined || found === null) continue;
    const refusal =
      metric.metric === EVERY_FIELD
        ? addFields(found, metric, ts, samples)
        : addSample(nameOf(metric, addressed), found, metric, ts, samples);
    if (refusal !== undefined) return refusal;
  }
  if (samples.length > 0) return { addressed, samples };
  const paths = mapping.metrics.map(({ path }) => quote(path)).slice(0, 4);
  return new Refusal('value-missing', `there is no value at ${paths.join(', ')}`);
}

/** A level may be written as people write: `Room Temperature` is `Room_Temperature`. */
function nameOf({ metric }: CompiledMetric, { levels }: MappedTelemetry): string {
  if (!metric.startsWith('{')) return metric;
  return toMetricName(fillTemplate(metric, (name) => levels.get(name) ?? ''));
}

function toMetricName(text: string): string {
  return text.length > 64
    ? text
    : text.replaceAll(/[^A-Za-z0-9_]+/g, '_').replaceAll(/^_+|_+$/g, '');
}

/** The payload as JSON where it must be or is some, else the text itself. */
function readBody(text: string, needsJson: boolean): { readonly json: unknown } | Refusal {
  const bare = text.trim();
  if (needsJson || bare.startsWith('{') || bare.startsWith('"')) return readJson(bare);
  return { json: bare };
}

/** Every field of an object that is a value. What holds more objects, or has a name that is none, is passed over. */
function addFields(
  found: unknown,
  rule: CompiledMetric,
  ts: number | undefined,
  samples: Sample[],
): Refusal | undefined {
  if (typeof found !== 'object' || found === null || Array.isArray(found)) {
    return new Refusal('wrong-shape', `${quote(rule.path)} is no object with fields`);
  }
  const taken = new Set(samples.map(({ metric }) => metric));
  for (const [key, value] of Object.entries(found)) {
    const metric = toMetricName(key);
    const isValue = typeof value !== 'object' && value !== null && isMetricName(metric);
    if (!isValue || taken.has(metric)) continue;
    taken.add(metric);
    if (samples.length >= MAX_METRICS_PER_ENTRY) {
      return new Refusal('too-many-metrics', `more than ${MAX_METRICS_PER_ENTRY} metrics`);
    }
    const refusal = addSample(metric, value, rule, ts, samples);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function addSample(
  metric: string,
  found: unknown,
  rule: CompiledMetric,
  ts: number | undefined,
  samples: Sample[],
): Refusal | undefined {
  if (!isMetricName(metric)) return badMetricName(metric);
  if (typeof found === 'object' && found !== null && Object.hasOwn(found, 'value')) {
    return addValueObject(metric, found as Readonly<Record<string, unknown>>, rule, ts, samples);
  }
  const value = toValue(metric, found, rule);
  if (value instanceof Refusal) return value;
  const unit = typeof value === 'number' && rule.unit !== '' ? rule.unit : undefined;
  samples.push({ metric, value, ts, unit });
  return undefined;
}

/** `{"value":23.5,"unit":"C"}` where a value is asked for: its own unit counts, unless the mapping names one. */
function addValueObject(
  metric: string,
  found: Readonly<Record<string, unknown>>,
  rule: CompiledMetric,
  ts: number | undefined,
  samples: Sample[],
): Refusal | undefined {
  const value = toValue(metric, found['value'], rule);
  if (value instanceof Refusal) return value;
  const unit = rule.unit === '' ? readUnit(found['unit'] ?? undefined) : rule.unit;
  if (unit instanceof Refusal) return unit;
  const own = ts === undefined && found['ts'] !== undefined ? readTime(found['ts']) : ts;
  if (own instanceof Refusal) return own;
  samples.push({ metric, value, ts: own, unit: typeof value === 'number' ? unit : undefined });
  return undefined;
}

function toValue(metric: string, found: unknown, rule: CompiledMetric): Value | Refusal {
  const value = readValue(
    metric,
    typeof found === 'string' ? readWord(metric, found, rule) : found,
  );
  if (typeof value !== 'number') return value;
  const scaled = convert(value, rule.scaling);
  return Number.isFinite(scaled) ? scaled : new Refusal('not-finite', `${metric} is too large`);
}

/** What a text stands for, in the payload itself or in quotes. */
function readWord(metric: string, text: string, rule: CompiledMetric): Value {
  const bare = text.trim();
  const definition = METRICS.get(metric);
  if (definition?.kind !== 'text' && NUMBER.test(bare)) return Number(bare);
  if (bare.length > MAX_WORD_LENGTH) return text;
  const word = bare.toLowerCase();
  if (definition?.words !== undefined) {
    if (word === definition.words.on) return true;
    if (word === definition.words.off) return false;
  }
  const isNumber = definition?.kind === 'number' || rule.unit !== '';
  if (isNumber && /^[+-]?(?:nan|inf|infinity)$/.test(word)) return Number.NaN;
  return isNumber ? text : (SWITCH_WORDS.get(word) ?? text);
}

function readTime(found: unknown): number | undefined | Refusal {
  if (found === undefined || found === null) return undefined;
  const asNumber = typeof found === 'string' && NUMBER.test(found) ? Number(found) : found;
  if (typeof asNumber === 'number' && Number.isFinite(asNumber)) {
    return Math.round(Math.abs(asNumber) < FIRST_MILLISECONDS ? asNumber * 1_000 : asNumber);
  }
  const ms = typeof found === 'string' ? parseIso(found) : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  return new Refusal(
    'ts-not-integer',
    'the time is neither epoch milliseconds or seconds nor ISO 8601 with a zone',
  );
}

/** NaN for what is no time; and for a 30 February, which `Date.parse` takes for the 2 March. */
function parseIso(text: string): number {
  const day = ISO_TIME.exec(text)?.[1];
  if (day === undefined) return Number.NaN;
  return new Date(`${text.slice(0, 10)}T00:00Z`).getUTCDate() === Number(day)
    ? Date.parse(text)
    : Number.NaN;
}
