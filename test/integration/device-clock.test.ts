// Device time and arrival: both are kept where they differ, and the device tells how far its clock is off.
import {
  deviceClockSchema,
  deviceSchema,
  deadLetterSchema,
  pageOf,
  type DeviceClock,
} from '@hearth/contracts';
import type { ConnectedClient } from '@hearth/testkit';
import { eventually } from '../support/eventually.js';
import { LiveListener } from '../support/live-listener.js';
import { RegisteredDevice } from '../support/registered-device.js';
import { startHearth, type RunningHearth } from '../support/start-hearth.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let hearth: RunningHearth;
let device: RegisteredDevice;
let client: ConnectedClient;

beforeAll(async () => {
  hearth = await startHearth();
});
afterAll(() => hearth.close());
beforeEach(async () => {
  device = await RegisteredDevice.register(hearth, { name: 'Porch' });
  client = await device.connectRaw();
});
afterEach(() => client.cut());

const send = (...times: number[]) => {
  const entries = times.map((ts) => ({ temperature: 21, ts }));
  const payload = JSON.stringify(entries.length === 1 ? entries[0] : entries);
  return client.publish({ topic: device.topic('telemetry'), payload, qos: 1 });
};
const clockOf = async (query = ''): Promise<DeviceClock> =>
  deviceClockSchema.parse(
    (await hearth.owner.get(`/api/devices/${device.id}/clock${query}`)).json(),
  );
const offsetOf = async () =>
  deviceSchema.parse((await hearth.owner.get(`/api/devices/${device.id}`)).json()).clockOffsetMs;
const rowsOf = async () => {
  const { rows } = await hearth.database.pool.query<{ ts: Date }>(
    `select ts from reading join series on series.id = series_id where device_id = $1 order by ts`,
    [device.id],
  );
  return rows.map(({ ts }) => ts.getTime());
};

describe('a device whose clock is right', () => {
  it('has nothing on record, and its readings arrived at their time', async () => {
    const now = Date.now();
    await send(now);
    await client.publish({ topic: device.topic('telemetry/humidity'), payload: '40', qos: 1 });
    expect(await clockOf(`?ts=${now}`)).toEqual({
      offsetMs: null,
      stretches: [],
      arrivals: [new Date(now).toISOString()],
    });
    expect(await hearth.database.prisma.deviceClock.count({ where: { deviceId: device.id } })).toBe(
      0,
    );
  });
});

describe('a device whose clock is an hour ahead', () => {
  it('keeps its times, tells how far it is off, and when the readings arrived', async () => {
    const before = Date.now();
    const wrong = before + HOUR;
    await send(wrong);
    const after = Date.now();
    expect(await rowsOf()).toEqual([wrong]);
    const { offsetMs, stretches, arrivals } = await clockOf(`?ts=${wrong}`);
    expect(await offsetOf()).toBe(offsetMs);
    expect(offsetMs).toBeGreaterThan(HOUR - MINUTE);
    expect(stretches).toMatchObject([{ messages: 1, offsetMs }]);
    expect(arrivals).toHaveLength(1);
    const arrived = Date.parse(arrivals[0]!);
    expect(arrived).toBeGreaterThanOrEqual(before);
    expect(arrived).toBeLessThanOrEqual(after);
  });

  it('jumps to the right time at its NTP sync; what it sends again lies where it lay', async () => {
    const wrong = Date.now() + HOUR;
    await send(wrong);
    const right = Date.now();
    await send(right);
    await send(wrong);
    expect(await rowsOf()).toEqual([right, wrong]);
    await send(Date.now());
    expect(await offsetOf()).toBeNull();
    expect((await clockOf()).stretches).toHaveLength(1);
  });

  it('is told to pages, and that it is set too', async () => {
    const feed = await LiveListener.open(hearth.app.httpPort, {
      authorization: `Bearer ${hearth.app.localToken}`,
    });
    const told = (after: number) =>
      feed.find(
        'changed',
        (frame) => feed.frames.indexOf(frame) >= after && frame.data.deviceId === device.id,
      );
    let news = told(feed.frames.length);
    await send(Date.now() + HOUR);
    // Whoever looks need not wait for the next round.
    await clockOf();
    await news;
    news = told(feed.frames.length);
    await send(Date.now());
    await clockOf();
    await news;
    await feed.close();
  });

  it('has its record after a restart, until it is deleted', async () => {
    await send(Date.now() + HOUR);
    client.cut();
    await hearth.restart();
    expect((await clockOf()).stretches).toHaveLength(1);
    expect((await hearth.owner.delete(`/api/devices/${device.id}`)).status).toBe(204);
    await eventually('its record is gone', async () => {
      const where = { deviceId: device.id };
      return (await hearth.database.prisma.deviceClock.count({ where })) === 0;
    });
  });
});

describe('a buffer that is sent late', () => {
  it('is no wrong clock; its readings lie at their times, and their arrival is kept', async () => {
    const now = Date.now();
    const times = [now - 2 * HOUR, now - HOUR, now];
    await send(...times);
    expect(await rowsOf()).toEqual(times);
    expect(await offsetOf()).toBeNull();
    const { stretches, arrivals } = await clockOf(`?ts=${now - HOUR}`);
    expect(stretches).toMatchObject([
      {
        deviceFrom: new Date(times[0]!).toISOString(),
        deviceTo: new Date(now).toISOString(),
        messages: 1,
        offsetMs: null,
      },
    ]);
    expect(Math.abs(Date.parse(arrivals[0]!) - now)).toBeLessThan(MINUTE);
  });
});

describe('a time that cannot be', () => {
  it.each([
    ['ts-too-old', () => Date.UTC(1999, 11, 31)],
    ['ts-too-old', () => 60_000],
    ['ts-too-far-ahead', () => Date.now() + DAY + MINUTE],
  ])('is a dead letter: %s', async (code, at) => {
    await send(at());
    expect(await rowsOf()).toEqual([]);
    expect((await clockOf()).stretches).toEqual([]);
    const answer = await hearth.owner.get(`/api/dead-letters?deviceId=${device.id}`);
    expect(pageOf(deadLetterSchema).parse(answer.json()).items).toMatchObject([
      { code, step: 'normalise', hindrance: null },
    ]);
  });

  it.each([Date.UTC(2000, 0, 1), Date.now() + DAY - MINUTE])('is not %d', async (ts) => {
    await send(ts);
    expect(await rowsOf()).toEqual([ts]);
  });
});

describe('the clock of a device of another home', () => {
  it('looks like one that is not there', async () => {
    await send(Date.now() + HOUR);
    const other = await hearth.database.prisma.home.create({
      data: { name: 'Other', timeZone: 'UTC' },
    });
    await hearth.database.prisma.device.update({
      where: { id: device.id },
      data: { homeId: other.id },
    });
    client.cut();
    await hearth.restart();
    expect((await hearth.owner.get(`/api/devices/${device.id}/clock`)).status).toBe(404);
    expect((await hearth.anonymous().get(`/api/devices/${device.id}/clock`)).status).toBe(401);
  });
});
