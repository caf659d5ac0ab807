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
    expect(guessPayload(Buffer.from(payload), 'a/b')).toMatchObject(guess);
  });

  it('knows bytes that are no text', () => {
    expect(guessPayload(Buffer.from([0xff, 0xd8, 0x00]), 'a/b')).toMatchObject({ kind: 'binary' });
  });

  it('takes a text that was cut within a character for text', () => {
    const cut = Buffer.from('Küche').subarray(0, 2);
    expect(guessPayload(cut, 'a/b')).toMatchObject({ kind: 'text', value: 'K', unit: null });
  });

  it('shortens long texts', () => {
    const { value } = guessPayload(Buffer.from('x'.repeat(1_000)), 'a/b');
    expect(value).toHaveLength(121);
  });

  const fieldsOf = (payload: string, topic = 'home/porch/temperature') =>
    guessPayload(Buffer.from(payload), topic).fields.map(
      ({ path, kind, metric, unit, likely }) => [path, kind, metric, unit, likely] as const,
    );

  it.each<[string, unknown[][]]>([
    ['23.5', [['', 'number', 'temperature', '°C', true]]],
    ['ON', [['', 'boolean', 'temperature', '°C', true]]],
    ['{"value":74,"unit":"F"}', [['value', 'number', 'temperature', 'F', true]]],
    [
      '{"ENERGY":{"Power":12,"Total":3.5},"SDS":{"t.1":"20.5","x":[{"tF":70}]}}',
      [
        ['ENERGY.Power', 'number', 'power', 'W', true],
        ['ENERGY.Total', 'number', 'Total', '', false],
        ['/SDS/t.1', 'number', 't_1', '', false],
        ['SDS.x.0.tF', 'number', 'temperature', '°F', true],
      ],
    ],
    [
      '{"occupancy":true,"battery":"low","x":null}',
      [
        ['occupancy', 'boolean', 'motion', '', true],
        ['battery', 'text', 'battery', '%', false],
      ],
    ],
    [
      '{"voltage":2900,"rssi":60,"temperature":500}',
      [
        ['voltage', 'number', 'voltage', 'mV', true],
        ['rssi', 'number', 'rssi', 'dBm', false],
        ['temperature', 'number', 'temperature', '°C', false],
      ],
    ],
    ['{"__proto__":{"polluted":1}}', [['__proto__.polluted', 'number', 'polluted', '', false]]],
  ])('lists the values of %s with what they seem to be', (payload, fields) => {
    expect(fieldsOf(payload)).toEqual(fields);
  });

  it.each([
    ['{"t":1,"last_seen":"2025-06-01T12:00:00Z"}', 'last_seen'],
    ['{"t":1,"ts":1748779200}', 'ts'],
    ['{"t":1,"Time":"2025-06-01T12:00:00"}', null],
    ['{"t":1,"time":5}', null],
  ])('finds where %s says when: %s', (payload, path) => {
    expect(guessPayload(Buffer.from(payload), 'a').tsPath).toBe(path);
  });

  it('lists no more than a person looks through, however large and deep', () => {
    const wide = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`k${n}`, n]));
    expect(fieldsOf(JSON.stringify(wide))).toHaveLength(64);
    expect(fieldsOf(`${'{"a":'.repeat(50)}1${'}'.repeat(50)}`)).toEqual([]);
  });
});
