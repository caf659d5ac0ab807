import { findMappingFaults, rowsOfGuess, toMetrics } from './mapping-form';

const field = (path: string, metric: string, likely: boolean) =>
  ({ path, kind: 'number', value: 1, metric, unit: '°C', likely }) as const;
const guess = (...fields: ReturnType<typeof field>[]) =>
  ({ kind: 'object', value: null, unit: null, tsPath: null, fields }) as const;

describe(rowsOfGuess, () => {
  it('chooses what seems worth keeping, each metric once', () => {
    const rows = rowsOfGuess({
      ...guess(
        field('a', 'temperature', true),
        field('b', 'temperature', true),
        field('c', 'x', false),
      ),
      fields: [
        field('a', 'temperature', true),
        field('b', 'temperature', true),
        field('c', 'x', false),
      ],
    });
    expect(rows.map(({ path, used }) => [path, used])).toEqual([
      ['a', true],
      ['b', false],
      ['c', false],
    ]);
  });

  it('chooses what is the only one, whatever it is', () => {
    expect(rowsOfGuess({ ...guess(), fields: [field('', 'value', false)] })).toMatchObject([
      { used: true, metric: 'value', unit: '°C', scale: '1', offset: '0' },
    ]);
  });
});

describe(toMetrics, () => {
  const row = {
    key: '0',
    used: true,
    metric: ' power ',
    path: 'a.b',
    unit: 'kW',
    scale: '0,1',
    offset: '2',
  };

  it('reads numbers as people write them, and leaves out what is not used', () => {
    expect(toMetrics([row, { ...row, used: false }])).toEqual([
      { metric: 'power', path: 'a.b', unit: 'kW', scale: 0.1, offset: 2 },
    ]);
  });

  it('lets the contract refuse what is no number', () => {
    const metrics = toMetrics([
      { ...row, scale: 'x' },
      { ...row, metric: 'voltage', offset: '' },
    ]);
    const faults = findMappingFaults({ filter: 'a', device: 'b', metrics });
    expect([...faults.keys()]).toEqual(['metrics.0.scale', 'metrics.1.offset']);
  });
});
