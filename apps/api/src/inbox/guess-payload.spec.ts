import { guessPayload } from './guess-payload.js';

describe(guessPayload, () => {
  it.each<[string, object]>([
    ['23.5', { kind: 'number', value: 23.5, unit: null }],
    [' -4e1\n', { kind: 'number', value: -40, unit: null }],
    ['{"value":23.5,"unit":"C"}', { kind: 'object', value: 23.5, unit: 'C' }],
    ['{"value":true}', { kind: 'object', value: 1, unit: null }],
    ['{"value":1e400}', { kind: 'object', value: null, unit: null }],
    ['{"temperature":23.5}', { kind: 'object', value: null, unit: null }],
    ['{"__proto__":{"value":1}}', { kind: 'object', value: null, unit: null }],
    ['ON', { kind: 'boolean', value: 1, unit: null }],
    ['false', { kind: 'boolean', value: 0, unit: null }],
    ['offline', { kind: 'text', value: 'offline', unit: null }],
    ['NaN', { kind: 'text', value: 'NaN', unit: null }],
    ['1e400', { kind: 'text', value: '1e400', unit: null }],
    ['{"value":23.', { kind: 'text', value: '{"value":23.', unit: null }],
    ['', { kind: 'text', value: '', unit: null }],
  ])('takes %s for what it looks like', (payload, guess) => {
    expect(guessPayload(Buffer.from(payload))).toEqual(guess);
  });

  it('knows bytes that are no text', () => {
    expect(guessPayload(Buffer.from([0xff, 0xd8, 0x00]))).toMatchObject({ kind: 'binary' });
  });

  it('takes a text that was cut within a character for text', () => {
    const cut = Buffer.from('Küche').subarray(0, 2);
    expect(guessPayload(cut)).toEqual({ kind: 'text', value: 'K', unit: null });
  });

  it('shortens long texts', () => {
    const { value } = guessPayload(Buffer.from('x'.repeat(1_000)));
    expect(value).toHaveLength(121);
  });
});
