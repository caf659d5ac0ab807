import { deviceSchema, roomSchema, type Device } from '@hearth/contracts';
import { describeHouse, nameInRoom, viewHome } from './model';

const LIVING = '6f1f1e0e-58d0-4d7e-9a39-0d1f3c7f0001';
const rooms = [roomSchema.parse({ id: LIVING, name: 'Living room', position: 0, deviceCount: 2 })];

let nextSeries = 1;
const aDevice = (name: string, more: { [key: string]: unknown } = {}): Device =>
  deviceSchema.parse({
    id: name.toLowerCase().replaceAll(' ', '-'),
    name,
    kind: 'climate-node',
    roomId: LIVING,
    simulated: false,
    model: null,
    firmware: null,
    intervalSeconds: 10,
    createdAt: '2026-01-01T00:00:00Z',
    lastSeenAt: null,
    presence: { state: 'online', cause: 'connected', since: '2026-01-01T00:00:00Z' },
    clockOffsetMs: null,
    series: [],
    climate: null,
    ...more,
  });
const series = (metric: string, value: number | null = 1, kind = 'number') => ({
  id: nextSeries++,
  metric,
  unit: '',
  kind,
  latest: value === null ? null : { ts: 1, value },
});
const offline = { state: 'offline', cause: 'will', since: '2026-01-01T00:00:00Z' };

describe(viewHome, () => {
  it('puts the readings of a room in the order in which people care', () => {
    const node = aDevice('Node', {
      series: [series('co2'), series('rssi'), series('temperature')],
    });
    const [room] = viewHome([node], rooms).rooms;
    expect(room!.readings.map((reading) => reading.title)).toEqual(['Temperature', 'CO₂']);
  });

  it("prefers a room's sensor to the thermostat on its wall", () => {
    const node = aDevice('Node', { series: [series('temperature')] });
    const thermostat = aDevice('Heat pump', {
      kind: 'thermostat',
      series: [series('temperature'), series('power')],
    });
    const [room] = viewHome([thermostat, node], rooms).rooms;
    expect(room!.readings.map(({ device, series: one }) => `${device.name} ${one.metric}`)).toEqual(
      ['Node temperature', 'Heat pump power'],
    );
  });

  it('names the devices where a metric appears twice', () => {
    const devices = ['Desk', 'Shelf'].map((name) =>
      aDevice(name, { series: [series('temperature')] }),
    );
    const [room] = viewHome(devices, rooms).rooms;
    expect(room!.readings.map((reading) => reading.title)).toEqual(['Desk', 'Shelf']);
  });

  it('lifts what concerns the whole house above the rooms', () => {
    const meter = aDevice('Meter', {
      kind: 'energy-meter',
      series: [series('energy'), series('power')],
    });
    const view = viewHome([meter], rooms);
    expect(view.headline.map((reading) => reading.title)).toEqual(['Power', 'Energy']);
    expect(view.rooms).toEqual([]);
  });

  it('shows a device of the house in its room when it goes silent', () => {
    const meter = aDevice('Meter', { kind: 'energy-meter', presence: offline });
    expect(viewHome([meter], rooms).rooms[0]!.silent).toHaveLength(1);
  });

  it('gathers devices of unknown rooms in a group of their own', () => {
    const lost = aDevice('Lost', {
      roomId: '6f1f1e0e-58d0-4d7e-9a39-0d1f3c7f00ff',
      series: [series('temperature')],
    });
    expect(viewHome([lost], rooms).rooms.map((view) => view.room)).toEqual([null]);
  });
});

describe(nameInRoom, () => {
  it.each([
    ['Living room window', 'Window'],
    ['living ROOM heat pump', 'Heat pump'],
    ['Living room', 'Living room'],
    ['Living roommate', 'Living roommate'],
    ['Front door', 'Front door'],
  ])('calls %s %s', (name, short) => {
    expect(nameInRoom(aDevice(name), rooms[0]!)).toBe(short);
  });
});

describe(describeHouse, () => {
  const quiet = { state: 'never-seen', cause: 'registered', since: '2026-01-01T00:00:00Z' };
  it.each([
    [[aDevice('A')], 'All is well.'],
    [[aDevice('A'), aDevice('B')], 'All is well. 2 devices are here.'],
    [[aDevice('A', { presence: offline }), aDevice('B')], 'A is offline.'],
    [
      [aDevice('A', { presence: offline }), aDevice('B', { presence: offline })],
      'A and B are offline.',
    ],
    [[aDevice('A', { presence: quiet })], 'Waiting for the first reading.'],
    [[aDevice('A', { presence: quiet }), aDevice('B')], 'All is well. 1 device not seen yet.'],
  ])('sums up', (devices, sentence) => {
    expect(describeHouse(devices)).toBe(sentence);
  });
});
