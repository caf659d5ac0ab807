// Whether an ACL lets one client read or write a topic, as Mosquitto decides it.

import { matchesTopic } from '../../topic/topic-filter.js';
import type { Acl, AclRule } from './acl-file.js';

/** The client that is asked about. */
export interface AclClient {
  /** Undefined when it is not known any more: then no pattern with %c speaks of it. */
  readonly clientId: string | undefined;
  /** Undefined for a client that came without one. */
  readonly username: string | undefined;
}

/** An ACL for one client. Remembers a few answers, as most clients use a few topics. */
export class AclCheck {
  readonly #own: readonly AclRule[];
  readonly #patterns: readonly AclRule[] | 'deny-all';
  readonly #remembered = { read: new Map<string, boolean>(), write: new Map<string, boolean>() };

  constructor(acl: Acl, client: AclClient) {
    const { username } = client;
    this.#own = (username === undefined ? acl.anonymous : acl.users.get(username)) ?? [];
    this.#patterns = patternsFor(acl.patterns, client);
  }

  may(access: 'read' | 'write', topic: string): boolean {
    const remembered = this.#remembered[access];
    const known = remembered.get(topic);
    if (known !== undefined) return known;
    const answer = this.#decide(access, topic);
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    // A long name may be part of a packet's text; it would be kept alive.
    if (topic.length <= MAX_REMEMBERED_LENGTH) remembered.set(topic, answer);
    return answer;
  }

  #decide(access: 'read' | 'write', topic: string): boolean {
    const levels = topic.split('/');
    const own = firstAnswer(this.#own, access, levels);
    if (own !== undefined) return own;
    if (this.#patterns === 'deny-all') return false;
    return firstAnswer(this.#patterns, access, levels) ?? false;
  }
}

const MAX_REMEMBERED = 64;
const MAX_REMEMBERED_LENGTH = 256;

function firstAnswer(
  rules: readonly AclRule[],
  access: 'read' | 'write',
  topic: readonly string[],
): boolean | undefined {
  for (const rule of rules) {
    const speaks = rule.access === 'deny' || rule.access === access || rule.access === 'readwrite';
    if (speaks && matchesTopic(rule.levels, topic)) return rule.access !== 'deny';
  }
  return undefined;
}

/**
 * The patterns with the client's names in place. A name with a wildcard in it would widen them, so its
 * client is denied whatever is left to patterns (CVE-2017-7650).
 */
function patternsFor(
  patterns: readonly AclRule[],
  { clientId, username }: AclClient,
): AclRule[] | 'deny-all' {
  if (patterns.length === 0) return [];
  if (/[+#]/.test(clientId ?? '') || /[+#]/.test(username ?? '')) return 'deny-all';
  const rules: AclRule[] = [];
  for (const { access, levels } of patterns) {
    const names: (string | undefined)[] = [];
    if (levels.includes('%c')) names.push(clientId);
    if (levels.includes('%u')) names.push(username);
    if (levels.includes('%u') && username === undefined) continue;
    // A name of several levels is no level: such a pattern grants nothing, and one that denies may mean it all.
    if (names.some((name) => name === undefined || name.includes('/'))) {
      if (access === 'deny') return 'deny-all';
      continue;
    }
    const put = (level: string): string =>
      level === '%c' ? (clientId ?? '') : level === '%u' ? (username ?? '') : level;
    rules.push({ access, levels: levels.map(put) });
  }
  return rules;
}
