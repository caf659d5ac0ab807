import type { DeviceId } from '@hearth/contracts';
import { asDevice, asIntegration, HOME } from '../fixtures/message.js';
import { identify } from './identify.js';

const porch = { id: 'porch' as DeviceId, homeId: HOME };
const devices = { findDevice: (id: string) => (id === 'porch' ? porch : undefined) };

describe(identify, () => {
  it('knows a device that speaks for itself', () => {
    expect(identify(porch.id, asDevice('porch'), devices)).toBe(porch);
  });

  it('lets an integration of the same home speak for a device', () => {
    expect(identify(porch.id, asIntegration('bridge'), devices)).toBe(porch);
  });

  it.each([
    ['another device', 'porch', asDevice('cellar'), 'impostor'],
    ['an integration of another home', 'porch', asIntegration('bridge', 'home-2'), 'impostor'],
    ['a device nobody registered', 'attic', asDevice('attic'), 'unknown-device'],
  ])('refuses %s', (_, deviceId, sender, code) => {
    expect(identify(deviceId as DeviceId, sender, devices)).toMatchObject({
      step: 'identify',
      code,
    });
  });

  it('tells an impostor nothing of whether the device exists', () => {
    const known = identify(porch.id, asDevice('cellar'), devices);
    const unknown = identify('attic' as DeviceId, asDevice('cellar'), devices);
    expect([known, unknown]).toMatchObject([{ code: 'impostor' }, { code: 'impostor' }]);
  });
});
