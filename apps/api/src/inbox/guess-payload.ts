// What the payload of an unknown topic looks like, for the person who decides what to do with it. Pure.
import { METRICS, type DiscoveredTopic } from '@hearth/contracts';
import { guessMetric } from './guess-metric.js';

type Guess = DiscoveredTopic['guess'];
type Field = Guess['fields'][number];

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const SWITCH_WORDS: ReadonlyMap<string, number> = new Map([
  ['true', 1],
  ['on', 1],
  ['false', 0],
  ['off', 0],
]);
/** Characters of a text or unit that the guess repeats. */
const MAX_TEXT_LENGTH = 120;
const MAX_UNIT_LENGTH = 16;

/** Fields that a guess lists: what a person looks through. */
const MAX_FIELDS = 64;
/** How deep the objects of bought devices go; deeper is not looked. */
const MAX_DEPTH = 5;
/** Longest path of a mapping. */
const MAX_PATH_LENGTH = 200;
const TIME_NAMES: ReadonlySet<string> = new Set(['ts', 'time', 'timestamp', 'last_seen']);
const EARLIEST_SECONDS = 946_684_800;

/** `sample` may be cut, also within a character. */
export function guessPayload(sample: Uint8Array, topic: string): Guess {
  const text = decode(sample)?.trim();
  if (text === undefined) return { ...NOTHING, kind: 'binary', fields: [] };
  const last = topic.split('/').at(-1) ?? '';
  if (text.startsWith('{') || text.startsWith('[')) {
    const object = parseObject(text);
    if (object !== undefined) return guessObject(object, last);
  }
  return guessScalar(text, last);
}

const NOTHING = { value: null, unit: null, tsPath: null } as const;

function guessScalar(text: string, name: string): Guess {
  const found = readScalar(text);
  if (found.kind === 'text') {
    const value = shorten(text, MAX_TEXT_LENGTH);
    return { ...NOTHING, kind: 'text', value, fields: [toField('', 'text', value, name, null)] };
  }
  const field = toField('', found.kind, found.value, name, null);
  // The topic holds nothing else: whatever it is called, it is worth keeping.
  const fields = [{ ...field, likely: true }];
  return { ...NOTHING, kind: found.kind, value: found.value, fields };
}

type Found =
  | { readonly kind: 'number' | 'boolean'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string };

function readScalar(text: string): Found {
  if (NUMBER.test(text) && Number.isFinite(Number(text))) {
    return { kind: 'number', value: Number(text) };
  }
  const position = SWITCH_WORDS.get(text.toLowerCase());
  return position === undefined
    ? { kind: 'text', value: shorten(text, MAX_TEXT_LENGTH) }
    : { kind: 'boolean', value: position };
}

function guessObject(object: Readonly<Record<string, unknown>>, name: string): Guess {
  const value = Object.hasOwn(object, 'value') ? object['value'] : undefined;
  const unit = readUnit(object);
  const fields: Field[] = [];
  collect(object, [], name, fields);
  const time = findTime(object);
  return {
    kind: 'object',
    value: toValue(value),
    unit,
    fields: fields.filter(({ path }) => path !== time),
    tsPath: time,
  };
}

function readUnit(object: Readonly<Record<string, unknown>>): string | null {
  const unit = Object.hasOwn(object, 'unit') ? object['unit'] : undefined;
  return typeof unit === 'string' ? shorten(unit, MAX_UNIT_LENGTH) : null;
}

/** Values in the object and in what it holds, with their paths. */
function collect(json: object, above: readonly string[], name: string, fields: Field[]): void {
  const unit = Array.isArray(json) ? null : readUnit(json as Readonly<Record<string, unknown>>);
  for (const [key, value] of Object.entries(json)) {
    if (fields.length >= MAX_FIELDS) return;
    const keys = [...above, key];
    if (typeof value === 'object' && value !== null) {
      if (keys.length < MAX_DEPTH) collect(value, keys, /^\d+$/.test(key) ? name : key, fields);
      continue;
    }
    const path = toPath(keys);
    const isUnit = key === 'unit' && unit !== null;
    if (value === null || isUnit || path.length > MAX_PATH_LENGTH) continue;
    const found = toFound(value);
    if (found === undefined) continue;
    // `value` says nothing: what is around it does.
    const telling = key === 'value' || /^\d+$/.test(key) ? name : key;
    fields.push(toField(path, found.kind, found.value, telling, unit));
  }
}

function toFound(value: unknown): Found | undefined {
  if (typeof value === 'string') return readScalar(value.trim());
  if (typeof value === 'boolean') return { kind: 'boolean', value: value ? 1 : 0 };
  if (typeof value === 'number' && Number.isFinite(value)) return { kind: 'number', value };
  return undefined;
}

function toField(
  path: string,
  kind: Field['kind'],
  value: number | string,
  name: string,
  unit: string | null,
): Field {
  const { metric, unit: usual, isKnown } = guessMetric(name);
  const known = METRICS.get(metric);
  const fits = isKnown && (known?.kind === kind || (known?.kind === 'boolean' && value === 1));
  const found = unit ?? usual;
  const isImpossible =
    typeof value === 'number' && known?.unit === found && (value < known.min || value > known.max);
  if (!isImpossible) return { path, kind, value, metric, unit: found, likely: fits };
  // The voltage of a battery often comes in thousandths; signal strength in percent is none.
  const isMilli = metric === 'voltage' && unit === null;
  return { path, kind, value, metric, unit: isMilli ? 'mV' : found, likely: isMilli };
}

/** Dotted, or a JSON pointer where a key holds a dot or the path would be taken for one. */
function toPath(keys: readonly string[]): string {
  const isPlain = keys.every((key) => /^[^./~]+$/.test(key));
  if (isPlain) return keys.join('.');
  return keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** A field that seems to say when, in a form that a mapping understands. */
function findTime(object: Readonly<Record<string, unknown>>): string | null {
  for (const [key, value] of Object.entries(object)) {
    if (!TIME_NAMES.has(key.toLowerCase())) continue;
    if (typeof value === 'number' && value > EARLIEST_SECONDS) return key;
    if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:?\d\d)$/.test(value))
      return key;
  }
  return null;
}

function toValue(value: unknown): number | string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'string' ? shorten(value, MAX_TEXT_LENGTH) : null;
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
}

/** Undefined for what is no object, a cut one included. */
function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null
      ? (json as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length).toWellFormed()}…`;
}
