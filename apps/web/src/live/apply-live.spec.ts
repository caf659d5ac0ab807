import { deviceSchema, type Device, type LiveMessage } from '@hearth/contracts';
import { applyToDevices, gather, mentionsUnknown, noChanges } from './apply-live';

const aDevice = (id: string, seriesId: number): Device =>
  deviceSchema.parse({
    id,
    name: id,
    kind: 'climate-node',
    roomId: null,
    simulated: false,
    model: null,
    firmware: null,
    intervalSeconds: 10,
    createdAt: '2026-01-01T00:00:00Z',
    lastSeenAt: null,
    presence: { state: 'offline', cause: 'will', since: '2026-01-01T00:00:00Z' },
    clockOffsetMs: null,
    series: [
      {
        id: seriesId,
        metric: 'temperature',
        unit: '°C',
        kind: 'number',
        latest: { ts: 50, value: 20 },
      },
    ],
    climate: null,
  });

const readings = (...data: Extract<LiveMessage, { event: 'readings' }>['data']): LiveMessage => ({
  event: 'readings',
  data,
});
const reading = (seriesId: number, deviceId: string, ts: number, value: number) => ({
  seriesId,
  deviceId,
  metric: 'temperature',
  ts,
  value,
});
const pendingWith = (...messages: LiveMessage[]) => {
  const pending = noChanges();
  for (const message of messages) gather(pending, message);
  return pending;
};
const NOW = '2026-01-02T00:00:00Z';

describe(gather, () => {
  it('keeps the newest of each thing, however much arrives', () => {
    const pending = pendingWith(
      readings(reading(1, 'a', 1, 1), reading(2, 'b', 1, 1)),
      readings(reading(1, 'a', 2, 2)),
    );
    expect([...pending.readings.values()].map(({ value }) => value)).toEqual([2, 1]);
  });
});

describe(applyToDevices, () => {
  const devices = [aDevice('a', 1), aDevice('b', 2)];

  it('replaces only the device that a reading belongs to', () => {
    const next = applyToDevices(devices, pendingWith(readings(reading(1, 'a', 60, 21.5))), NOW);
    expect(next[0]!.series[0]!.latest).toEqual({ ts: 60, value: 21.5 });
    expect(next[0]!.lastSeenAt).toBe(NOW);
    expect(next[1]).toBe(devices[1]);
  });

  it('keeps the list itself when nothing in it changed', () => {
    expect(applyToDevices(devices, pendingWith(readings(reading(9, 'z', 60, 1))), NOW)).toBe(
      devices,
    );
  });

  it('does not let a late arrival replace a newer value', () => {
    const next = applyToDevices(devices, pendingWith(readings(reading(1, 'a', 40, 5))), NOW);
    expect(next[0]!.series[0]!.latest).toEqual({ ts: 50, value: 20 });
  });

  it('adds a metric that is seen for the first time', () => {
    const pending = pendingWith(
      readings({ seriesId: 7, deviceId: 'a', metric: 'humidity', ts: 60, value: 40 }),
    );
    expect(applyToDevices(devices, pending, NOW)[0]!.series[1]).toMatchObject({
      metric: 'humidity',
      unit: '%',
    });
    expect(mentionsUnknown(devices, pending)).toBe(true);
  });

  it('takes presence and leaves the readings alone', () => {
    const presence = { state: 'online', cause: 'connected', since: NOW } as const;
    const pending = pendingWith({ event: 'presence', data: { deviceId: 'b', presence } });
    const next = applyToDevices(devices, pending, NOW);
    expect(next[1]!.presence).toEqual(presence);
    expect(next[1]!.series).toBe(devices[1]!.series);
  });
});
