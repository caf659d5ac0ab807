// Step 2: bytes to samples. Hand-written and strict, because every reading passes here; a message is
// taken or refused as a whole. JSON objects from the wire are only ever read by Object.keys.
import {
  MAX_BACKFILL_ENTRIES,
  MAX_METRICS_PER_ENTRY,
  MAX_TEXT_VALUE_LENGTH,
  METRICS,
  METRIC_NAME_PATTERN,
  RESERVED_TELEMETRY_KEYS,
} from '@hearth/contracts';
import { MAX_UNIT_LENGTH } from '../limits.js';
import type { AddressedTelemetry, Parsed, Sample } from '../message.js';
import { isStorableText, readJson, readText } from '../payload-text.js';
import { quote, Refusal } from '../refusal.js';

/** Decimal notation with an optional exponent. `Number('')` is 0 and `Number('0x10')` 16: neither is a reading. */
export const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const NOT_FINITE_WORD = /^[+-]?(?:nan|inf|infinity)$/i;
export const SWITCH_WORDS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['on', true],
  ['false', false],
  ['off', false],
]);
/** Longest of them, so that a long text is not lower-cased for nothing. */
const MAX_SWITCH_WORD_LENGTH = 5;

export function parse(addressed: AddressedTelemetry): Parsed | Refusal {
  const text = readText(addressed.message.payload);
  if (text instanceof Refusal) return text;
  const samples =
    addressed.metric === undefined ? parseEntries(text) : parseSingle(addressed.metric, text);
  return samples instanceof Refusal ? samples : { addressed, samples };
}

/** `hearth/<d>/telemetry`: an object of metrics, or an array of them. */
function parseEntries(text: string): Sample[] | Refusal {
  const read = readJson(text);
  if (read instanceof Refusal) return read;
  const samples: Sample[] = [];
  if (!Array.isArray(read.json)) {
    return parseEntry(read.json, 'the payload', false, samples) ?? samples;
  }
  const entries: readonly unknown[] = read.json;
  if (entries.length === 0) return new Refusal('no-metrics', 'the array is empty');
  if (entries.length > MAX_BACKFILL_ENTRIES) {
    return new Refusal(
      'too-many-entries',
      `the array has ${entries.length} entries, limit is ${MAX_BACKFILL_ENTRIES}`,
    );
  }
  for (let index = 0; index < entries.length; index += 1) {
    const refusal = parseEntry(entries[index], `entry ${index}`, true, samples);
    if (refusal !== undefined) return refusal;
  }
  return samples;
}

/** Adds the samples of one object. A backfill is about the past, so each of its entries must say when. */
function parseEntry(
  entry: unknown,
  place: string,
  needsTs: boolean,
  samples: Sample[],
): Refusal | undefined {
  if (!isJsonObject(entry))
    return new Refusal('wrong-shape', `${place} is ${describe(entry)}, not an object of metrics`);
  const ts = readTs(entry['ts']);
  if (ts instanceof Refusal) return ts;
  if (ts === undefined && needsTs) return new Refusal('ts-missing', `${place} has no ts`);
  const seq = entry['seq'];
  if (seq !== undefined && !Number.isSafeInteger(seq)) {
    return new Refusal('seq-not-integer', `seq of ${place} is not a whole number`);
  }
  const names = Object.keys(entry);
  const reserved = (ts === undefined ? 0 : 1) + (seq === undefined ? 0 : 1);
  const metrics = names.length - reserved;
  if (metrics === 0) return new Refusal('no-metrics', `${place} has no metrics`);
  if (metrics > MAX_METRICS_PER_ENTRY) {
    return new Refusal(
      'too-many-metrics',
      `${place} has ${metrics} metrics, limit is ${MAX_METRICS_PER_ENTRY}`,
    );
  }
  for (const metric of names) {
    if (metric === 'ts' || metric === 'seq') continue;
    if (!isMetricName(metric)) return badMetricName(metric);
    const value = readValue(metric, entry[metric]);
    if (value instanceof Refusal) return value;
    samples.push({ metric, value, ts, unit: undefined });
  }
  return undefined;
}

