import { deviceSchema, roomSchema, type Device } from '@hearth/contracts';
import { inListOrder, keySeries, matches, passes } from './model';

const room = roomSchema.parse({
  id: '6f1f1e0e-58d0-4d7e-9a39-0d1f3c7f0001',
  name: 'Küche',
  position: 0,
  deviceCount: 1,
});
const aDevice = (name: string, state: Device['presence']['state'] = 'online'): Device =>
  deviceSchema.parse({
    id: name.toLowerCase().replaceAll(' ', '-'),
    name,
    kind: 'energy-meter',
    roomId: room.id,
    simulated: false,
    model: 'Shelly EM',
    firmware: null,
    intervalSeconds: 10,
    createdAt: '2026-01-01T00:00:00Z',
    lastSeenAt: null,
    presence: { state, cause: 'connected', since: '2026-01-01T00:00:00Z' },
    clockOffsetMs: null,
    series: ['rssi', 'power', 'energy'].map((metric, id) => ({
      id,
      metric,
      unit: '',
      kind: 'number',
      latest: { ts: 1, value: 1 },
    })),
    climate: null,
  });

describe(matches, () => {
  it.each([
    ['', true],
    ['meter', true],
    ['ENERGY küche', true],
    ['shelly boiler', true],
    ['boiler garage', false],
  ])('finds by %p: %p', (search, found) => {
    expect(matches(aDevice('Boiler'), room, search)).toBe(found);
  });
});

describe(passes, () => {
  it.each([
    ['all', 'never-seen', true],
    ['online', 'late', false],
    ['attention', 'late', true],
    ['attention', 'offline', true],
    ['attention', 'never-seen', false],
    ['waiting', 'never-seen', true],
  ] as const)('%s lets %s through: %p', (filter, state, through) => {
    expect(passes(aDevice('A', state), filter)).toBe(through);
  });
});

describe(inListOrder, () => {
  it('puts what needs a look first', () => {
    const devices = [aDevice('B'), aDevice('A'), aDevice('Z', 'offline'), aDevice('Y', 'late')];
    expect(inListOrder(devices).map((device) => device.name)).toEqual(['Z', 'Y', 'A', 'B']);
  });
});

describe(keySeries, () => {
  it('shows what people care about', () => {
    expect(keySeries(aDevice('A'), 2).map((series) => series.metric)).toEqual(['power', 'energy']);
  });
});
