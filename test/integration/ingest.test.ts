// From the wire into Postgres through the whole api: what is stored, what is refused, and when it is acknowledged.
import {
  deadLetterSchema,
  deviceSchema,
  discoveredTopicSchema,
  ingestStatsSchema,
  integrationWithPasswordSchema,
  pageOf,
  type DeadLetter,
} from '@hearth/contracts';
import { connectRaw, within, type ConnectedClient } from '@hearth/testkit';
import { RegisteredDevice } from '../support/registered-device.js';
import { startHearth, type RunningHearth } from '../support/start-hearth.js';

const TEN_YEARS_MS = 10 * 365 * 86_400_000;
const discoveredPageSchema = pageOf(discoveredTopicSchema).pick({ items: true });

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

const listLetters = async (): Promise<DeadLetter[]> => {
  const answer = await hearth.owner.get(`/api/dead-letters?deviceId=${device.id}`);
  return pageOf(deadLetterSchema).parse(answer.json()).items;
};
const getDevice = async () =>
  deviceSchema.parse((await hearth.owner.get(`/api/devices/${device.id}`)).json());
const getStats = async () =>
  ingestStatsSchema.parse((await hearth.owner.get('/api/ingest/stats')).json());

async function listRows(
  deviceId = device.id,
): Promise<[metric: string, ts: number, value: number][]> {
  const { rows } = await hearth.database.pool.query<{ metric: string; ts: Date; value: number }>(
    `select metric, ts, value from reading join series on series.id = series_id
     where device_id = $1 order by ts, metric`,
    [deviceId],
  );
  return rows.map(({ metric, ts, value }) => [metric, ts.getTime(), value]);
}

