// History as a chart asks for it: resolution, spikes, gaps, texts, and who may see it.
import { historiesSchema, historySchema, type History } from '@hearth/contracts';
import { RegisteredDevice } from '../support/registered-device.js';
import { startHearth, type RunningHearth } from '../support/start-hearth.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A round day, so that buckets begin where the test says. */
const FROM = Date.UTC(2026, 4, 1);

let hearth: RunningHearth;
let device: RegisteredDevice;

beforeAll(async () => {
  hearth = await startHearth();
  device = await RegisteredDevice.register(hearth, { name: 'Porch' });
});
afterAll(() => hearth.close());

async function aSeries(metric: string, kind: 'number' | 'text'): Promise<number> {
  const { rows } = await hearth.database.pool.query<{ id: number }>(
    `insert into series (device_id, metric, kind) values ($1, $2, $3::"SeriesKind") returning id`,
    [device.id, metric, kind],
  );
  return rows[0]?.id ?? 0;
}

/** One reading a minute from FROM on; the value of minute i is i modulo 1,000. */
async function fill(seriesId: number, minutes: number): Promise<void> {
  await hearth.database.pool.query(
    `insert into reading select $1, $2::timestamptz + i * interval '1 minute', i % 1000
     from generate_series(0, $3::int - 1) as i`,
    [seriesId, new Date(FROM), minutes],
  );
}

const ask = (id: number, from: number, to: number, points?: number) =>
  hearth.owner.get(
    `/api/series/${id}/history?from=${from}&to=${to}${points === undefined ? '' : `&points=${points}`}`,
  );
async function read(id: number, from: number, to: number, points?: number): Promise<History> {
  const answer = await ask(id, from, to, points);
  expect(answer.status).toBe(200);
  return historySchema.parse(answer.json());
}

describe('the history of a number', () => {
  let month: number;
  beforeAll(async () => {
    month = await aSeries('month', 'number');
    await fill(month, 30 * 24 * 60);
  });

  it('gives single readings when they are few', async () => {
    const history = await read(month, FROM, FROM + 10 * MINUTE);
    expect(history).toMatchObject({ seriesId: month, bucketMs: 0, changes: [] });
    expect(history.buckets).toEqual(
      Array.from({ length: 10 }, (_, minute) => [
        FROM + minute * MINUTE,
        minute,
        minute,
        minute,
        1,
      ]),
    );
  });

  it('takes the range from its first moment to just before its last', async () => {
    const { buckets } = await read(month, FROM + MINUTE, FROM + 3 * MINUTE);
    expect(buckets.map(([ts]) => (ts - FROM) / MINUTE)).toEqual([1, 2]);
  });

  it('gives a band of buckets when they are many, and loses no spike', async () => {
    const spike = FROM + 3 * DAY + 17 * MINUTE + 1;
    await hearth.database.pool.query('insert into reading values ($1, $2, 99999)', [
      month,
      new Date(spike),
    ]);
    const history = await read(month, FROM, FROM + 30 * DAY, 600);
    expect(history.bucketMs).toBe(2 * HOUR);
    expect(history.buckets).toHaveLength(360);
    expect(history.buckets[0]).toEqual([FROM, 0, 119, 59.5, 120]);
    expect(history.buckets.reduce((sum, [, , , , count]) => sum + count, 0)).toBe(30 * 24 * 60 + 1);
    const peak = history.buckets.find(([, , high]) => high === 99_999);
    expect(peak?.[0]).toBe(FROM + 3 * DAY);
  });

  it('shows a gap as a gap', async () => {
    const gap = await aSeries('gap', 'number');
    await fill(gap, 120);
    await hearth.database.pool.query(
      'delete from reading where series_id = $1 and ts >= $2 and ts < $3',
      [gap, new Date(FROM + 30 * MINUTE), new Date(FROM + 90 * MINUTE)],
    );
    const history = await read(gap, FROM, FROM + 2 * HOUR, 10);
    expect(history.bucketMs).toBe(15 * MINUTE);
    expect(history.buckets.map(([ts]) => (ts - FROM) / MINUTE)).toEqual([0, 15, 90, 105]);
  });

  it('is empty where nothing was measured, also at the ends of time', async () => {
    expect((await read(month, FROM - DAY, FROM)).buckets).toEqual([]);
    const most = Number.MAX_SAFE_INTEGER;
    expect((await read(month, -most, -most + 1)).buckets).toEqual([]);
    expect((await read(month, -most, most, 10)).buckets.length).toBeGreaterThan(0);
  });
});

