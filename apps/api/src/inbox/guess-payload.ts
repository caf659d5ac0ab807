// What the payload of an unknown topic looks like, for the person who decides what to do with it. Pure.
import type { DiscoveredTopic } from '@hearth/contracts';

type Guess = DiscoveredTopic['guess'];

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

/** `sample` may be cut, also within a character. */
export function guessPayload(sample: Uint8Array): Guess {
  const text = decode(sample)?.trim();
  if (text === undefined) return { kind: 'binary', value: null, unit: null };
  if (text.startsWith('{')) {
    const object = parseObject(text);
    if (object !== undefined) return guessObject(object);
  }
  return guessScalar(text);
}

function guessScalar(text: string): Guess {
  if (NUMBER.test(text) && Number.isFinite(Number(text))) {
    return { kind: 'number', value: Number(text), unit: null };
  }
  const position = SWITCH_WORDS.get(text.toLowerCase());
  if (position !== undefined) return { kind: 'boolean', value: position, unit: null };
  return { kind: 'text', value: shorten(text, MAX_TEXT_LENGTH), unit: null };
}

function guessObject(object: Readonly<Record<string, unknown>>): Guess {
  const value = Object.hasOwn(object, 'value') ? object['value'] : undefined;
  const unit = Object.hasOwn(object, 'unit') ? object['unit'] : undefined;
  return {
    kind: 'object',
    value: toValue(value),
    unit: typeof unit === 'string' ? shorten(unit, MAX_UNIT_LENGTH) : null,
  };
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
