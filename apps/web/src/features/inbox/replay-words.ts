// What a replay did, added up and in words. Pure.
import type { DeadLetterReplayResult } from '@hearth/contracts';
import { formatNumber } from '../../format/quantity';
import { describeHindrance, describeRefusal } from './refusal-words';

/** Reasons that a toast names; it is no list. */
const MOST_REASONS = 2;

/** The results of the calls of one replay as one result. */
export function addResults(
  sum: DeadLetterReplayResult | undefined,
  more: DeadLetterReplayResult,
): DeadLetterReplayResult {
  if (sum === undefined) return more;
  return {
    replayed: sum.replayed + more.replayed,
    refused: addCounts(sum.refused, more.refused, ({ code }) => code),
    hindered: addCounts(sum.hindered, more.hindered, ({ hindrance }) => hindrance),
    remaining: more.remaining,
    cursor: more.cursor,
  };
}

function addCounts<T extends { readonly count: number }>(
  sum: readonly T[],
  more: readonly T[],
  keyOf: (one: T) => string,
): T[] {
  const counts = new Map<string, T>();
  for (const one of [...sum, ...more]) {
    const known = counts.get(keyOf(one));
    counts.set(keyOf(one), { ...one, count: one.count + (known?.count ?? 0) });
  }
  return [...counts.values()];
}

/** `1 message`, `12,000 messages` */
export function messages(count: number): string {
  return count === 1 ? '1 message' : `${formatNumber(count, 0)} messages`;
}

/** `1 message was`, `12 messages were` */
const messagesWere = (count: number): string =>
  `${messages(count)} ${count === 1 ? 'was' : 'were'}`;

export interface ReplayWords {
  readonly title: string;
  /** Why some are still here; undefined when none is. */
  readonly rest: string | undefined;
}

/** `12 messages became readings`, and why the others are not. */
export function describeReplay({
  replayed,
  refused,
  hindered,
}: DeadLetterReplayResult): ReplayWords {
  const reasons = [
    ...refused.map(({ code, count }) => ({
      count,
      words: `${messagesWere(count)} refused again: ${describeRefusal(code).title.toLowerCase()}.`,
    })),
    ...hindered.map(({ hindrance, count }) => ({
      count,
      words: `${messagesWere(count)} not replayed. ${describeHindrance(hindrance)}`,
    })),
  ].toSorted((a, b) => b.count - a.count);
  const named = reasons.slice(0, MOST_REASONS).map(({ words }) => words);
  if (reasons.length > MOST_REASONS) named.push('The others have other reasons.');
  return {
    title: replayed === 0 ? 'Nothing could be replayed' : `${messages(replayed)} became readings`,
    rest: named.length === 0 ? undefined : named.join(' '),
  };
}
