// Values as a file: what is in it, who gets it, and that its size costs nothing.
import { get, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { once } from 'node:events';
import { eventually } from '../support/eventually.js';
import { RegisteredDevice } from '../support/registered-device.js';
import { startHearth, type RunningHearth } from '../support/start-hearth.js';

const MINUTE = 60_000;
const FROM = Date.UTC(2024, 4, 1);

let hearth: RunningHearth;
let device: RegisteredDevice;

beforeAll(async () => {
  hearth = await startHearth();
  device = await RegisteredDevice.register(hearth, { name: 'Porch' });
});
afterAll(() => hearth.close());

async function aSeries(
  metric: string,
  { kind = 'number', unit = '', deviceId = device.id } = {},
): Promise<number> {
  const { rows } = await hearth.database.pool.query<{ id: number }>(
    `insert into series (device_id, metric, kind, unit) values ($1, $2, $3::"SeriesKind", $4) returning id`,
    [deviceId, metric, kind, unit],
  );
  return rows[0]?.id ?? 0;
}

/** One reading a minute from FROM on; the value of minute i is i. */
async function fill(seriesId: number, minutes: number): Promise<void> {
  await hearth.database.pool.query(
    `insert into reading select $1, $2::timestamptz + i * interval '1 minute', i
     from generate_series(0, $3::int - 1) as i`,
    [seriesId, new Date(FROM), minutes],
  );
}

const iso = (minute: number) => new Date(FROM + minute * MINUTE).toISOString();

/** As a program downloads: the answer, whose body nobody has read yet. */
async function download(path: string): Promise<IncomingMessage> {
  const request = get({
    host: '127.0.0.1',
    port: hearth.app.httpPort,
    path,
    agent: false,
    headers: { authorization: `Bearer ${hearth.app.localToken}` },
  });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

/** Statements of exports that run at this moment. */
async function runningReads(): Promise<number> {
  const { rows } = await hearth.database.pool.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity
     where state <> 'idle' and query like '%order by reading.ts%' and pid <> pg_backend_pid()`,
  );
  return rows[0]?.count ?? 0;
}

describe('an export of one series', () => {
  it('is CSV with every value of the range, from its first moment to just before its last', async () => {
    const id = await aSeries('temperature', { unit: '°C' });
    await fill(id, 10);
    const path = `/api/series/${id}/export?from=${FROM + MINUTE}&to=${FROM + 3 * MINUTE}`;
    const answer = await hearth.owner.get(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/csv; charset=utf-8/);
    expect(answer.headers.get('content-disposition')).toBe(
      `attachment; filename="hearth-${device.id}-temperature.csv"`,
    );
    expect(answer.text).toBe(
      'time,device,metric,value,unit\r\n' +
        `${iso(1)},${device.id},temperature,1,°C\r\n${iso(2)},${device.id},temperature,2,°C\r\n`,
    );
  });

  it('is NDJSON of more than one batch, without one lost or doubled', async () => {
    const id = await aSeries('long');
    await fill(id, 4_500);
    const answer = await hearth.owner.get(`/api/series/${id}/export?format=ndjson`);
    const lines = answer.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(lines).toEqual(
      Array.from({ length: 4_500 }, (_, minute) => ({
        time: iso(minute),
        device: device.id,
        metric: 'long',
        value: minute,
        unit: '',
      })),
    );
  });

  it('tells texts, and lets a spreadsheet run none', async () => {
    const id = await aSeries('message', { kind: 'text' });
    await hearth.database.pool.query('insert into state_change values ($1, $2, $3)', [
      id,
      new Date(FROM),
      '=HYPERLINK("http://example.org","open")',
    ]);
    const answer = await hearth.owner.get(`/api/series/${id}/export`);
    expect(answer.text.split('\r\n')[1]).toBe(
      `${iso(0)},${device.id},message,"'=HYPERLINK(""http://example.org"",""open"")",`,
    );
  });

  it('is only announced where only its headers are asked for', async () => {
    const id = await aSeries('headers');
    await fill(id, 5);
    const answer = await hearth.owner.request('HEAD', `/api/series/${id}/export`);
    expect([answer.status, answer.text]).toEqual([200, '']);
  });
});

describe('an export of several', () => {
  it('gives named series, a device, or the home', async () => {
    const other = await RegisteredDevice.register(hearth, { name: 'Cellar' });
    const humidity = await aSeries('humidity', { deviceId: other.id });
    const co2 = await aSeries('co2', { deviceId: other.id });
    await fill(humidity, 2);
    await fill(co2, 1);
    const metricsOf = async (query: string) => {
      const { text } = await hearth.owner.get(`/api/export?format=ndjson&${query}`);
      return text
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { metric: string }).metric);
    };
    expect(await metricsOf(`series=${humidity},${co2}`)).toEqual(['humidity', 'humidity', 'co2']);
    expect(await metricsOf(`device=${other.id}`)).toEqual(['co2', 'humidity', 'humidity']);
    expect(new Set(await metricsOf(''))).toEqual(
      new Set(['temperature', 'long', 'message', 'headers', 'humidity', 'co2']),
    );
  });
});

describe('an export that cannot be had', () => {
  it.each([
    ['a series that is not there', '/api/series/999999/export', 404],
    ['a list with one that is not there', '/api/export?series=1,999999', 404],
    ['a device that is not there', '/api/export?device=nobody', 404],
    ['a range that ends before it begins', '/api/series/1/export?from=2&to=1', 422],
    ['a format that nobody writes', '/api/series/1/export?format=xlsx', 422],
    ['both series and a device', '/api/export?series=1&device=porch', 422],
    ['no series at all', '/api/export?series=', 422],
    [
      'too many series',
      `/api/export?series=${Array.from({ length: 51 }, (_, i) => i + 1).join()}`,
      422,
    ],
  ])('of %s says why', async (_, path, status) => {
    const answer = await hearth.owner.get(path);
    expect([answer.status, answer.problem().detail === '']).toEqual([status, false]);
  });

  it('has nothing of another home in it', async () => {
    const { rows } = await hearth.database.pool.query<{ id: number }>(
      `with home as (insert into home (id, name, "timeZone")
           values (gen_random_uuid(), 'Other', 'UTC') returning id),
         device as (insert into device (id, "homeId", name, kind, "secretHash")
           select 'foreign', id, 'Other', 'sensor', '' from home returning id)
       insert into series (device_id, metric, kind) select id, 'secret', 'number' from device returning id`,
    );
    const foreign = rows[0]?.id ?? 0;
    await fill(foreign, 3);
    for (const path of [
      `/api/series/${foreign}/export`,
      `/api/export?series=${foreign}`,
      '/api/export?device=foreign',
    ]) {
      expect([path, (await hearth.owner.get(path)).status]).toEqual([path, 404]);
    }
    expect((await hearth.owner.get('/api/export')).text).not.toContain('secret');
  });

  it('is nobody’s who is not signed in', async () => {
    expect((await hearth.anonymous().get('/api/export')).status).toBe(401);
  });
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What nobody can do without, and not what waits to be collected. */
function heldBytes(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe('an export of a million values', () => {
  const MILLION = 1_000_000;
  let million: number;
  beforeAll(async () => {
    million = await aSeries('million');
    await fill(million, MILLION);
  }, 120_000);

  it('comes whole, and is never held in memory', async () => {
    const response = await download(`/api/series/${million}/export`);
    let [lines, most] = [0, 0];
    const least = heldBytes();
    for await (const line of createInterface(response)) {
      lines += Number(line !== '');
      if (lines % 50_000 === 0) most = Math.max(most, heldBytes());
    }
    expect(lines).toBe(MILLION + 1);
    // The file has 50 MB, and its rows as objects more than twice that.
    expect((most - least) / 1_048_576).toBeLessThan(10);
  }, 120_000);

  const isFree = async () =>
    (await hearth.owner.get(`/api/series/${million}/export?to=${FROM + MINUTE}`)).status === 200;

  it('is read only while somebody takes it, and no further when the client goes', async () => {
    const response = await download(`/api/series/${million}/export`);
    response.pause();
    const received = () => response.socket.bytesRead;
    let before = -1;
    await eventually('nothing more is read', async () => {
      const stands = received() === before && (await runningReads()) === 0;
      before = received();
      return stands;
    });
    expect(before).toBeLessThan(20_000_000);
    response.destroy();
    // Its place is free again: two at once, no third.
    await eventually('the place is free', () => isFree());
    const [first, second] = await Promise.all([
      download(`/api/series/${million}/export`),
      download(`/api/series/${million}/export`),
    ]);
    const third = await hearth.owner.get(`/api/series/${million}/export`);
    expect([third.status, third.problem().code]).toEqual([503, 'too-many-exports']);
    first.destroy();
    await eventually('one place is free', () => isFree());
    second.destroy();
  }, 60_000);
});
