// What could not be understood, in groups that have one cause. Pure.
import type { DeadLetter, DiscoveredTopic } from '@hearth/contracts';

export interface DeadLetterGroup {
  readonly key: string;
  readonly topic: string;
  readonly step: string;
  readonly code: string;
  readonly deviceId: string | null;
  /** Newest first. */
  readonly letters: readonly DeadLetter[];
}

/** Letters with the same topic, step and code belong together; groups in the order of their newest letter. */
export function groupDeadLetters(letters: readonly DeadLetter[]): DeadLetterGroup[] {
  const groups = new Map<string, DeadLetterGroup & { letters: DeadLetter[] }>();
  for (const letter of letters) {
    const { topic, step, code, deviceId } = letter;
    const key = JSON.stringify([topic, step, code]);
    const group = groups.get(key);
    if (group === undefined)
      groups.set(key, { key, topic, step, code, deviceId, letters: [letter] });
    else group.letters.push(letter);
  }
  return [...groups.values()];
}

/** `value-out-of-range` → Value out of range. */
export function codeWords(code: string): string {
  const words = code.replaceAll(/[-_]/g, ' ').replaceAll(/\bjson\b/g, 'JSON');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A burst of a few messages says nothing about how often a topic speaks. */
const SHORTEST_RATE_MS = 10_000;

/** Messages an hour, as words: `about 120 an hour`. Undefined for a topic that spoke once, or only in one burst. */
export function describeRate(
  messages: number,
  firstSeenMs: number,
  lastSeenMs: number,
): string | undefined {
  const spanMs = lastSeenMs - firstSeenMs;
  if (messages < 2 || spanMs < SHORTEST_RATE_MS) return undefined;
  const perMinute = ((messages - 1) / spanMs) * 60_000;
  if (perMinute >= 60) return `about ${Math.round(perMinute / 60)} a second`;
  if (perMinute >= 1) return `about ${Math.round(perMinute)} a minute`;
  if (perMinute * 60 >= 1) return `about ${Math.round(perMinute * 60)} an hour`;
  return `about ${Math.max(1, Math.round(perMinute * 60 * 24))} a day`;
}

const GUESSES: Readonly<Record<DiscoveredTopic['guess']['kind'], string>> = {
  number: 'Looks like a number',
  boolean: 'Looks like on and off',
  text: 'Looks like text',
  object: 'Looks like JSON',
  binary: 'Bytes that are no text',
};

/** What a topic's payload seems to be: `Looks like a number: 23.5 °C`. */
export function describeGuess({ kind, value, unit }: DiscoveredTopic['guess']): string {
  if (value === null || kind === 'text' || kind === 'binary') return GUESSES[kind];
  const shown = unit === null || unit === '' ? String(value) : `${value} ${unit}`;
  return kind === 'object' ? `Looks like a reading: ${shown}` : `${GUESSES[kind]}: ${shown}`;
}
