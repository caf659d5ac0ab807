import { describeGuess, describeRate } from './model';

describe(describeRate, () => {
  it.each([
    [null, undefined],
    [600, 'about 10 a second'],
    [1.2, 'about 1 a minute'],
    [0.2, 'about 12 an hour'],
    [0.001, undefined],
  ])('says %p messages a minute as %p', (perMinute, words) => {
    expect(describeRate(perMinute)).toBe(words);
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
