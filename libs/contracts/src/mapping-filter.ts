// The filter of a topic mapping: an MQTT filter whose single levels may have names, `home/{room}/{metric}`.
import { isNativeTopic } from './topics.js';

/** One level of a mapping's filter; only `any` gives a name to what stands there. */
export type FilterLevel =
  | { readonly type: 'literal'; readonly text: string }
  | { readonly type: 'any'; readonly name: string | undefined }
  | { readonly type: 'rest' };

/** Levels of a filter. A topic of more is deeper than any tutorial's, and matching it costs more. */
const MAX_FILTER_LEVELS = 32;
/** Longest filter, in characters. */
export const MAX_FILTER_LENGTH = 512;

/** A surrogate without its other half. */
const HALF_CHARACTER = /\p{Surrogate}/u;
const NAMED = /^\{([a-z][A-Za-z0-9_]{0,31})\}$/;
/** A name in braces, wherever it stands in a text. */
const PLACEHOLDER = /\{([a-z][A-Za-z0-9_]{0,31})\}/g;

/** The levels of a filter, or what is wrong with it, as the end of a sentence. */
export function parseMappingFilter(filter: string): FilterLevel[] | string {
  if (filter === '' || filter.length > MAX_FILTER_LENGTH) {
    return `must have 1 to ${MAX_FILTER_LENGTH} characters`;
  }
  if (filter.includes('\u0000') || HALF_CHARACTER.test(filter)) return 'holds no text';
  const parts = filter.split('/');
  if (parts.length > MAX_FILTER_LEVELS) return `may have at most ${MAX_FILTER_LEVELS} levels`;
  if (isNativeTopic(filter) || filter === 'hearth') return 'is a topic of a device already';
  const levels: FilterLevel[] = [];
  const names = new Set<string>();
  for (const [index, part] of parts.entries()) {
    const level = parseLevel(part, index === parts.length - 1);
    if (typeof level === 'string') return level;
    if (level.type === 'any' && level.name !== undefined) {
      if (names.has(level.name)) return `names two levels {${level.name}}`;
      names.add(level.name);
    }
    levels.push(level);
  }
  return levels;
}

function parseLevel(part: string, isLast: boolean): FilterLevel | string {
  if (part === '#') return isLast ? { type: 'rest' } : 'may have # as its last level only';
  if (part === '+') return { type: 'any', name: undefined };
  const name = NAMED.exec(part)?.[1];
  if (name !== undefined) return { type: 'any', name };
  return /[+#{}]/.test(part)
    ? 'is no filter: +, # and {name} stand alone in a level; a name begins with a small letter'
    : { type: 'literal', text: part };
}

/** Two filters of one shape match the same topics: `home/{room}` and `home/+`. */
export function filterShape(levels: readonly FilterLevel[]): string {
  return levels.map(toShape).join('/');
}

function toShape(level: FilterLevel): string {
  if (level.type === 'rest') return '#';
  return level.type === 'any' ? '+' : level.text;
}

/** Names of the levels that a text uses: `{building}-{room}` uses two. */
export function namesIn(template: string): string[] {
  return [...template.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
}

/** The text with every name in braces replaced by what `valueOf` knows of it. */
export function fillTemplate(template: string, valueOf: (name: string) => string): string {
  return template.replaceAll(PLACEHOLDER, (_, name: string) => valueOf(name));
}
