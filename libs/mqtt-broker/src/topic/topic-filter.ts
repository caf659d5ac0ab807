// Topic filters: split once into levels, judged level by level, shared subscriptions taken apart.

import type { TopicBounds } from './topic-name.js';

/** A valid topic filter. */
export interface TopicFilter {
  /** As the client wrote it; a subscription's identity. */
  readonly text: string;
  /** The filter proper, without `$share/group/`: what is matched and authorised. */
  readonly filter: string;
  readonly levels: readonly string[];
  /** The share name of a shared subscription. */
  readonly shareName: string | undefined;
}

const SHARE = '$share/';

/** Takes a filter apart, or answers undefined when it is none or exceeds the bounds. */
export function parseTopicFilter(text: string, bounds: TopicBounds): TopicFilter | undefined {
  if (text.length === 0 || text.length > bounds.maxTopicBytes) return undefined; // [MQTT-4.7.3-1] [MQTT-4.7.3-3]
  if (text.includes('\u0000') || !text.isWellFormed()) return undefined; // [MQTT-4.7.3-2]
  if (Buffer.byteLength(text) > bounds.maxTopicBytes) return undefined;
  let filter = text;
  let shareName: string | undefined;
  // `$share` alone shares nothing, and can only be a mistake.
  if (text === '$share' || text.startsWith(SHARE)) {
    const slash = text.indexOf('/', SHARE.length);
    if (slash === -1) return undefined; // [MQTT-4.8.2-2]
    shareName = text.slice(SHARE.length, slash);
    if (shareName.length === 0 || /[+#]/.test(shareName)) return undefined; // [MQTT-4.8.2-1] [MQTT-4.8.2-2]
    filter = text.slice(slash + 1);
    if (filter.length === 0) return undefined;
  }
  const levels = filter.split('/');
  if (levels.length > bounds.maxTopicLevels) return undefined;
  const last = levels.length - 1;
  for (const [index, level] of levels.entries()) {
    if (level === '+') continue;
    if (level === '#' && index === last) continue; // [MQTT-4.7.1-1]
    if (level.includes('#') || level.includes('+')) return undefined; // [MQTT-4.7.1-2]
  }
  return { text, filter, levels, shareName };
}

/**
 * Whether a filter's levels match a topic's, one pair at a time: the trie's answer in slow motion, for
 * the places that ask once.
 */
export function matchesTopic(filter: readonly string[], topic: readonly string[]): boolean {
  const first = filter[0];
  if ((first === '+' || first === '#') && topic[0]?.startsWith('$')) return false; // [MQTT-4.7.2-1]
  for (const [index, level] of filter.entries()) {
    if (level === '#') return true;
    if (index >= topic.length) return false;
    if (level !== '+' && level !== topic[index]) return false;
  }
  return filter.length === topic.length;
}
