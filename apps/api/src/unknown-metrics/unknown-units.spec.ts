import type { DeviceId } from '@hearth/contracts';
import { listUnknownUnits } from './unknown-units.js';

const PORCH = 'porch' as DeviceId;

describe('units that are not understood', () => {
  it.each([
    ['temperature', 'degrees', undefined, '°C'],
    ['humidity', '°C', undefined, '%'],
    ['soil', 'cbar', '%', '%'],
  ])('%s in %j while values are in %j', (name, unit, known, kept) => {
    const info = { metrics: [{ name, unit }] };
    expect(listUnknownUnits(PORCH, info, () => known)).toEqual([
      { deviceId: PORCH, metric: name, declared: unit, kept },
    ]);
  });

  it.each([
    ['a unit that can be converted', { name: 'temperature', unit: '°F' }, undefined],
    ['no unit', { name: 'temperature' }, undefined],
    ['an empty one', { name: 'temperature', unit: '' }, undefined],
    ['a metric of its own', { name: 'pm25', unit: 'µg/m³' }, 'µg/m³'],
    ['a metric that it never sent', { name: 'pm25', unit: 'µg/m³' }, undefined],
    ['on and off', { name: 'motion', unit: 'bool' }, ''],
  ])('are not %s', (_, metric, kept) => {
    expect(listUnknownUnits(PORCH, { metrics: [metric] }, () => kept)).toEqual([]);
  });

  it('has none of a device that declared nothing', () => {
    expect(listUnknownUnits(PORCH, undefined, () => undefined)).toEqual([]);
  });
});
