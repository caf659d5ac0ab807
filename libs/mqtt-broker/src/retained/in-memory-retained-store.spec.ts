import * as fc from 'fast-check';
import { NO_PROPERTIES } from '../codec/properties.js';
import { matchesTopic } from '../topic/topic-filter.js';
import { InMemoryRetainedStore, type RetainedMessage } from './in-memory-retained-store.js';

function aMessage(topic: string, payload = 'x'): RetainedMessage {
  return {
    topic,
    payload: Buffer.from(payload),
    qos: 0,
    properties: NO_PROPERTIES,
    storedAtMs: 0,
    publisher: undefined,
  };
}

const level = fc.constantFrom('a', 'b', '', '$s', '__proto__');
const topic = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/'));
const filter = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([levels, deep]) => (deep ? [...levels.slice(0, -1), '#'] : levels));

describe(InMemoryRetainedStore.name, () => {
  it('matches what the naive matcher matches', () => {
    fc.assert(
      fc.property(fc.array(topic, { maxLength: 20 }), filter, (topics, levels) => {
        const sut = new InMemoryRetainedStore();
        for (const one of topics) sut.store(aMessage(one));
        const expected = [...new Set(topics)].filter((one) => matchesTopic(levels, one.split('/')));
        expect(Array.from(sut.match(levels), (one) => one.topic).sort()).toEqual(expected.sort());
      }),
      { numRuns: 500 },
    );
  });

  it('keeps one message per topic and counts what it keeps', () => {
    const steps = fc.array(fc.tuple(topic, fc.nat(5)), { maxLength: 40 });
    fc.assert(
      fc.property(steps, (all) => {
        const sut = new InMemoryRetainedStore();
        const model = new Map<string, number>();
        for (const [name, length] of all) {
          if (length === 0) {
            sut.remove(name);
            model.delete(name);
          } else {
            sut.store(aMessage(name, 'x'.repeat(length)));
            model.set(name, length);
          }
        }
        expect(sut.size).toBe(model.size);
        const bytes = [...model].reduce((sum, [name, length]) => sum + name.length + length, 0);
        expect(sut.bytes).toBe(bytes);
        expect([...model.keys()].every((name) => sut.find(name)?.topic === name)).toBe(true);
      }),
    );
  });
});
