// Bytes to text to JSON, strictly: the common ground of every payload.
import { isUtf8 } from 'node:buffer';
import { MAX_PAYLOAD_BYTES } from '@hearth/contracts';
import { Refusal } from './refusal.js';

/** JSON has no such numbers, but printf and Python write them. */
const NOT_FINITE = /\b(?:nan|inf|infinity)\b/i;
const MAX_SEARCHED_CHARACTERS = 2_048;

/** The payload as text; empty, too large and not UTF-8 are refused. */
export function readText(payload: Buffer): string | Refusal {
  if (payload.length === 0) return new Refusal('payload-empty', 'the payload is empty');
  if (payload.length > MAX_PAYLOAD_BYTES) {
    return new Refusal(
      'payload-too-large',
      `the payload has ${payload.length} bytes, limit is ${MAX_PAYLOAD_BYTES}`,
    );
  }
  if (!isUtf8(payload)) return new Refusal('not-utf8', 'the payload is no UTF-8 text');
  return payload.toString();
}

/** The value that JSON text stands for. Own keys named `__proto__` stay own keys: JSON.parse makes them so. */
export function readJson(text: string): { readonly json: unknown } | Refusal {
  try {
    return { json: JSON.parse(text) };
  } catch {
    if (NOT_FINITE.test(text.slice(0, MAX_SEARCHED_CHARACTERS))) {
      return new Refusal('not-finite', 'NaN and Infinity are no JSON numbers');
    }
    return new Refusal('not-json', 'the payload is not valid JSON');
  }
}

/** True when Postgres can keep the text: it has no NUL, and its surrogates come in pairs. */
export function isStorableText(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed();
}
