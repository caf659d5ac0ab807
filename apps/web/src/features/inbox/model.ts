// Topics that nobody claims, in words. Pure.
import type { DiscoveredTopic } from '@hearth/contracts';

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