describe('the history of a text', () => {
  it('gives the changes, after the one that was in force when the range began', async () => {
    const mode = await aSeries('mode', 'text');
    for (const [hour, value] of ['off', 'eco', 'away', 'eco'].entries()) {
      await hearth.database.pool.query('insert into state_change values ($1, $2, $3)', [
        mode,
        new Date(FROM + hour * HOUR),
        value,
      ]);
    }
    const history = await read(mode, FROM + 90 * MINUTE, FROM + 3 * HOUR);
    expect(history.buckets).toEqual([]);
    expect(history.changes).toEqual([
      { ts: FROM + HOUR, value: 'eco' },
      { ts: FROM + 2 * HOUR, value: 'away' },
    ]);
  });
});

describe('the histories of several', () => {
  it('are those of each, in the order in which they are named', async () => {
    const [first, second] = [await aSeries('first', 'number'), await aSeries('second', 'text')];
    await fill(first, 30);
    const range = `from=${FROM}&to=${FROM + HOUR}&points=10`;
    const answer = await hearth.owner.get(`/api/history?series=${second},${first}&${range}`);
    expect(answer.status).toBe(200);
    expect(historiesSchema.parse(answer.json()).histories).toEqual([
      await read(second, FROM, FROM + HOUR, 10),
      await read(first, FROM, FROM + HOUR, 10),
    ]);
  });

  it('are told of the others when a page of one is damaged', async () => {
    const [broken, whole] = [await aSeries('broken', 'number'), await aSeries('whole', 'number')];
    await fill(whole, 30);
    await hearth.database.pool.query(
      `insert into reading_page (series_id, day, count, newest_at, newest, readings)
       values ($1, $2, 1, $2, 0, '\\x09')`,
      [broken, new Date(FROM)],
    );
    const range = `from=${FROM}&to=${FROM + HOUR}&points=10`;
    const answer = await hearth.owner.get(`/api/history?series=${broken},${whole}&${range}`);
    expect(answer.status).toBe(200);
    const { histories, failed } = historiesSchema.parse(answer.json());
    expect(histories).toEqual([await read(whole, FROM, FROM + HOUR, 10)]);
    const detail = expect.stringMatching(`series ${broken} on 2026-05-01`);
    expect(failed).toEqual([{ seriesId: broken, code: 'damaged-page', detail }]);
    const alone = await ask(broken, FROM, FROM + HOUR, 10);
    expect([alone.status, alone.json()]).toMatchObject([500, { code: 'damaged-page', detail }]);
  });

  it.each([
    ['one that is not there among them', 'series=1,999999&from=1&to=2', 404],
    ['none', 'series=&from=1&to=2', 422],
    ['something else', 'series=1,x&from=1&to=2', 422],
    ['too many', `series=${Array.from({ length: 51 }, (_, i) => i + 1).join()}&from=1&to=2`, 422],
    ['a range that ends before it begins', 'series=1&from=2&to=1', 422],
  ])('with %s are refused', async (_, query, status) => {
    expect((await hearth.owner.get(`/api/history?${query}`)).status).toBe(status);
  });
});

describe('a history that cannot be told', () => {
  it.each([
    ['a series that is not there', '/api/series/999999/history?from=1&to=2', 404],
    ['a series that is no number', '/api/series/abc/history?from=1&to=2', 422],
    ['a range that ends before it begins', '/api/series/1/history?from=2&to=1', 422],
    ['too many points', '/api/series/1/history?from=1&to=2&points=100000', 422],
    ['no range', '/api/series/1/history', 422],
  ])('of %s says why', async (_, path, status) => {
    const answer = await hearth.owner.get(path);
    expect(answer.status).toBe(status);
    expect(answer.problem().detail).not.toBe('');
  });

  it('is nobody’s who is not signed in', async () => {
    expect((await hearth.anonymous().get('/api/series/1/history?from=1&to=2')).status).toBe(401);
  });

  it('of a series whose device belongs to another home looks like one that is not there', async () => {
    const { rows } = await hearth.database.pool.query<{ id: number }>(
      `with home as (insert into home (id, name, "timeZone")
           values (gen_random_uuid(), 'Other', 'UTC') returning id),
         device as (insert into device (id, "homeId", name, kind, "secretHash")
           select 'other', id, 'Other', 'sensor', '' from home returning id)
       insert into series (device_id, metric, kind) select id, 'x', 'number' from device returning id`,
    );
    const foreign = rows[0]?.id ?? 0;
    const answer = await ask(foreign, FROM, FROM + 1);
    expect(answer.problem().code).toBe('series-not-found');
    const several = await hearth.owner.get(`/api/history?series=${foreign}&from=1&to=2`);
    expect(several.problem().code).toBe('series-not-found');
  });
});
