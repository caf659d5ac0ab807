import { deadLetterSchema } from '@hearth/contracts';
import { codeWords, describeGuess, describeRate, groupDeadLetters } from './model';

const aLetter = (id: string, topic: string, code: string) =>
  deadLetterSchema.parse({
    id,
    receivedAt: '2026-01-01T00:00:00Z',
    topic,
    deviceId: null,
    principalId: null,
    step: 'parse',
    code,
    detail: '',
    payloadText: '',
    payloadBytes: 0,
    keptBytes: 0,
    hindrance: null,
  });

describe(groupDeadLetters, () => {
  it('puts letters with one cause together, the newest cause first', () => {
    const groups = groupDeadLetters([
      aLetter('4', 'a', 'not-json'),
      aLetter('3', 'b', 'not-json'),
      aLetter('2', 'a', 'not-json'),
      aLetter('1', 'a', 'too-long'),
    ]);
    expect(groups.map(({ topic, code, letters }) => [topic, code, letters.length])).toEqual([
      ['a', 'not-json', 2],
      ['b', 'not-json', 1],
      ['a', 'too-long', 1],
    ]);
  });
});

describe(describeRate, () => {
  it.each([
    [1, 0, 0, undefined],
    [6, 0, 24, undefined],
    [601, 0, 60_000, 'about 10 a second'],
    [61, 0, 3_600_000, 'about 1 a minute'],
    [25, 0, 86_400_000, 'about 1 an hour'],
    [3, 0, 2 * 86_400_000, 'about 1 a day'],
  ])('says %i messages from %i to %i as %p', (messages, from, to, words) => {
    expect(describeRate(messages, from, to)).toBe(words);
  });
});

describe(codeWords, () => {
  it('reads like words', () => {
    expect(codeWords('value-out-of-range')).toBe('Value out of range');
    expect(codeWords('not-json')).toBe('Not JSON');
  });
});

describe(describeGuess, () => {
  it.each([
    ['number', 23.5, null, 'Looks like a number: 23.5'],
    ['object', 23.5, 'C', 'Looks like a reading: 23.5 C'],
    ['object', null, null, 'Looks like JSON'],
    ['text', 'hello', null, 'Looks like text'],
  ] as const)('says %s %p %p', (kind, value, unit, words) => {
    expect(describeGuess({ kind, value, unit })).toBe(words);
  });
});
