import type { DeviceId } from '@hearth/contracts';
import type { HomeSeries } from '../readings/home-series.repository.js';
import { ENCODINGS } from './export-line.js';

const TS = Date.UTC(2026, 2, 29, 1, 2, 3, 4);
const aSeries = (changes: Partial<HomeSeries> = {}): HomeSeries => ({
  id: 1,
  deviceId: 'porch' as DeviceId,
  metric: 'temperature',
  unit: '°C',
  kind: 'number',
  ...changes,
});
const csv = (value: number | string, changes: Partial<HomeSeries> = {}) =>
  ENCODINGS.csv.line(aSeries(changes))(TS, value);

describe('a line of CSV', () => {
  it('has time, device, metric, value and unit', () => {
    expect(csv(21.5)).toBe('2026-03-29T01:02:03.004Z,porch,temperature,21.5,°C\r\n');
  });

  it('leaves numbers as they are, also those below zero', () => {
    expect(csv(-3)).toContain(',-3,');
  });

  it.each([
    ['a comma', 'a,b', '"a,b"'],
    ['a quote', 'say "hi"', '"say ""hi"""'],
    ['a line end', 'a\nb', '"a\nb"'],
    ['a formula', '=1+1', "'=1+1"],
    ['a command', '@SUM(A1)', "'@SUM(A1)"],
    ['a plus', '+49', "'+49"],
    ['a minus', '-cmd', "'-cmd"],
    ['a tab before a formula', '\t=1', "'\t=1"],
    ['a formula with a comma', '=A1,B1', '"\'=A1,B1"'],
    ['an equals sign of full width', '＝1', "'＝1"],
  ])('makes %s harmless', (_, text, field) => {
    expect(csv(text)).toBe(`2026-03-29T01:02:03.004Z,porch,temperature,${field},°C\r\n`);
    expect(csv(1, { unit: text })).toBe(
      `2026-03-29T01:02:03.004Z,porch,temperature,1,${field}\r\n`,
    );
  });
});

describe('a line of NDJSON', () => {
  it.each([[21.5], [-3], ['on "hold",\nor =1']])('can be parsed with the value %j', (value) => {
    const line = ENCODINGS.ndjson.line(aSeries())(TS, value);
    expect(line.indexOf('\n')).toBe(line.length - 1);
    expect(JSON.parse(line)).toEqual({
      time: '2026-03-29T01:02:03.004Z',
      device: 'porch',
      metric: 'temperature',
      value,
      unit: '°C',
    });
  });
});
