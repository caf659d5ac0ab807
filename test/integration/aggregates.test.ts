// Energy, degree hours, duty cycles and daily values by the days of the home, which is in Berlin.
import { aggregateSchema, type Aggregate } from '@hearth/contracts';
import { FakeClock } from '@hearth/testkit';
import { RegisteredDevice } from '../support/registered-device.js';
import { startHearth, type RunningHearth } from '../support/start-hearth.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Midnight in Berlin, two days before the clocks go forward. */
const SPRING = Date.parse('2026-03-27T00:00:00+01:00');
/** Midnight in Berlin, on the day before they go back. */
const AUTUMN = Date.parse('2026-10-24T00:00:00+02:00');

let hearth: RunningHearth;
let device: RegisteredDevice;

beforeAll(async () => {
  hearth = await startHearth({ clock: new FakeClock(Date.UTC(2026, 11, 1)) });
  device = await RegisteredDevice.register(hearth, { name: 'Meter' });
});
afterAll(() => hearth.close());

let made = 0;
async function aSeries(unit: string, kind: 'number' | 'boolean' | 'text' = 'number') {
  made += 1;
  const { rows } = await hearth.database.pool.query<{ id: number }>(
    `insert into series (device_id, metric, kind, unit) values ($1, $2, $3::"SeriesKind", $4) returning id`,
    [device.id, `metric_${made}`, kind, unit],
  );
  return rows[0]?.id ?? 0;
}

async function store(id: number, readings: readonly (readonly [ts: number, value: number])[]) {
  await hearth.database.pool.query(
    'insert into reading select $1, * from unnest($2::timestamptz[], $3::float8[])',
    [id, readings.map(([ts]) => new Date(ts)), readings.map(([, value]) => value)],
  );
}

/** A reading every so often, for so long. */
const every = (
  stepMs: number,
  fromMs: number,
  lengthMs: number,
  valueAt: (index: number) => number,
) =>
  Array.from(
    { length: Math.floor(lengthMs / stepMs) },
    (_, index) => [fromMs + index * stepMs, valueAt(index)] as const,
  );

const ask = (id: number, query: string) => hearth.owner.get(`/api/series/${id}/aggregate?${query}`);

async function tell<Kind extends Aggregate['kind']>(
  kind: Kind,
  id: number,
  fromMs: number,
  toMs: number,
  more = '',
): Promise<Extract<Aggregate, { kind: Kind }>> {
  const answer = await ask(id, `kind=${kind}&from=${fromMs}&to=${toMs}${more}`);
  expect([answer.status, answer.text]).toEqual([200, answer.text]);
  return aggregateSchema.parse(answer.json()) as Extract<Aggregate, { kind: Kind }>;
}

