// The home at a glance: values as they were published, sparklines of the last hours, who is offline.
import { homeOverviewSchema, latestReadingsSchema, type HomeOverview } from '@hearth/contracts';
import { FakeClock } from '@hearth/testkit';
import { eventually } from '../support/eventually.js';
import { RegisteredDevice } from '../support/registered-device.js';
import { startHearth, type RunningHearth } from '../support/start-hearth.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** On the hour, so that buckets begin where the test says. */
const NOW = Date.UTC(2026, 4, 1, 12);

let hearth: RunningHearth;
let porch: RegisteredDevice;

beforeAll(async () => {
  hearth = await startHearth({ clock: new FakeClock(NOW) });
  porch = await RegisteredDevice.register(hearth, { name: 'Porch' });
  await RegisteredDevice.register(hearth, { name: 'Attic' });
  const client = await porch.connect();
  for (const [hour, temperature] of [
    [-30, 5],
    [-2, 10],
    [-1, 40],
    [-1 / 60, 12],
  ] as const) {
    // prettier-ignore
    const payload = { ts: NOW + hour * HOUR, temperature };
    await client.publishAsync(porch.topic('telemetry'), JSON.stringify(payload), { qos: 1 });
  }
  const mode = JSON.stringify({ ts: NOW - 5 * MINUTE, mode: 'eco' });
  await client.publishAsync(porch.topic('telemetry'), mode, { qos: 1 });
  await client.endAsync();
});
afterAll(() => hearth.close());

async function look(query = ''): Promise<HomeOverview> {
  const answer = await hearth.owner.get(`/api/home/overview${query}`);
  expect([answer.status, answer.text]).toEqual([200, answer.text]);
  return homeOverviewSchema.parse(answer.json());
}

describe('the newest values', () => {
  it('come with their age, those of all devices in one answer', async () => {
    const answer = await hearth.owner.get('/api/home/latest');
    const { at, series } = latestReadingsSchema.parse(answer.json());
    expect(at).toBe(NOW);
    expect(series).toMatchObject([
      {
        deviceId: porch.id,
        metric: 'temperature',
        unit: '°C',
        latest: { ts: NOW - MINUTE, value: 12 },
        ageMs: MINUTE,
      },
      { metric: 'mode', kind: 'text', latest: { value: 'eco' }, ageMs: 5 * MINUTE },
    ]);
  });
});

describe('the overview', () => {
  it('has a sparkline of a day in hours, in which no spike is lost', async () => {
    const { from, bucketMs, series } = await look();
    expect([from, bucketMs]).toEqual([NOW - 23 * HOUR, HOUR]);
    expect(series.map(({ metric }) => metric)).toEqual(['temperature', 'mode']);
    expect(series[0]?.sparkline).toEqual([
      [NOW - 2 * HOUR, 10, 10, 10, 1],
      [NOW - HOUR, 12, 40, 26, 2],
    ]);
    expect(series[1]?.sparkline).toEqual([]);
  });

  it('goes back as far as asked, in as many points', async () => {
    const { bucketMs, series } = await look('?hours=48');
    expect(bucketMs).toBe(2 * HOUR);
    expect(series[0]?.sparkline.map(([, , max]) => max)).toEqual([5, 40]);
    expect((await look('?hours=1')).bucketMs).toBe(15 * MINUTE);
  });

  it('says who is there and who is not', async () => {
    await eventually('the device is offline', async () => (await look()).offline.length > 0);
    const { devices, offline } = await look();
    expect(offline).toEqual([porch.id]);
    expect(devices.map(({ name, presence }) => [name, presence?.state])).toEqual([
      ['Attic', 'never-seen'],
      ['Porch', 'offline'],
    ]);
  });

  it.each(['/api/home/overview?hours=0', '/api/home/overview?hours=49'])(
    'refuses %s',
    async (path) => {
      expect((await hearth.owner.get(path)).status).toBe(422);
    },
  );

  it.each(['/api/home/overview', '/api/home/latest'])(
    '%s is nobody’s who is not signed in',
    async (path) => {
      expect((await hearth.anonymous().get(path)).status).toBe(401);
    },
  );

  it('has nothing of another home in it', async () => {
    await hearth.database.pool.query(
      `with home as (insert into home (id, name, "timeZone")
           values (gen_random_uuid(), 'Other', 'UTC') returning id),
         device as (insert into device (id, "homeId", name, kind, "secretHash")
           select 'foreign', id, 'Other', 'climate-node', '' from home returning id)
       insert into series (device_id, metric, kind) select id, 'secret', 'number' from device`,
    );
    await hearth.restart();
    const [overview, latest] = [
      await hearth.local.get('/api/home/overview'),
      await hearth.local.get('/api/home/latest'),
    ];
    expect([overview.status, latest.status]).toEqual([200, 200]);
    for (const { text } of [overview, latest]) {
      expect(text).toContain('temperature');
      expect(text).not.toMatch(/foreign|secret/);
    }
  });
});