/** `hearth/<d>/telemetry/<metric>`: a bare number or word, a JSON text, or an object with `value`. */
function parseSingle(metric: string, text: string): Sample[] | Refusal {
  if (!isMetricName(metric)) return badMetricName(metric);
  if (text.startsWith('{')) return parseValueObject(metric, text);
  const bare = text.trim();
  const value = NUMBER.test(bare) ? Number(bare) : readBareWord(metric, bare);
  if (value instanceof Refusal) return value;
  const checked = readValue(metric, value);
  return checked instanceof Refusal
    ? checked
    : [{ metric, value: checked, ts: undefined, unit: undefined }];
}

function parseValueObject(metric: string, text: string): Sample[] | Refusal {
  const read = readJson(text);
  if (read instanceof Refusal) return read;
  if (!isJsonObject(read.json)) return new Refusal('wrong-shape', 'give an object with value');
  const { json } = read;
  if (!Object.hasOwn(json, 'value')) {
    return new Refusal('wrong-shape', 'the object has no value');
  }
  const value = readValue(metric, json['value']);
  if (value instanceof Refusal) return value;
  const ts = readTs(json['ts']);
  if (ts instanceof Refusal) return ts;
  const unit = readUnit(json['unit']);
  if (unit instanceof Refusal) return unit;
  return [{ metric, value, ts, unit }];
}

function readBareWord(metric: string, word: string): boolean | string | Refusal {
  if (word.length <= MAX_SWITCH_WORD_LENGTH) {
    const known = SWITCH_WORDS.get(word.toLowerCase());
    if (known !== undefined) return known;
  }
  if (NOT_FINITE_WORD.test(word)) return notFinite(metric);
  if (word.startsWith('"')) {
    const read = readJson(word);
    if (read instanceof Refusal) return read;
    if (typeof read.json === 'string') return read.json;
  }
  return new Refusal(
    'wrong-shape',
    'give a number, true, false, on, off, a text in quotes, or an object with value',
  );
}

export function readValue(metric: string, value: unknown): number | boolean | string | Refusal {
  if (typeof value === 'number') return Number.isFinite(value) ? value : notFinite(metric);
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return readTextValue(metric, value);
  if (value === null)
    return new Refusal('no-value', `${metric} is null: there is no value to keep`);
  return new Refusal(
    'wrong-shape',
    `${metric} is ${describe(value)}, not a number, boolean or text`,
  );
}

function readTextValue(metric: string, text: string): string | Refusal {
  if (text.length > MAX_TEXT_VALUE_LENGTH) {
    return new Refusal(
      'text-not-storable',
      `${metric} has ${text.length} characters, limit is ${MAX_TEXT_VALUE_LENGTH}`,
    );
  }
  if (!isStorableText(text)) {
    return new Refusal('text-not-storable', `${metric} holds a NUL or half a character`);
  }
  return text;
}

function readTs(ts: unknown): number | undefined | Refusal {
  if (ts === undefined || Number.isSafeInteger(ts)) return ts as number | undefined;
  return new Refusal('ts-not-integer', `ts is ${describe(ts)}, not whole epoch milliseconds`);
}

export function readUnit(unit: unknown): string | undefined | Refusal {
  if (unit === undefined) return undefined;
  if (typeof unit === 'string' && unit.length <= MAX_UNIT_LENGTH && isStorableText(unit)) {
    return unit;
  }
  return new Refusal(
    'unit-not-text',
    `unit is not a text of at most ${MAX_UNIT_LENGTH} characters`,
  );
}

export function isMetricName(name: string): boolean {
  if (METRICS.has(name)) return true;
  return METRIC_NAME_PATTERN.test(name) && !RESERVED_TELEMETRY_KEYS.has(name);
}

export function badMetricName(name: string): Refusal {
  return new Refusal(
    'bad-metric-name',
    `${quote(name)} is no metric name: a letter, then up to 63 letters, digits and underscores`,
  );
}

function notFinite(metric: string): Refusal {
  return new Refusal('not-finite', `${metric} is not a finite number`);
}

function isJsonObject(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function describe(json: unknown): string {
  if (json === null) return 'null';
  if (Array.isArray(json)) return 'an array';
  if (typeof json === 'object') return 'an object';
  if (typeof json === 'string') return 'a text';
  if (typeof json === 'number') return `the number ${json}`;
  return `a ${typeof json}`;
}