describe('energy', () => {
  it('of a meter has 23 hours on the day on which the clocks go forward, and 25 when they go back', async () => {
    const id = await aSeries('kWh');
    // A kilowatt all the time, read each half hour.
    await store(
      id,
      every(HOUR / 2, SPRING - HOUR, 5 * DAY, (index) => 1_000 + index / 2),
    );
    await store(
      id,
      every(HOUR / 2, AUTUMN - HOUR, 5 * DAY, (index) => 9_000 + index / 2),
    );
    const spring = await tell('energy', id, SPRING, SPRING + 4 * DAY - HOUR);
    expect(spring).toMatchObject({ unit: 'kWh', timeZone: 'Europe/Berlin', from: 'hour' });
    expect(spring.periods.map(({ date, amount }) => [date, amount])).toEqual([
      ['2026-03-27', 24],
      ['2026-03-28', 24],
      ['2026-03-29', 23],
      ['2026-03-30', 24],
    ]);
    const autumn = await tell('energy', id, AUTUMN, AUTUMN + 3 * DAY + HOUR);
    expect(autumn.periods.map(({ amount }) => amount)).toEqual([24, 25, 24]);
    const weeks = await tell('energy', id, AUTUMN, AUTUMN + 1, '&per=week');
    expect(weeks.periods).toMatchObject([{ date: '2026-10-19' }]);
  });

  it('of a meter survives a reset, and the end of its dial when that is told', async () => {
    const id = await aSeries('kWh');
    const values = [99_990, 99_995, 3, 5];
    await store(
      id,
      every(HOUR, SPRING, 4 * HOUR, (index) => values[index] ?? 0),
    );
    const amount = async (more: string) =>
      (await tell('energy', id, SPRING, SPRING + DAY, more)).periods[0]?.amount;
    expect(await amount('')).toBe(10);
    expect(await amount('&rollover=100000')).toBe(15);
  });

  it('of power is its integral, without what is in a gap', async () => {
    const id = await aSeries('W');
    await store(
      id,
      every(MINUTE, SPRING, 2 * HOUR + MINUTE, () => 500),
    );
    await store(
      id,
      every(MINUTE, SPRING + 6 * HOUR, HOUR + MINUTE, () => 2_000),
    );
    const { unit, from, periods } = await tell('energy', id, SPRING, SPRING + 2 * DAY);
    expect([unit, from]).toEqual(['kWh', 'readings']);
    expect(periods.map(({ amount }) => amount)).toEqual([expect.closeTo(3, 9), null]);
  });

  it('is right about the newest and about late readings, before roll-ups know', async () => {
    const id = await aSeries('kWh');
    await store(id, [[SPRING, 100], [SPRING + HOUR, 101]]); // prettier-ignore
    expect((await tell('energy', id, SPRING, SPRING + 1)).periods[0]?.amount).toBe(1);
    await store(id, [[SPRING + 2 * HOUR, 104]]); // prettier-ignore
    expect((await tell('energy', id, SPRING, SPRING + 1)).periods[0]?.amount).toBe(4);
  });
});

describe('degree hours', () => {
  it('count what is below and above the base', async () => {
    const id = await aSeries('°C');
    await store(
      id,
      every(15 * MINUTE, SPRING, 2 * DAY, (index) => (index < 96 ? 5 : 20)),
    );
    const { periods, base } = await tell('degree-hours', id, SPRING, SPRING + 2 * DAY, '&base=15');
    expect(base).toBe(15);
    expect(periods).toMatchObject([
      { date: '2026-03-27', heating: expect.closeTo(238.333, 2) as number, covered: 1 },
      { date: '2026-03-28', cooling: expect.closeTo(118.75, 2) as number },
    ]);
  });
});

describe('a duty cycle', () => {
  it('of a boolean is the share of the known time', async () => {
    const id = await aSeries('', 'boolean');
    await store(
      id,
      every(10 * MINUTE, SPRING, 12 * HOUR + 10 * MINUTE, (index) => Number(index < 18)),
    );
    const { periods } = await tell('duty-cycle', id, SPRING, SPRING + DAY);
    expect(periods).toMatchObject([{ share: expect.closeTo(0.25, 9) as number, covered: 0.5 }]);
  });

  it('of a text is the share of those words', async () => {
    const id = await aSeries('', 'text');
    for (const [hour, value] of [
      [-2, 'idle'],
      [6, 'heating'],
      [9, 'preheating'],
      [12, 'idle'],
    ] as const) {
      // prettier-ignore
      await hearth.database.pool.query('insert into state_change values ($1, $2, $3)', [
        id,
        new Date(SPRING + hour * HOUR),
        value,
      ]);
    }
    const share = async (more: string) =>
      (await tell('duty-cycle', id, SPRING, SPRING + DAY, more)).periods[0];
    // After the last change, nothing was said for months.
    expect(await share('')).toMatchObject({ share: 0.5, covered: 0.5 });
    expect(await share('&on=preheating')).toMatchObject({ share: 0.25 });
  });
});

