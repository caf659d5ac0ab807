import type { DeviceId, HomeId } from '@hearth/contracts';
import type { RegisteredDevice, RegisteredIntegration } from '../directory/directory.js';
import { ownerOf, principalFor } from './principals.js';

const device = (id: string): RegisteredDevice => ({
  type: 'device',
  id: id as DeviceId,
  homeId: 'home' as HomeId,
  name: 'Kitchen',
  kind: 'sensor',
  simulated: false,
  secretHash: '',
  info: undefined,
});

const integration = (...topicFilters: string[]): RegisteredIntegration => ({
  type: 'integration',
  id: '00000000-0000-4000-8000-000000000001',
  homeId: 'home' as HomeId,
  name: 'Tutorial',
  username: 'sensor',
  topicFilters,
  secretHash: '',
});

// CVE-2017-7650, CVE-2026-44838: a wildcard in a name or a filter reaches nobody else's topics.
describe('principalFor', () => {
  const kitchen = principalFor(device('kitchen'));

  it.each([
    ['hearth/kitchen/telemetry', true],
    ['hearth/kitchen/telemetry/temperature', true],
    ['hearth/kitchen2/telemetry', false],
    ['hearth/kitchen', false],
    ['hearth/cellar/telemetry', false],
    ['hearth/Kitchen/telemetry', false],
    ['sensor/kitchen/temperature', false],
    ['$SYS/broker', false],
  ])('lets a device publish %s: %s', (topic, expected) => {
    expect(kitchen.canPublish(topic)).toBe(expected);
  });

  it.each([
    ['hearth/kitchen/#', true],
    ['hearth/kitchen/command/+', true],
    ['hearth/kitchen/+/+', true],
    ['$SYS/#', false],
    ['$SYS/broker/uptime', false],
    ['hearth/+/command/+', false],
    ['hearth/#', false],
    ['+/kitchen/#', false],
    ['#', false],
    ['hearth/kitchen2/#', false],
    ['hearth/kitchen', false],
  ])('lets a device subscribe %s: %s', (filter, expected) => {
    expect(kitchen.canSubscribe(filter)).toBe(expected);
  });

  it('keeps an integration inside its filters', () => {
    const sut = principalFor(integration('sensor/#', 'home/+/temperature'));
    expect(sut.canPublish('sensor/building1/room101/temperature')).toBe(true);
    expect(sut.canPublish('devices/status')).toBe(false);
    expect(sut.canSubscribe('sensor/#')).toBe(true);
    expect(sut.canSubscribe('home/livingroom/temperature')).toBe(true);
    expect(sut.canSubscribe('home/#')).toBe(false);
    expect(sut.canSubscribe('#')).toBe(false);
  });

  it('lets an integration with # listen to native topics, but not write them', () => {
    const sut = principalFor(integration('#'));
    expect(sut.canSubscribe('hearth/+/telemetry')).toBe(true);
    expect(sut.canPublish('zigbee2mqtt/lamp')).toBe(true);
    expect(sut.canPublish('hearth/kitchen/status')).toBe(false);
    expect(sut.canPublish('hearth/kitchen/command/climate')).toBe(false);
  });

  it('lets an integration write a native topic that its owner spelled out', () => {
    const sut = principalFor(integration('hearth/kitchen/telemetry'));
    expect(sut.canPublish('hearth/kitchen/telemetry')).toBe(true);
    expect(sut.canPublish('hearth/cellar/telemetry')).toBe(false);
  });

  it('takes no # for a right to $SYS', () => {
    const bridge = principalFor(integration('#', '+/broker/+'));
    expect(bridge.canSubscribe('$SYS/#')).toBe(false);
    expect(bridge.canSubscribe('$SYS/broker/uptime')).toBe(false);
  });

  it('says whom it stands for', () => {
    expect(ownerOf(kitchen)).toEqual({ type: 'device', deviceId: 'kitchen', homeId: 'home' });
    expect(ownerOf({ ...kitchen, data: undefined })).toBeUndefined();
  });
});
