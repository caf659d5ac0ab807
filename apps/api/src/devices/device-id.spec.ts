import { isDeviceId } from '@hearth/contracts';
import { assert, property, string } from 'fast-check';
import { deviceIdFrom } from './device-id.js';

describe('deviceIdFrom', () => {
  it.each([
    ['Living room', 'living-room-4f2a'],
    ['Küche (Süd)', 'kuche-sud-4f2a'],
    ['  --- ', 'device-4f2a'],
    ['温度', 'device-4f2a'],
    ['__proto__', 'proto-4f2a'],
    ['x'.repeat(80), `${'x'.repeat(50)}-4f2a`],
  ])('makes of %j the id %s', (name, id) => {
    expect(deviceIdFrom(name, '4f2a')).toBe(id);
  });

  it('makes a valid id of any name', () => {
    assert(property(string({ unit: 'binary' }), (name) => isDeviceId(deviceIdFrom(name, '4f2a'))));
  });
});
