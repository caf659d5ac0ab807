import * as fc from 'fast-check';
import { aMapping, filterShapeOfSpec } from './fixtures/mapping.js';
import { compileMapping, MappingBook, mappingMatches } from './mapping-book.js';
import { HOME } from './fixtures/message.js';

const found = (filters: readonly string[], topic: string): string | undefined => {
  const sut = new MappingBook();
  sut.replace(
    HOME,
    filters.map((filter) => aMapping({ filter })),
  );
  return sut.find(HOME, topic)?.source.filter;
};

describe(MappingBook, () => {
  it.each([
    ['home/{room}/{metric}', 'home/kitchen/temperature', true],
    ['home/{room}/{metric}', 'home/kitchen', false],
    ['home/{room}/{metric}', 'home/kitchen/temperature/raw', false],
    ['home/{room}/{metric}', 'home//', true],
    ['home/#', 'home', true],
    ['home/#', 'home/a/b', true],
    ['+/a', '/a', true],
    ['#', '$SYS/uptime', false],
    ['{a}/uptime', '$SYS/uptime', false],
    ['$SYS/{a}', '$SYS/uptime', true],
    ['__proto__/{a}', '__proto__/x', true],
    ['home/{a}', '__proto__/x', false],
  ])('says of %s and %s: %s', (filter, topic, matches) => {
    expect(found([filter], topic)).toBe(matches ? filter : undefined);
    expect(mappingMatches(compileMapping(aMapping({ filter })), topic.split('/'))).toBe(matches);
  });

  it.each([
    [['#', 'home/#', 'home/+/temp', 'home/kitchen/{m}', 'home/kitchen/temp'], 'home/kitchen/temp'],
    [['#', 'home/#', 'home/+/temp', 'home/kitchen/{m}'], 'home/kitchen/{m}'],
    [['#', 'home/#', 'home/+/temp'], 'home/+/temp'],
    [['#', 'home/#', 'home/kitchen/temp/x'], 'home/#'],
    [['home/kitchen', '+/kitchen/temp'], '+/kitchen/temp'],
  ])('takes the most specific of %j', (filters, filter) => {
    expect(found(filters, 'home/kitchen/temp')).toBe(filter);
    expect(found(filters.toReversed(), 'home/kitchen/temp')).toBe(filter);
  });

  it('knows the mappings of one home only, and only the last ones', () => {
    const sut = new MappingBook();
    sut.replace(HOME, [aMapping({ filter: 'a' })]);
    expect(sut.find('home-2', 'a')).toBeUndefined();
    sut.replace(HOME, []);
    expect(sut.find(HOME, 'a')).toBeUndefined();
  });

  const level = fc.constantFrom('a', 'b', '', '$x', '__proto__', 'constructor');
  const topic = fc.array(level, { minLength: 1, maxLength: 5 }).map((levels) => levels.join('/'));
  const filter = fc
    .tuple(
      fc.array(fc.oneof(level, fc.constantFrom('+', '{}')), { minLength: 1, maxLength: 5 }),
      fc.boolean(),
    )
    .map(([levels, hasRest]) => {
      const named = levels.map((one, index) => (one === '{}' ? `{l${index}}` : one));
      return [...named, ...(hasRest ? ['#'] : [])].join('/');
    })
    .filter((one) => one !== '');

  it('finds what looking at every mapping finds', () => {
    fc.assert(
      fc.property(fc.array(filter, { maxLength: 40 }), topic, (all, asked) => {
        const byShape = new Map(all.map((one) => [filterShapeOfSpec(one), one]));
        const filters = [...byShape.values()];
        const levels = asked.split('/');
        const matching = filters.filter((one) =>
          mappingMatches(compileMapping(aMapping({ filter: one })), levels),
        );
        const [best] = matching.toSorted((a, b) => rank(a, levels).localeCompare(rank(b, levels)));
        expect(found(filters, asked)).toBe(best);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Level by level: a literal before a wildcard before the rest. Written anew, to judge the other. */
function rank(filter: string, topic: readonly string[]): string {
  const ranks = filter.split('/').map((level) => {
    if (level === '#') return '2';
    return level === '+' || level.startsWith('{') ? '1' : '0';
  });
  // A filter that ends with the topic is nearer than one that goes on with `#` there.
  return ranks.join('').padEnd(topic.length + 1, '0');
}
