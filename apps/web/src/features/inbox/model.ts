// Topics that nobody claims, in words. Pure.
import type { DiscoveredTopic } from '@hearth/contracts';

/** Messages of late, as words: `about 2 an hour`. Undefined where nothing is known yet, and for next to nothing. */
export function describeRate(perMinute: number | null): string | undefined {
  if (perMinute === null) return undefined;
  if (perMinute >= 60) return `about ${Math.round(perMinute / 60)} a second`;
  if (perMinute >= 1) return `about ${Math.round(perMinute)} a minute`;
  const perHour = perMinute * 60;
  return perHour >= 1 ? `about ${Math.round(perHour)} an hour` : undefined;
}

const GUESSES: Readonly<Record<DiscoveredTopic['guess']['kind'], string>> = {
  number: 'Looks like a number',
  boolean: 'Looks like on and off',
  text: 'Looks like text',
  object: 'Looks like JSON',
  binary: 'Bytes that are no text',
};

/** What a topic's payload seems to be: `Looks like a number: 23.5 °C`. */
export function describeGuess({
  kind,
  value,
  unit,
}: Pick<DiscoveredTopic['guess'], 'kind' | 'value' | 'unit'>): string {
  if (value === null || kind === 'text' || kind === 'binary') return GUESSES[kind];
  const shown = unit === null || unit === '' ? String(value) : `${value} ${unit}`;
  return kind === 'object' ? `Looks like a reading: ${shown}` : `${GUESSES[kind]}: ${shown}`;
}
