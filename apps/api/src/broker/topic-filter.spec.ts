import * as fc from 'fast-check';
import { filterCovers, filterMatches } from './topic-filter.js';

describe('filterMatches', () => {
  it.each([
    ['sensor/#', 'sensor/building1/room101/temperature', true],
    ['sensor/#', 'sensor', true],
    ['sensor/#', 'sensors/a', false],
    ['home/+/temperature', 'home/livingroom/temperature', true],
    ['home/+/temperature', 'home/temperature', false],
    ['home/+/temperature', 'home/a/b/temperature', false],
    ['home/+', 'home/', true],
    ['+/+', '/a', true],
    ['#', 'a/b', true],
    ['#', '$SYS/broker', false],
    ['+/broker', '$SYS/broker', false],
    ['$SYS/#', '$SYS/broker', true],
    ['a/b', 'a/b/', false],
    ['__proto__/#', '__proto__/x', true],
  ])('%s and %s: %s', (filter, topic, expected) => {
    expect(filterMatches(filter, topic)).toBe(expected);
  });
});

describe('filterCovers', () => {
  it.each([
    ['sensor/#', 'sensor/#', true],
    ['sensor/#', 'sensor/+/temperature', true],
    ['sensor/#', 'sensor', true],
    ['sensor/#', '+/a', false],
    ['sensor/#', '#', false],
    ['sensor/+', 'sensor/#', false],
    ['sensor/+', 'sensor/+', true],
    ['sensor/+', 'sensor/a', true],
    ['sensor/a', 'sensor/+', false],
    ['sensor/+/#', 'sensor/a', true],
    ['sensor/+/#', 'sensor/#', false],
    ['sensor', 'sensor/#', false],
    ['#', '+/#', true],
    ['#', '$SYS/#', false],
    ['+/#', '$SYS/#', false],
  ])('%s covers %s: %s', (allowed, requested, expected) => {
    expect(filterCovers(allowed, requested)).toBe(expected);
  });

  // One letter more than filters use, so that a wildcard differs from "every letter by name", and
  // names longer than any filter, so that `#` differs from "every depth by name".
  const filterLevel = fc.constantFrom('a', 'b', '', '$x', '+');
  const filter = fc
    .tuple(fc.array(filterLevel, { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([levels, open]) => (open ? [...levels.slice(1), '#'] : levels).join('/'));
  const names = namesUpTo(4, ['a', 'b', 'c', '', '$x']);

  it('agrees with trying every topic name', () => {
    fc.assert(
      fc.property(filter, filter, (allowed, requested) => {
        const tried = names.every(
          (name) => !filterMatches(requested, name) || filterMatches(allowed, name),
        );
        expect([allowed, requested, filterCovers(allowed, requested)]).toEqual([
          allowed,
          requested,
          tried,
        ]);
      }),
      { numRuns: 500 },
    );
  });
});

function namesUpTo(depth: number, letters: readonly string[]): string[] {
  const names: string[] = [];
  let longest: string[][] = [[]];
  for (let level = 0; level < depth; level++) {
    longest = longest.flatMap((name) => letters.map((letter) => [...name, letter]));
    names.push(...longest.map((name) => name.join('/')));
  }
  return names;
}
