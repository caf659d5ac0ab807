// Who is online: from the socket to the browser, in the table, and across restarts.
import {
  deviceSchema,
  presenceTimelineSchema,
  type Presence,
  type PresenceState,
} from '@hearth/contracts';
import { FakeClock } from '@hearth/testkit';
import { LiveListener } from '../support/live-listener.js';
import { RegisteredDevice } from '../support/registered-device.js';
import { startHearth, type RunningHearth } from '../support/start-hearth.js';

const MINUTE = 60_000;
/** What the page promises between a pulled plug and "offline". */
const TOLD_WITHIN_MS = 2_000;

describe('presence', () => {
  let hearth: RunningHearth;
  const clock = new FakeClock();
  beforeAll(async () => {
    hearth = await startHearth({ clock });
  });
  afterAll(async () => {
    await hearth.close();
  });

  const listen = () =>
    LiveListener.open(hearth.app.httpPort, { authorization: `Bearer ${hearth.app.localToken}` });

  const presenceOf = async (id: string): Promise<Presence> =>
    deviceSchema.parse((await hearth.owner.get(`/api/devices/${id}`)).json()).presence;

  const rowsOf = async (deviceId: string) => {
    const rows = await hearth.database.prisma.presenceChange.findMany({
      where: { deviceId, state: { not: 'never-seen' } },
      orderBy: { id: 'asc' },
    });
    return rows.map(({ state, cause }) => `${state}(${cause})`);
  };

  const told = (live: LiveListener, id: string, state: PresenceState) =>
    live.find('presence', ({ data }) => data.deviceId === id && data.presence.state === state);

  it('shows a pulled plug in the browser within two seconds', async () => {
    const device = await RegisteredDevice.register(hearth);
    const live = await listen();
    const client = await device.connect({ keepalive: 600 });
    await told(live, device.id, 'online');
    const pulledAt = Date.now();
    client.stream.destroy();
    const frame = await told(live, device.id, 'offline');
    expect(Date.now() - pulledAt).toBeLessThan(TOLD_WITHIN_MS);
    expect(frame.data.presence.cause).toBe('connection-lost');
    expect(await presenceOf(device.id)).toMatchObject({
      state: 'offline',
      cause: 'connection-lost',
    });
    await live.close();
  });

  it('keeps every change as a row, and tells the timeline with its uptime', async () => {
    const device = await RegisteredDevice.register(hearth);
    const live = await listen();
    const fromMs = clock.now();
    clock.advance(MINUTE);
    const client = await device.connect();
    clock.advance(30 * MINUTE);
    await client.endAsync();
    await told(live, device.id, 'offline');
    clock.advance(10 * MINUTE);
    const query = `from=${fromMs}&to=${clock.now()}`;
    const answer = await hearth.owner.get(`/api/devices/${device.id}/presence?${query}`);
    const { changes, uptime } = presenceTimelineSchema.parse(answer.json());
    expect(changes.map(({ state, cause }) => `${state}(${cause})`)).toEqual([
      'never-seen(registered)',
      'online(connected)',
      'offline(clean-disconnect)',
    ]);
    expect(uptime).toBeCloseTo(0.75);
    await live.close();
  });

  it('stays online when a new connection takes the old one over', async () => {
    const device = await RegisteredDevice.register(hearth);
    const will = { topic: device.topic('status'), payload: Buffer.from('offline'), retain: true };
    const first = await device.connect({ will });
    const closed = new Promise((resolve) => first.on('close', () => resolve(undefined)));
    const second = await device.connect({ will });
    await closed;
    await second.publishAsync(device.topic('status'), 'online', { qos: 1, retain: true });
    expect(await presenceOf(device.id)).toMatchObject({ state: 'online', cause: 'connected' });
    await second.endAsync();
  });

  it('is late after two missed intervals, and back with the next message', async () => {
    const device = await RegisteredDevice.register(hearth);
    const live = await listen();
    const client = await device.connect({ keepalive: 0 });
    const info = JSON.stringify({ interval: 60, model: 'ESP32' });
    await client.publishAsync(device.topic('info'), info, { qos: 1 });
    await live.find('changed', ({ data }) => data.deviceId === device.id);
    clock.advance(2 * MINUTE);
    await told(live, device.id, 'late');
    live.frames.length = 0;
    await client.publishAsync(device.topic('telemetry'), '{"temperature":21}', { qos: 1 });
    expect((await told(live, device.id, 'online')).data.presence.cause).toBe('reported');
    await client.endAsync();
    await live.close();
  });

  it('keeps a sleeping device online between its reports, and calls it late, not offline', async () => {
    const device = await RegisteredDevice.register(hearth, { kind: 'contact' });
    const live = await listen();
    const client = await device.connect();
    const info = JSON.stringify({ interval: 900, sleeps: true });
    await client.publishAsync(device.topic('info'), info, { qos: 1 });
    await live.find('changed', ({ data }) => data.deviceId === device.id);
    await client.endAsync();
    clock.advance(29 * MINUTE);
    expect(await presenceOf(device.id)).toMatchObject({ state: 'online' });
    clock.advance(MINUTE);
    await told(live, device.id, 'late');
    expect(await rowsOf(device.id)).not.toContain('offline(clean-disconnect)');
    await live.close();
  });

  it('does not know after a clean stop, then gives a grace time', async () => {
    const [stays, returns] = [
      await RegisteredDevice.register(hearth),
      await RegisteredDevice.register(hearth),
    ];
    const clients = [await stays.connect(), await returns.connect()];
    await hearth.restart();
    for (const client of clients) client.end(true);
    expect(await presenceOf(stays.id)).toMatchObject({ state: 'unknown', cause: 'server-stop' });
    const live = await listen();
    const back = await returns.connect();
    await told(live, returns.id, 'online');
    clock.advance(MINUTE);
    expect((await told(live, stays.id, 'offline')).data.presence.cause).toBe('server-restart');
    expect(await rowsOf(stays.id)).toEqual([
      'online(connected)',
      'unknown(server-stop)',
      'offline(server-restart)',
    ]);
    await back.endAsync();
    await live.close();
  });

  it('tells honestly what it cannot know of the time in which it was dead', async () => {
    const device = await RegisteredDevice.register(hearth);
    const client = await device.connect();
    const diedAt = new Date(clock.now() + MINUTE);
    await hearth.restart(async () => {
      client.end(true);
      // As a killed server leaves it: online, and the last sign of life some time before the start.
      await hearth.database.prisma.presenceChange.deleteMany({
        where: { deviceId: device.id, state: 'unknown' },
      });
      await hearth.database.prisma.device.update({
        where: { id: device.id },
        data: { lastSeenAt: diedAt },
      });
      clock.advance(60 * MINUTE);
    });
    const presence = await presenceOf(device.id);
    expect(presence).toEqual({
      state: 'unknown',
      cause: 'server-restart',
      since: diedAt.toISOString(),
    });
  });

  it('refuses a timeline that ends before it begins, and one of nobody', async () => {
    const device = await RegisteredDevice.register(hearth);
    const backwards = await hearth.owner.get(`/api/devices/${device.id}/presence?from=2&to=1`);
    expect([backwards.status, backwards.problem().errors?.[0]?.field]).toEqual([422, 'from']);
    expect((await hearth.owner.get('/api/devices/nobody/presence')).status).toBe(404);
  });
});