/** Asks again and again; Jest's time-out is the limit. */
async function waitUntil(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** A lock under which nothing can be inserted into `reading`, until it is released. */
async function lockReadings(): Promise<() => Promise<void>> {
  const locker = await hearth.database.pool.connect();
  await locker.query('begin');
  await locker.query('lock table reading in exclusive mode');
  return async () => {
    await locker.query('commit');
    locker.release();
  };
}

async function countBlocked(): Promise<number> {
  const { rows } = await hearth.database.pool.query<{ blocked: number }>(
    `select count(*)::int as blocked from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows[0]?.blocked ?? 0;
}

describe('telemetry', () => {
  const ts = Date.now() - 60_000;

  it.each([
    ['telemetry', `{"temperature":21.5,"ts":${ts},"seq":1}`, ts, 21.5],
    ['telemetry/temperature', `{"value":70.7,"unit":"F","ts":${ts}}`, ts, 21.5],
  ])('on %s is in the table when it is acknowledged', async (below, payload, at, value) => {
    await client.publish({ topic: device.topic(below), payload, qos: 1 });
    expect(await listRows()).toEqual([['temperature', at, expect.closeTo(value)]]);
    expect((await getDevice()).series).toMatchObject([
      { metric: 'temperature', unit: '°C', kind: 'number', latest: { ts: at } },
    ]);
  });

  it.each([0, 2] as const)('comes at QoS %d too', async (qos) => {
    await client.publish({ topic: device.topic('telemetry/humidity'), payload: '40', qos });
    await waitUntil(async () => (await listRows()).length === 1);
  });

  it('sent again with DUP is stored once', async () => {
    const payload = `{"temperature":21,"humidity":40,"ts":${ts}}`;
    const topic = device.topic('telemetry');
    await client.publish({ topic, payload, qos: 1, packetId: 7 });
    await client.publish({ topic, payload, qos: 1, packetId: 7, dup: true });
    expect(await listRows()).toHaveLength(2);
  });

  it('of a burst without times is stored reading by reading', async () => {
    const topic = device.topic('telemetry/temperature');
    const ids = Array.from({ length: 50 }, (_, index) =>
      client.sendPublish({ topic, payload: String(index % 30), qos: 1 }),
    );
    await client.expectInAnyOrder(
      'puback',
      ids.map((messageId) => ({ messageId })),
    );
    expect((await listRows()).map(([, , value]) => value)).toEqual(
      Array.from({ length: 50 }, (_, index) => index % 30),
    );
  });

  it('survives a restart of the server, newest values included', async () => {
    const payload = `[{"temperature":20,"mode":"eco","ts":${ts}},{"temperature":22,"ts":${ts + 1}}]`;
    await client.publish({ topic: device.topic('telemetry'), payload, qos: 1 });
    client.cut();
    await hearth.restart();
    expect((await getDevice()).series).toMatchObject([
      { metric: 'temperature', latest: { ts: ts + 1, value: 22 } },
      { metric: 'mode', kind: 'text', latest: { ts, value: 'eco' } },
    ]);
  });
});

describe('the acknowledgement', () => {
  const topic = () => device.topic('telemetry');

  it('waits for the commit, of every message, and comes for all', async () => {
    await client.publish({ topic: topic(), payload: '{"temperature":20}', qos: 1 });
    const release = await lockReadings();
    const first = client.sendPublish({ topic: topic(), payload: '{"temperature":21}', qos: 1 });
    await waitUntil(async () => (await countBlocked()) > 0);
    const second = client.sendPublish({ topic: topic(), payload: '{"temperature":22}', qos: 2 });
    await client.expectNothing();
    expect(await listRows()).toHaveLength(1);
    await release();
    await client.expect('puback', { messageId: first });
    await client.expect('pubrec', { messageId: second });
    expect((await listRows()).map(([, , value]) => value)).toEqual([20, 21, 22]);
  });

  it('waits while Postgres cuts the connection, and comes when it is back', async () => {
    await client.publish({ topic: topic(), payload: '{"temperature":20}', qos: 1 });
    const release = await lockReadings();
    const messageId = client.sendPublish({ topic: topic(), payload: '{"temperature":21}', qos: 1 });
    await waitUntil(async () => (await countBlocked()) > 0);
    await hearth.database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'`,
    );
    await client.expectNothing();
    await release();
    await client.expect('puback', { messageId });
    expect((await listRows()).map(([, , value]) => value)).toEqual([20, 21]);
  });

  it('is still routed live to subscribers while it waits', async () => {
    await client.publish({ topic: topic(), payload: '{"temperature":20}', qos: 1 });
    await client.subscribe({ filter: device.topic('#') });
    const release = await lockReadings();
    const messageId = client.sendPublish({ topic: topic(), payload: '{"temperature":21}', qos: 1 });
    await client.expect('publish', { topic: topic() });
    await release();
    await client.expect('puback', { messageId });
  });
});

