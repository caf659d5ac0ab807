// Mosquitto's ACL file: who may read and write which topics.

import { parseTopicFilter } from '../../topic/topic-filter.js';
import { FileProblem, linesOf, type Place } from '../file-problem.js';

/** One line of an ACL file. */
export interface AclRule {
  readonly access: 'read' | 'write' | 'readwrite' | 'deny';
  /** Of a filter; in a pattern `%c` and `%u` are levels of their own. */
  readonly levels: readonly string[];
}

/** The rules in the order in which they are asked: within each list those that deny come first. */
export interface Acl {
  /** For clients without a user name. */
  readonly anonymous: readonly AclRule[];
  readonly users: ReadonlyMap<string, readonly AclRule[]>;
  /** For everybody, after their own. */
  readonly patterns: readonly AclRule[];
}

const accesses = ['read', 'write', 'readwrite', 'deny'] as const;
const bounds = { maxTopicBytes: 65_535, maxTopicLevels: 65_535 };

/** Takes an ACL file apart. Throws FileProblem at the first line that is no rule. */
export function parseAclFile(file: string, content: string): Acl {
  const anonymous: AclRule[] = [];
  const users = new Map<string, AclRule[]>();
  const patterns: AclRule[] = [];
  let current = anonymous;
  for (const { place, line } of linesOf(file, content)) {
    if (line.startsWith('#')) continue;
    const [, word = '', text = ''] = /^ *([^ ]*) *(.*?)\s*$/.exec(line) ?? [];
    if (word.trim() === '') continue;
    if (/[\0\uFFFD]/.test(text)) throw new FileProblem(place, `${word}: is not UTF-8 text`);
    if (word === 'topic') current.push(ruleOf(place, word, text));
    else if (word === 'pattern') patterns.push(ruleOf(place, word, text));
    else if (word === 'user') {
      if (text === '') throw new FileProblem(place, 'user: names no user');
      current = users.get(text) ?? [];
      users.set(text, current);
    } else {
      const allowed = 'allowed: topic, user, pattern';
      throw new FileProblem(place, `${JSON.stringify(word)} starts no rule; ${allowed}`);
    }
  }
  const denyFirst = (rules: AclRule[]): AclRule[] => [
    ...rules.filter((rule) => rule.access === 'deny'),
    ...rules.filter((rule) => rule.access !== 'deny'),
  ];
  return {
    anonymous: denyFirst(anonymous),
    users: new Map(Array.from(users, ([name, rules]) => [name, denyFirst(rules)])),
    patterns: denyFirst(patterns),
  };
}

function ruleOf(place: Place, word: 'topic' | 'pattern', text: string): AclRule {
  const [, first = '', rest = ''] = /^([^ ]*) *(.*)$/.exec(text) ?? [];
  const access = accesses.find((one) => one === first);
  // Mosquitto would take a lone access word for the topic's name: a forgotten topic would go unseen.
  if (first === '' || (rest === '' && access !== undefined)) {
    throw new FileProblem(place, `${word}: names no topic`);
  }
  if (rest !== '' && access === undefined) {
    const allowed = `allowed before the topic: ${accesses.join(', ')}`;
    throw new FileProblem(place, `${word}: no access ${JSON.stringify(first)}; ${allowed}`);
  }
  const topic = rest === '' ? first : rest;
  const filter = parseTopicFilter(topic, bounds);
  if (filter === undefined || filter.shareName !== undefined) {
    throw new FileProblem(place, `${word}: ${JSON.stringify(topic)} is no topic filter`);
  }
  if (word === 'pattern') checkPattern(place, filter.levels);
  return { access: access ?? 'readwrite', levels: filter.levels };
}

function checkPattern(place: Place, levels: readonly string[]): void {
  for (const level of levels) {
    if (/%[cu]/.test(level) && level.length > 2) {
      throw new FileProblem(place, `pattern: %c and %u must be the whole level, not ${level}`);
    }
  }
}
