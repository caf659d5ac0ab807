import { METRICS, type MetricKind } from '@hearth/contracts';
import { suggestMetric } from './suggest-metric.js';

describe('what an unknown metric may be meant for', () => {
  it.each<[string, MetricKind, string, string | undefined]>([
    ['temp', 'number', '', 'temperature'],
    ['Temperature', 'number', '°F', 'temperature'],
    ['tempreature', 'number', '', 'temperature'],
    ['temperatur', 'number', '', 'temperature'],
    ['humidty', 'number', '', 'humidity'],
    ['presure', 'number', 'mbar', 'pressure'],
    ['lux', 'number', 'lx', 'illuminance'],
    ['occupancy', 'boolean', '', 'motion'],
    ['batt', 'number', '', 'battery'],
    ['moton', 'boolean', '', 'motion'],
  ])('%s, a %s in %j: %s', (name, kind, unit, metric) => {
    expect(suggestMetric(name, kind, unit)).toBe(metric);
  });

  it.each<[string, MetricKind, string]>([
    ['pm25', 'number', 'µg/m³'],
    ['mode', 'text', ''],
    // Its name comes near, but it is something else.
    ['temp', 'text', ''],
    ['temp', 'number', '%'],
    ['occupancy', 'number', ''],
    ['led', 'boolean', ''],
    ['towel', 'number', ''],
    ['ppower', 'boolean', ''],
    ['a'.repeat(64), 'number', ''],
  ])('nothing for %s, a %s in %j', (name, kind, unit) => {
    expect(suggestMetric(name, kind, unit)).toBeUndefined();
  });

  it('takes no metric of the catalogue for another', () => {
    for (const [name, { kind }] of METRICS) {
      expect([name, suggestMetric(name, kind, '')]).toEqual([name, name]);
    }
  });
});
