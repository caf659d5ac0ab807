import { describeGuess, describeRate } from './model';

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