describe('bad input', () => {
  const soon = Date.now();
  const cases: [name: string, below: string, payload: string | Buffer, code: string][] = [
    ['text that is not JSON', 'telemetry', 'hello', 'not-json'],
    ['JSON of the wrong shape', 'telemetry', '[1,2]', 'wrong-shape'],
    ['an empty payload', 'telemetry', '', 'payload-empty'],
    ['an empty object', 'telemetry', '{}', 'no-metrics'],
    ['NaN', 'telemetry', '{"temperature":NaN}', 'not-finite'],
    ['a bare NaN', 'telemetry/temperature', 'nan', 'not-finite'],
    ['1e400', 'telemetry', '{"temperature":1e400}', 'not-finite'],
    ['null', 'telemetry', '{"temperature":null}', 'no-value'],
    ['a text where a number belongs', 'telemetry', '{"temperature":"21"}', 'wrong-type'],
    [
      'a time ten years ahead',
      'telemetry',
      `{"temperature":21,"ts":${soon + TEN_YEARS_MS}}`,
      'ts-too-far-ahead',
    ],
    ['a time before 2000', 'telemetry', '{"temperature":21,"ts":1700000000}', 'ts-too-old'],
    ['a time with a fraction', 'telemetry', '{"temperature":21,"ts":1.5}', 'ts-not-integer'],
    [
      'a metric name of 5,000 letters',
      'telemetry',
      `{"${'t'.repeat(5_000)}":1}`,
      'bad-metric-name',
    ],
    ['__proto__ as a metric', 'telemetry', '{"__proto__":{"temperature":1}}', 'bad-metric-name'],
    ['__proto__ as a topic level', 'telemetry/__proto__', '1', 'bad-metric-name'],
    ['more than can be', 'telemetry', '{"temperature":9000}', 'out-of-range'],
    [
      'a unit of something else',
      'telemetry/temperature',
      '{"value":1,"unit":"kg"}',
      'unknown-unit',
    ],
    ['bytes that are no text', 'telemetry', Buffer.from([0x7b, 0xc3, 0x28, 0x7d]), 'not-utf8'],
    ['a payload that is too large', 'telemetry', 'x'.repeat(300_000), 'payload-too-large'],
    ['deep brackets', 'telemetry', '['.repeat(200_000), 'not-json'],
    ['a NUL in a text', 'telemetry', '{"mode":"\\u0000"}', 'text-not-storable'],
    ['a topic of its own making', 'weather', '1', 'unknown-topic'],
    ['a command to itself', 'command/climate', '{}', 'not-from-devices'],
    ['a status that is none', 'status', 'maybe', 'wrong-shape'],
    ['an info of the wrong shape', 'info', '{"interval":"often"}', 'wrong-shape'],
  ];

  it.each(cases)('%s is acknowledged, kept with the reason, and not stored', async (...one) => {
    const [, below, payload, code] = one;
    await client.publish({ topic: device.topic(below), payload, qos: 1 });
    const letters = await listLetters();
    expect(letters).toMatchObject([
      { code, topic: device.topic(below), deviceId: device.id, principalId: device.id },
    ]);
    expect(letters[0]?.payloadBytes).toBe(Buffer.byteLength(payload));
    expect(letters[0]?.detail).not.toBe('');
    expect(await listRows()).toEqual([]);
  });

  it('leaves a process that goes on, and is counted', async () => {
    const before = await getStats();
    for (const [, below, payload] of cases) {
      await client.publish({ topic: device.topic(below), payload, qos: 1 });
    }
    await client.publish({
      topic: device.topic('telemetry'),
      payload: '{"temperature":21}',
      qos: 1,
    });
    expect(await listRows()).toHaveLength(1);
    const count = (stats: typeof before): number =>
      stats.refused.reduce((sum, refused) => sum + refused.count, 0);
    const after = await getStats();
    expect(count(after) - count(before)).toBe(cases.length);
    expect(after.ackP50Ms).toBeGreaterThan(0);
  });

  it('is read in pages, the newest first', async () => {
    for (const payload of ['a', 'b', 'c']) {
      await client.publish({ topic: device.topic('telemetry'), payload, qos: 1 });
    }
    const page = async (more: string) => {
      const answer = await hearth.owner.get(
        `/api/dead-letters?deviceId=${device.id}&limit=2${more}`,
      );
      return pageOf(deadLetterSchema).parse(answer.json());
    };
    const first = await page('');
    expect(first.items.map(({ payloadText }) => payloadText)).toEqual(['c', 'b']);
    const second = await page(`&cursor=${first.nextCursor}`);
    expect(second.items.map(({ payloadText }) => payloadText)).toEqual(['a']);
    expect(second.nextCursor).toBeNull();
  });

  it.each(['cursor=x', 'cursor=-1', 'limit=0', 'limit=1000', 'deviceId=..'])(
    'asked for with ?%s names the field',
    async (query) => {
      const answer = await hearth.owner.get(`/api/dead-letters?${query}`);
      expect(answer.status).toBe(422);
      expect(answer.problem().errors?.map(({ field }) => field)).toEqual([query.split('=')[0]]);
    },
  );

  it('of one metric among good ones costs the whole message', async () => {
    const payload =
      '[{"temperature":21,"ts":1748779200000},{"temperature":999,"ts":1748779201000}]';
    await client.publish({ topic: device.topic('telemetry'), payload, qos: 1 });
    expect(await listRows()).toEqual([]);
    expect((await getDevice()).series).toEqual([]);
  });
});

