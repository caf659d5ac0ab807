import * as fc from 'fast-check';
import { matchesTopic, parseTopicFilter } from './topic-filter.js';
import { TopicTrie } from './topic-trie.js';

const bounds = { maxTopicBytes: 50, maxTopicLevels: 6 };

describe(parseTopicFilter.name, () => {
  it.each([
    'a',
    '#',
    '+',
    '/',
    '+/+',
    'a//b',
    '/finance',
    'a/+/b',
    'sport/tennis/#',
    '+/tennis/#',
    ' ',
    '$SYS/#',
    '__proto__',
  ])('takes %j', (text) => {
    expect(parseTopicFilter(text, bounds)).toMatchObject({
      text,
      filter: text,
      shareName: undefined,
    });
  });

  it.each([
    '',
    'a#',
    'a/#/b',
    '#/a',
    'a+',
    'a/+b',
    'a/b+/c',
    '##',
    '++',
    'a\u0000',
    'a\ud800',
    'x'.repeat(51),
    '1/2/3/4/5/6/7',
    'ü'.repeat(26),
  ])('refuses %j', (text) => {
    expect(parseTopicFilter(text, bounds)).toBeUndefined();
  });

  it('takes a shared subscription apart', () => {
    expect(parseTopicFilter('$share/g/a/+', bounds)).toEqual({
      text: '$share/g/a/+',
      filter: 'a/+',
      levels: ['a', '+'],
      shareName: 'g',
    });
    expect(parseTopicFilter('$share/g//a', bounds)?.levels).toEqual(['', 'a']);
  });

  it.each(['$share', '$share/', '$share/g', '$share/g/', '$share//a', '$share/+/a', '$share/g#/a'])(
    'refuses the shared subscription %j',
    (text) => {
      expect(parseTopicFilter(text, bounds)).toBeUndefined();
    },
  );
});

describe(matchesTopic.name, () => {
  // The examples of MQTT 5.0 section 4.7.
  it.each([
    ['sport/tennis/player1/#', 'sport/tennis/player1', true],
    ['sport/tennis/player1/#', 'sport/tennis/player1/ranking', true],
    ['sport/tennis/player1/#', 'sport/tennis/player1/score/wimbledon', true],
    ['sport/#', 'sport', true],
    ['#', 'sport/tennis', true],
    ['sport/tennis/+', 'sport/tennis/player1', true],
    ['sport/tennis/+', 'sport/tennis/player1/ranking', false],
    ['sport/+', 'sport', false],
    ['sport/+', 'sport/', true],
    ['+/+', '/finance', true],
    ['/+', '/finance', true],
    ['+', '/finance', false],
    ['#', '$SYS/a', false],
    ['+/monitor/Clients', '$SYS/monitor/Clients', false],
    ['$SYS/#', '$SYS/a', true],
    ['$SYS/monitor/+', '$SYS/monitor/Clients', true],
    ['a/+', 'a/$SYS', true],
    ['ACCOUNTS', 'Accounts', false],
  ])('%s against %s is %s', (filter, topic, expected) => {
    expect(matchesTopic(filter.split('/'), topic.split('/'))).toBe(expected);
  });
});

describe(TopicTrie.name, () => {
  const level = fc.constantFrom('a', 'b', '', '$s', '__proto__', 'constructor');
  const topics = fc.array(level, { minLength: 1, maxLength: 5 });
  const filters = fc
    .tuple(
      fc.array(fc.oneof(level, fc.constant('+')), { minLength: 1, maxLength: 5 }),
      fc.boolean(),
    )
    .map(([levels, deep]) => (deep ? [...levels.slice(0, -1), '#'] : levels));

  it('matches what the naive matcher matches, each filter once', () => {
    fc.assert(
      fc.property(fc.array(filters, { maxLength: 30 }), topics, (all, topic) => {
        const trie = new TopicTrie<string>();
        for (const filter of all) trie.set(filter, filter.join('/'));
        const naive = all.filter((filter) => matchesTopic(filter, topic));
        const expected = [...new Set(naive.map((filter) => filter.join('/')))];
        expect(trie.match(topic).sort()).toEqual(expected.sort());
      }),
      { numRuns: 1000 },
    );
  });

  it('forgets what is removed, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(filters, { maxLength: 20 }), filters, topics, (all, gone, topic) => {
        const trie = new TopicTrie<string>();
        for (const filter of [...all, gone]) trie.set(filter, filter.join('/'));
        trie.remove(gone);
        const left = all.filter((filter) => filter.join('/') !== gone.join('/'));
        const expected = left.filter((filter) => matchesTopic(filter, topic));
        const unique = [...new Set(expected.map((filter) => filter.join('/')))];
        expect(trie.match(topic).sort()).toEqual(unique.sort());
        expect(trie.find(gone)).toBeUndefined();
      }),
    );
  });
});
