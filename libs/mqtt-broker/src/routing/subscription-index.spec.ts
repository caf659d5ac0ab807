import * as fc from 'fast-check';
import type { Session } from '../session/session.js';
import { matchesTopic, parseTopicFilter, type TopicFilter } from '../topic/topic-filter.js';
import { Topic } from '../topic/topic-name.js';
import { SubscriptionIndex } from './subscription-index.js';

const bounds = { maxTopicBytes: 100, maxTopicLevels: 8 };

function aSession(name: string): Session {
  return { name } as unknown as Session;
}

function aTopic(name: string): Topic {
  return new Topic(name, Buffer.alloc(0));
}

function aFilter(text: string): TopicFilter {
  const filter = parseTopicFilter(text, bounds);
  if (filter === undefined) throw new Error(`no filter: ${text}`);
  return filter;
}

function add(index: SubscriptionIndex, session: Session, text: string): void {
  const options = { qos: 0, noLocal: false, retainAsPublished: false, identifier: 0 } as const;
  index.add(session, { filter: aFilter(text), ...options });
}

/** Who gets a message: the sessions, and for each shared group its members. */
function receivers(index: SubscriptionIndex, topic: string, sessions: Session[]): string[] {
  const { targets, groups } = index.match(aTopic(topic));
  const direct = targets.map(({ session }) => `${sessions.indexOf(session)}`);
  const shared = groups.map((group) =>
    sessions.flatMap((session, i) => (group.has(session) ? [i] : [])).join('|'),
  );
  return [...direct.sort(), ...shared.map((members) => `one of ${members}`).sort()];
}

function naiveReceivers(steps: readonly Step[], topic: string): string[] {
  const live = new Map<string, Step>();
  for (const step of steps) {
    const key = `${step.session} ${step.text}`;
    if (step.adds) live.set(key, step);
    else live.delete(key);
  }
  const direct = new Set<string>();
  const groups = new Map<string, Set<number>>();
  for (const { session, text } of live.values()) {
    const { levels, shareName } = aFilter(text);
    if (!matchesTopic(levels, topic.split('/'))) continue;
    if (shareName === undefined) direct.add(`${session}`);
    else groups.set(text, (groups.get(text) ?? new Set()).add(session));
  }
  const shared = [...groups.values()].map((one) => [...one].sort((a, b) => a - b).join('|'));
  return [...[...direct].sort(), ...shared.map((members) => `one of ${members}`).sort()];
}

interface Step {
  adds: boolean;
  session: number;
  text: string;
}

const level = fc.constantFrom('a', 'b', '', '$s', '__proto__');
const topic = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/'));
const plainFilter = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([levels, deep]) => (deep ? [...levels.slice(0, -1), '#'] : levels).join('/'));
const group = fc.constantFrom('', '', '$share/g/', '$share/constructor/');
const filter = fc
  .tuple(group, plainFilter)
  .map(([share, text]) => share + text)
  .filter((text) => parseTopicFilter(text, bounds) !== undefined);
const step = fc.record({ adds: fc.boolean(), session: fc.nat(3), text: filter });

describe(SubscriptionIndex.name, () => {
  it('answers who the naive matcher answers, shared groups included, after any changes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), topic, (steps, name) => {
        const sessions = [0, 1, 2, 3].map((i) => aSession(`${i}`));
        const sut = new SubscriptionIndex();
        const known = aTopic(name);
        for (const { adds, session, text } of steps) {
          const one = sessions[session]!;
          if (adds) add(sut, one, text);
          else sut.remove(one, aFilter(text));
          // What is remembered of a topic must follow the changes.
          sut.match(known);
        }
        const expected = naiveReceivers(steps, name);
        expect(receivers(sut, name, sessions)).toEqual(expected);
        expect(sut.match(known).targets).toHaveLength(
          expected.filter((one) => !one.startsWith('one of')).length,
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('leaves nothing behind in the topics when subscriptions change', () => {
    const sut = new SubscriptionIndex();
    const session = aSession('s');
    add(sut, session, '#');
    add(sut, session, 'a');
    const topics = ['a', 'b'].map(aTopic);
    for (const one of topics) expect(sut.match(one).targets).toHaveLength(1);
    add(sut, session, 'c');
    expect(topics.map(({ match }) => match)).toEqual([undefined, undefined]);
  });

  it('forgets remembered matches when they are too many together', () => {
    const sut = new SubscriptionIndex();
    for (let i = 0; i < 1000; i++) {
      const session = aSession(`${i}`);
      add(sut, session, '#');
      add(sut, session, 't/+');
    }
    const topics = Array.from({ length: 250 }, (_, i) => aTopic(`t/${i}`));
    for (const one of topics) expect(sut.match(one).targets).toHaveLength(1000);
    const remembering = topics.filter(({ match }) => match !== undefined).length;
    expect(remembering).toBeGreaterThan(0);
    expect(remembering).toBeLessThanOrEqual(200);
    expect(sut.match(topics[0]!).targets).toHaveLength(1000);
  });
});