describe('topics that no device claims', () => {
  const listDiscovered = async () =>
    discoveredPageSchema.parse((await hearth.owner.get('/api/discovered')).json()).items;

  async function connectBridge(username: string): Promise<ConnectedClient> {
    const answer = await hearth.owner.post('/api/integrations', {
      name: username,
      username,
      password: 'secret',
      topicFilters: [`${username}/#`],
    });
    expect(answer.status).toBe(201);
    integrationWithPasswordSchema.parse(answer.json());
    const login = { clientId: username, username, password: 'secret' };
    return connectRaw(hearth.app.mqttPort, login);
  }

  it('are discovered with a guess, counted, and forgotten on demand', async () => {
    const bridge = await connectBridge('sensor');
    const bare = 'sensor/building1/room101/temperature';
    const object = 'sensor/device001/temperature';
    await bridge.publish({ topic: bare, payload: '23.4', qos: 1 });
    await bridge.publish({ topic: bare, payload: '23.5', qos: 1 });
    await bridge.publish({ topic: object, payload: '{"value":23.5,"unit":"C"}', qos: 1 });
    // Newest first, and these may come within one millisecond.
    const found = (await listDiscovered()).sort((a, b) => (a.topic < b.topic ? 1 : -1));
    expect(found.map(({ topic }) => topic)).toEqual([object, bare]);
    expect(found).toMatchObject([
      { guess: { kind: 'object', value: 23.5, unit: 'C' }, principalId: 'sensor', messages: 1 },
      { guess: { kind: 'number', value: 23.5, unit: null }, sampleText: '23.5', messages: 2 },
    ]);
    const path = `/api/discovered?topic=${encodeURIComponent(bare)}`;
    expect((await hearth.owner.delete(path)).status).toBe(204);
    expect((await listDiscovered()).map(({ topic }) => topic)).toEqual([object]);
    expect((await hearth.owner.delete(path)).problem().code).toBe('discovered-topic-not-found');
    bridge.cut();
  });

  it('are not a viewer’s to forget', async () => {
    const viewer = await hearth.signInAs('viewer');
    expect((await viewer.get('/api/discovered')).status).toBe(200);
    expect((await viewer.delete('/api/discovered?topic=a')).status).toBe(403);
  });

  it('stay bounded, however many there are', async () => {
    const bridge = await connectBridge('flood');
    for (let index = 0; index < 1_100; index += 1) {
      bridge.sendPublish({ topic: `flood/${index}`, payload: '1', qos: 0 });
      if (index % 100 === 99) await bridge.roundTrip();
    }
    await bridge.publish({ topic: 'flood/last', payload: '1', qos: 1 });
    const found = await listDiscovered();
    expect(found.length).toBe(1_000);
    expect(found.map(({ topic }) => topic)).toContain('flood/last');
    bridge.cut();
  });
});

describe('the end of a device', () => {
  it('ends its series; one of the same name begins anew, also with another kind', async () => {
    const topic = device.topic('telemetry');
    await client.publish({ topic, payload: '{"level":1}', qos: 1 });
    await hearth.owner.delete(`/api/devices/${device.id}`);
    await within(8_000, 'the connection ends', client.expectAnyOrEnd());
    const again = await RegisteredDevice.register(hearth, { name: 'Porch', id: device.id });
    const fresh = await again.connectRaw();
    await fresh.publish({ topic, payload: '{"level":"high"}', qos: 1 });
    expect((await getDevice()).series).toMatchObject([{ metric: 'level', kind: 'text' }]);
    fresh.cut();
  });
});
