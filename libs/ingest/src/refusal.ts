// What the pipeline says no to. A refusal is a value: counted, acknowledged, kept as a dead letter.

/** The steps of the line, in order. docs/architecture.md draws the same list. */
export const STEPS = [
  'address',
  'map',
  'parse',
  'identify',
  'normalise',
  'deduplicate',
  'store',
  'remember',
  'announce',
] as const;
export type Step = (typeof STEPS)[number];

/** Every code of a refusal with the step that gives it; a code belongs to one step only. */
export const REFUSAL_CODES = {
  /** Below `hearth/`, but no topic of the contract. */
  'unknown-topic': 'address',
  /** A topic that only Hearth publishes (`desired`, `command/…`). */
  'not-from-devices': 'address',
  /** A topic outside `hearth/` that is too long to be kept as discovered. */
  'topic-too-long': 'address',
  /** A mapping claims the topic, but its levels make no device id. */
  'bad-device-id': 'map',
  'payload-too-large': 'parse',
  'payload-empty': 'parse',
  'not-utf8': 'parse',
  'not-json': 'parse',
  'wrong-shape': 'parse',
  'no-metrics': 'parse',
  'too-many-entries': 'parse',
  'too-many-metrics': 'parse',
  'bad-metric-name': 'parse',
  'not-finite': 'parse',
  'no-value': 'parse',
  /** Nothing stands where the mapping looks for values. */
  'value-missing': 'parse',
  'text-not-storable': 'parse',
  'ts-not-integer': 'parse',
  'ts-missing': 'parse',
  'seq-not-integer': 'parse',
  'unit-not-text': 'parse',
  'unknown-device': 'identify',
  impostor: 'identify',
  /** A mapping would make one more than it may. */
  'device-not-made': 'identify',
  'ts-too-old': 'normalise',
  'ts-too-far-ahead': 'normalise',
  /** Of a time whose readings the home has removed: its roll-ups could not be computed again. */
  'ts-not-kept': 'normalise',
  'wrong-type': 'normalise',
  'out-of-range': 'normalise',
  'unknown-unit': 'normalise',
  'too-many-series': 'normalise',
  'too-fast': 'normalise',
} as const satisfies Record<string, Step>;
export type RefusalCode = keyof typeof REFUSAL_CODES;

/** Characters of a foreign name that a detail shows. */
const MAX_QUOTED_CHARACTERS = 48;

export class Refusal {
  readonly step: Step;
  readonly code: RefusalCode;
  /** For people: names the thing and the limit. Holds no NUL and no lone surrogate. */
  readonly detail: string;

  constructor(code: RefusalCode, detail: string) {
    this.step = REFUSAL_CODES[code];
    this.code = code;
    this.detail = detail;
  }

  /** The same, and the mapping that led to it. */
  by(mapping: string): Refusal {
    return new Refusal(this.code, `by mapping ${quote(mapping)}: ${this.detail}`);
  }
}

/** A name from the wire, safe and short enough to stand in a detail. */
export function quote(name: string): string {
  if (name.length <= MAX_QUOTED_CHARACTERS) return JSON.stringify(name);
  return `${JSON.stringify(name.slice(0, MAX_QUOTED_CHARACTERS))}… (${name.length} characters)`;
}

/** Applies a step unless an earlier one refused. */
export function onwards<From, To>(
  value: From | Refusal,
  step: (value: From) => To | Refusal,
): To | Refusal {
  return value instanceof Refusal ? value : step(value);
}

/** Refusals by code. The codes are a closed list, so this is bounded. */
export class RefusalCounter {
  readonly #counts = new Map<RefusalCode, number>();

  count(refusal: Refusal): void {
    this.#counts.set(refusal.code, (this.#counts.get(refusal.code) ?? 0) + 1);
  }

  list(): { step: Step; code: RefusalCode; count: number }[] {
    return [...this.#counts].map(([code, count]) => ({ step: REFUSAL_CODES[code], code, count }));
  }
}
