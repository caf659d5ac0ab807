import { codeWords, describeRefusal } from './refusal-words';

describe(describeRefusal, () => {
  it('says what happened and what to do', () => {
    const { title, advice } = describeRefusal('unknown-device');
    expect(title).toBe('Unknown device');
    expect(advice).toMatch(/^Register a device .* then replay\.$/);
  });

  it.each(['mapping-broken', '__proto__', 'constructor'])(
    'spells out a code that it does not know: %s',
    (code) => {
      expect(describeRefusal(code).title).toBe(codeWords(code));
    },
  );
});

describe(codeWords, () => {
  it('reads like words', () => {
    expect(codeWords('value-out-of-range')).toBe('Value out of range');
    expect(codeWords('not-json')).toBe('Not JSON');
  });
});