describe('daily values', () => {
  it('are the mean over time and both extremes', async () => {
    const id = await aSeries('°C');
    await store(id, [[SPRING, 10], [SPRING + HOUR, 10], [SPRING + HOUR + MINUTE, 10], [SPRING + 2 * HOUR, 30]]); // prettier-ignore
    const { periods } = await tell('daily', id, SPRING, SPRING + 2 * DAY);
    const mean = (61 * 10 + 59 * 20) / 120;
    expect(periods).toEqual([
      {
        date: '2026-03-27',
        from: SPRING,
        to: SPRING + DAY,
        covered: 2 / 24,
        mean: expect.closeTo(mean, 9) as number,
        min: 10,
        max: 30,
        count: 4,
      },
      {
        date: '2026-03-28',
        from: SPRING + DAY,
        to: SPRING + 2 * DAY,
        covered: 0,
        mean: null,
        min: null,
        max: null,
        count: 0,
      },
    ]);
  });

  it('of years come from roll-ups, with the extremes of single readings', async () => {
    const id = await aSeries('°C');
    const fromMs = Date.parse('2026-01-01T00:00:00+01:00');
    await hearth.database.pool.query(
      `insert into reading select $1, $2::timestamptz + i * interval '1 minute', 20 + i % 2
       from generate_series(0, 100 * 1440 - 1) as i`,
      [id, new Date(fromMs)],
    );
    await store(id, [[fromMs + 50 * DAY + 1, 99]]); // prettier-ignore
    const { from, periods } = await tell('daily', id, fromMs, fromMs + 99 * DAY);
    expect(from).toBe('hour');
    expect(periods).toHaveLength(100);
    expect(periods[3]).toMatchObject({ min: 20, max: 21, mean: 20.5, count: 1_440, covered: 1 });
    expect(periods[50]).toMatchObject({ date: '2026-02-20', max: 99, count: 1_441 });
  });
});

describe('an aggregate that cannot be told', () => {
  it.each([
    ['energy of a temperature', '°C', 'number', 'energy'],
    ['degree hours of power', 'W', 'number', 'degree-hours'],
    ['a duty cycle of a temperature', '°C', 'number', 'duty-cycle'],
    ['daily values of a text', '', 'text', 'daily'],
  ] as const)('%s does not fit', async (_, unit, kind, wanted) => {
    const answer = await ask(
      await aSeries(unit, kind),
      `kind=${wanted}&from=${SPRING}&to=${SPRING + 1}`,
    );
    expect([answer.status, answer.problem().code]).toEqual([422, 'aggregate-does-not-fit']);
  });

  it.each([
    ['another kind', 'kind=sum&from=1&to=2'],
    ['a range that ends before it begins', 'kind=daily&from=2&to=1'],
    ['more than ten years', `kind=daily&from=0&to=${4_000 * DAY}`],
    ['a gap of a second', 'kind=daily&from=1&to=2&gap=1'],
  ])('%s is refused', async (_, query) => {
    expect((await ask(1, query)).status).toBe(422);
  });

  it('of another home looks like one that is not there, and is nobody’s who is not signed in', async () => {
    const { rows } = await hearth.database.pool.query<{ id: number }>(
      `with home as (insert into home (id, name, "timeZone")
           values (gen_random_uuid(), 'Other', 'UTC') returning id),
         device as (insert into device (id, "homeId", name, kind, "secretHash")
           select 'foreign', id, 'Other', 'sensor', '' from home returning id)
       insert into series (device_id, metric, kind) select id, 'x', 'number' from device returning id`,
    );
    const answer = await ask(rows[0]?.id ?? 0, `kind=daily&from=1&to=2`);
    expect([answer.status, answer.problem().code]).toEqual([404, 'series-not-found']);
    const path = `/api/series/1/aggregate?kind=daily&from=1&to=2`;
    expect((await hearth.anonymous().get(path)).status).toBe(401);
  });
});
