import { aMessage, asDevice, asIntegration } from '../fixtures/message.js';
import { MAX_DISCOVERED_TOPIC_BYTES } from '../limits.js';
import { Refusal } from '../refusal.js';
import { address } from './address.js';

describe(address, () => {
  it.each([
    ['hearth/porch/telemetry', { to: 'telemetry', deviceId: 'porch', metric: undefined }],
    ['hearth/porch/telemetry/co2', { to: 'telemetry', deviceId: 'porch', metric: 'co2' }],
    ['hearth/porch/status', { to: 'report', deviceId: 'porch', name: 'status' }],
    ['hearth/porch/info', { to: 'report', deviceId: 'porch', name: 'info' }],
    ['hearth/porch/state', { to: 'report', deviceId: 'porch', name: 'state' }],
    ['hearth/porch/response', { to: 'report', deviceId: 'porch', name: 'response' }],
  ])('finds out what %s is for', (topic, expected) => {
    expect(address(aMessage(topic, ''), asDevice())).toMatchObject(expected);
  });

  it.each([
    ['hearth/porch/desired', 'not-from-devices'],
    ['hearth/porch/command/climate', 'not-from-devices'],
    ['hearth/porch/weather', 'unknown-topic'],
    ['hearth/porch', 'unknown-topic'],
    ['hearth//telemetry', 'unknown-topic'],
    ['hearth/__proto__/telemetry', 'unknown-topic'],
    ['hearth/porch/telemetry/a/b', 'unknown-topic'],
    ['hearth/porch/telemetry/', 'unknown-topic'],
    ['hearth/PORCH/telemetry', 'unknown-topic'],
    [`hearth/${'x'.repeat(5_000)}/telemetry`, 'unknown-topic'],
    ['s'.repeat(MAX_DISCOVERED_TOPIC_BYTES + 1), 'topic-too-long'],
  ])('refuses %.40s as %s', (topic, code) => {
    const refusal = address(aMessage(topic, ''), asDevice());
    expect(refusal).toBeInstanceOf(Refusal);
    expect(refusal).toMatchObject({ step: 'address', code });
    expect((refusal as Refusal).detail.length).toBeLessThan(150);
  });

  it.each(['sensor/building1/room101/temperature', 'devices/status', '__proto__/a', 'hearth'])(
    'takes %s for a topic that nobody claims',
    (topic) => {
      expect(address(aMessage(topic, '23.5'), asIntegration())).toMatchObject({ to: 'foreign' });
    },
  );
});
