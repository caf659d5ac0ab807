// Dead letters from the wire to the list and back onto the line: grouped, searched, removed, replayed.
import {
  deadLetterGroupsSchema,
  deadLetterReplayResultSchema,
  deadLetterSchema,
  pageOf,
  wholeDeadLetterSchema,
  type DeadLetter,
  type DeadLetterGroups,
  type DeadLetterReplayResult,
} from '@hearth/contracts';
import { connectRaw, type ConnectedClient } from '@hearth/testkit';
import { eventually } from '../support/eventually.js';
import { LiveListener } from '../support/live-listener.js';
import { RegisteredDevice } from '../support/registered-device.js';
import { startHearth, type RunningHearth } from '../support/start-hearth.js';

const DAY_MS = 86_400_000;
const PASSWORD = 'secret of the bridge';

let hearth: RunningHearth;
let bridge: ConnectedClient;
let bridgeId: string;

async function connectBridge(username: string, topicFilters: string[]) {
  const answer = await hearth.owner.post('/api/integrations', {
    name: username,
    username,
    password: PASSWORD,
    topicFilters,
  });
  const { integration } = answer.json() as { integration: { id: string } };
  const client = await connectRaw(hearth.app.mqttPort, {
    clientId: username,
    username,
    password: PASSWORD,
  });
  return { client, id: integration.id };
}

beforeAll(async () => {
  hearth = await startHearth();
});
afterAll(() => hearth.close());

beforeEach(async () => {
  const { client, id } = await connectBridge('bridge', ['hearth/+/telemetry/#', 'hearth/+/status']);
  bridge = client;
  bridgeId = id;
});
afterEach(async () => {
  bridge.cut();
  await hearth.owner.delete(`/api/integrations/${bridgeId}`);
  await hearth.database.prisma.deadLetter.deleteMany();
  await hearth.database.prisma.auditEntry.deleteMany();
});

const publish = (topic: string, payload: string, client = bridge) =>
  client.publish({ topic, payload, qos: 1 });
const listLetters = async (query = ''): Promise<DeadLetter[]> =>
  pageOf(deadLetterSchema).parse((await hearth.owner.get(`/api/dead-letters?${query}`)).json())
    .items;
const listGroups = async (query = ''): Promise<DeadLetterGroups> =>
  deadLetterGroupsSchema.parse(
    (await hearth.owner.get(`/api/dead-letters/groups?${query}`)).json(),
  );
async function replay(request: unknown): Promise<DeadLetterReplayResult> {
  const answer = await hearth.owner.post('/api/dead-letters/replay', request);
  if (answer.status !== 200) throw new Error(answer.text);
  return deadLetterReplayResultSchema.parse(answer.json());
}
/** Lets all letters be of one moment, as those are that a client sends in one packet. */
const arriveAt = (ms: number) =>
  hearth.database.prisma.deadLetter.updateMany({ data: { receivedAt: new Date(ms) } });
const everything = { filter: {} };

async function listRows(deviceId: string): Promise<[ts: number, value: number][]> {
  const { rows } = await hearth.database.pool.query<{ ts: Date; value: number }>(
    `select ts, value from reading join series on series.id = series_id
     where device_id = $1 order by ts`,
    [deviceId],
  );
  return rows.map(({ ts, value }) => [ts.getTime(), value]);
}
const listAudit = () =>
  hearth.database.prisma.auditEntry.findMany({
    where: { action: { startsWith: 'dead-letter' } },
    select: { action: true, actor: true, subject: true, detail: true },
    orderBy: { id: 'asc' },
  });
const nothing = { replayed: 0, refused: [], hindered: [], remaining: 0, cursor: null };

describe('the list of dead letters', () => {
  it('has one group for a sender and a reason, with the newest as a sample', async () => {
    await publish('hearth/shed/telemetry/temperature', '20');
    await publish('hearth/barn/telemetry/temperature', '21');
    await publish('hearth/shed/telemetry', '');
    const { items, letters, bytes, keepDays, newestId } = await listGroups();
    expect(items).toMatchObject(
      [
        { step: 'identify', code: 'unknown-device', principalId: 'bridge', letters: 2, topics: 2 },
        { step: 'parse', code: 'payload-empty', letters: 1, topics: 1 },
      ].toReversed(),
    );
    expect(items[1]?.sample).toMatchObject({ payloadText: '21', hindrance: null });
    expect({ letters, bytes, keepDays }).toEqual({ letters: 3, bytes: 4, keepDays: 30 });
    expect(newestId).toBe(items[0]?.sample.id);
  });

  it('is searched, in groups and one by one', async () => {
    await publish('hearth/shed/telemetry/temperature', '20');
    await publish('hearth/barn/telemetry/humidity', '"wet hay"');
    for (const query of [
      'text=HAY',
      'text=barn',
      `code=unknown-device&text=wet&to=${Date.now() + 1}`,
    ]) {
      expect((await listLetters(query)).map(({ topic }) => topic)).toEqual([
        'hearth/barn/telemetry/humidity',
      ]);
      expect((await listGroups(query)).letters).toBe(1);
    }
    expect(await listLetters('to=1000')).toEqual([]);
  });

  it.each(['text=', 'text=%00', 'cod=x', 'code=A', 'from=x', 'to=-1', 'upTo=x', 'deviceId=..'])(
    'names what is wrong with ?%s',
    async (query) => {
      for (const path of ['/api/dead-letters/groups', '/api/dead-letters']) {
        const answer = await hearth.owner.get(`${path}?${query}`);
        expect(answer.status).toBe(422);
        expect(answer.problem().errors?.map(({ field }) => field)).toEqual([query.split('=')[0]]);
      }
    },
  );

  it('gives one letter with all bytes that are kept', async () => {
    const device = await RegisteredDevice.register(hearth);
    const client = await device.connectRaw();
    const payload = `${'x'.repeat(40_000)}ü`;
    await publish(device.topic('telemetry'), payload, client);
    client.cut();
    const [letter] = await listLetters();
    expect(letter).toMatchObject({ payloadBytes: 40_002, keptBytes: 40_002, hindrance: null });
    expect(letter?.payloadText).toHaveLength(1_024);
    const answer = await hearth.owner.get(`/api/dead-letters/${letter?.id}`);
    const whole = wholeDeadLetterSchema.parse(answer.json());
    expect(whole.payloadText).toBe(payload);
    expect(Buffer.from(whole.payloadBase64, 'base64').toString()).toBe(payload);
    expect((await hearth.owner.get('/api/dead-letters/999999999')).status).toBe(404);
  });

  it('loses one letter, a group, or all that match, and the audit log says so', async () => {
    await publish('hearth/shed/telemetry/temperature', '20');
    await publish('hearth/shed/telemetry', '');
    await publish('hearth/barn/telemetry/temperature', '21');
    const [newest] = await listLetters();
    expect((await hearth.owner.delete(`/api/dead-letters/${newest?.id}`)).status).toBe(204);
    expect((await hearth.owner.delete(`/api/dead-letters/${newest?.id}`)).status).toBe(404);
    const group = await hearth.owner.delete(
      '/api/dead-letters?code=payload-empty&principalId=bridge',
    );
    expect(group.json()).toEqual({ removed: 1 });
    const { newestId } = await listGroups();
    await publish('hearth/late/telemetry/temperature', '22');
    const rest = await hearth.owner.delete(`/api/dead-letters?upTo=${newestId}&from=0&text=hearth`);
    expect(rest.json()).toEqual({ removed: 1 });
    expect((await listLetters()).map(({ topic }) => topic)).toEqual([
      'hearth/late/telemetry/temperature',
    ]);
    expect(await listAudit()).toMatchObject([
      { action: 'dead-letter.removed', actor: 'ada@example.org', subject: newest?.id },
      { action: 'dead-letters.removed', detail: { letters: 1 } },
      { action: 'dead-letters.removed', detail: { letters: 1 } },
    ]);
  });

  it.each(['', '?cod=payload-empty'])('is not emptied by mistake: %s', async (query) => {
    await publish('hearth/shed/telemetry', '');
    expect((await hearth.owner.delete(`/api/dead-letters${query}`)).status).toBe(422);
    expect(await listLetters()).toHaveLength(1);
  });

  it('loses what is older than 30 days', async () => {
    await publish('hearth/old/telemetry', '');
    await arriveAt(Date.now() - 30 * DAY_MS - 1);
    await publish('hearth/new/telemetry', '');
    await hearth.restart();
    await eventually('the old letter is removed', async () => (await listLetters()).length === 1);
    expect(await listLetters()).toMatchObject([{ topic: 'hearth/new/telemetry' }]);
    bridge = await connectRaw(hearth.app.mqttPort, {
      clientId: 'x',
      username: 'bridge',
      password: PASSWORD,
    });
  });
});

describe('a replay', () => {
  it('makes readings of what was refused, at the time of its arrival, once the device is there', async () => {
    for (const value of ['20', '21', '22'])
      await publish('hearth/attic/telemetry/temperature', value);
    const arrival = Date.now() - DAY_MS;
    await publish('hearth/attic/telemetry', `{"temperature":19,"ts":${arrival - 5_000}}`);
    await arriveAt(arrival);
    expect(await replay(everything)).toEqual({
      ...nothing,
      refused: [{ step: 'identify', code: 'unknown-device', count: 4 }],
    });
    await RegisteredDevice.register(hearth, { id: 'attic' });
    // Something else came in that very millisecond, and was stored.
    await publish('hearth/attic/telemetry', `{"temperature":5,"ts":${arrival + 1}}`);
    expect(await replay({ filter: { code: 'unknown-device', principalId: 'bridge' } })).toEqual({
      ...nothing,
      replayed: 4,
    });
    expect(await listRows('attic')).toEqual([
      [arrival - 5_000, 19],
      [arrival, 20],
      [arrival + 1, 5],
      [arrival + 2, 21],
      [arrival + 3, 22],
    ]);
    expect(await listLetters()).toEqual([]);
    expect(await listAudit()).toMatchObject([
      { detail: { replayed: 0, refused: 4, hindered: 0 } },
      { action: 'dead-letters.replayed', detail: { replayed: 4, refused: 0, hindered: 0 } },
    ]);
  });

  it('converts by a unit that was declared since', async () => {
    const device = await RegisteredDevice.register(hearth);
    const client = await device.connectRaw();
    await publish(device.topic('telemetry/temperature'), '212', client);
    expect(await listLetters()).toMatchObject([{ code: 'out-of-range' }]);
    await publish(device.topic('info'), '{"metrics":[{"name":"temperature","unit":"°F"}]}', client);
    client.cut();
    expect(await replay(everything)).toMatchObject({ replayed: 1 });
    expect((await listRows(device.id)).map(([, value]) => Math.round(value))).toEqual([100]);
  });

  it('keeps what is refused again, once, with the reason of now', async () => {
    await publish('hearth/loft/telemetry/temperature', '999');
    const [before] = await listLetters();
    expect(before?.code).toBe('unknown-device');
    await RegisteredDevice.register(hearth, { id: 'loft' });
    expect(await replay({ ids: [before?.id] })).toEqual({
      ...nothing,
      refused: [{ step: 'normalise', code: 'out-of-range', count: 1 }],
    });
    expect(await listLetters()).toEqual([
      {
        ...before,
        step: 'normalise',
        code: 'out-of-range',
        detail: expect.stringContaining('999'),
      },
    ]);
  });

  it('stores nothing twice when it ended between storing and removing', async () => {
    await publish('hearth/cave/telemetry/temperature', '20');
    await publish('hearth/cave/telemetry/temperature', '21');
    await RegisteredDevice.register(hearth, { id: 'cave' });
    const arrival = Date.now() - DAY_MS;
    await arriveAt(arrival);
    // What is there after a crash in that moment: the rows, and the letters still.
    await hearth.database.pool.query(`create function fail() returns trigger language plpgsql
      as $$ begin raise exception 'not now'; end $$`);
    await hearth.database.pool.query(`create trigger fail before delete on dead_letter
      for each row execute function fail()`);
    expect((await hearth.owner.post('/api/dead-letters/replay', everything)).status).toBe(500);
    expect([(await listRows('cave')).length, (await listLetters()).length]).toEqual([2, 2]);
    await hearth.database.pool.query('drop function fail cascade');
    expect(await replay(everything)).toEqual({ ...nothing, replayed: 2 });
    expect(await listRows('cave')).toEqual([
      [arrival, 20],
      [arrival + 1, 21],
    ]);
  });

  it('says what keeps a letter from being replayed, before and after it is tried', async () => {
    const { client, id } = await connectBridge('guest', ['hearth/+/telemetry/#']);
    await publish('hearth/hall/telemetry/temperature', '1', client);
    client.cut();
    await hearth.owner.delete(`/api/integrations/${id}`);
    await publish('hearth/hall/status', 'online');
    const device = await RegisteredDevice.register(hearth);
    const large = await device.connectRaw();
    await publish(device.topic('telemetry'), 'x'.repeat(300_000), large);
    large.cut();
    await hearth.database.prisma.deadLetter.create({
      data: {
        homeId: hearth.home.id,
        receivedAt: new Date(),
        topic: 'elsewhere/hall',
        principalId: 'bridge',
        step: 'parse',
        code: 'not-json',
        detail: '',
        payload: Buffer.from('1'),
        payloadBytes: 1,
      },
    });
    const letters = await listLetters();
    expect(letters.map(({ hindrance }) => hindrance)).toEqual([
      'not-allowed',
      'cut',
      'no-readings',
      'sender-gone',
    ]);
    expect(letters[1]).toMatchObject({ payloadBytes: 300_000, keptBytes: 16_384 });
    const { hindered, ...rest } = await replay(everything);
    expect(hindered).toEqual([
      { hindrance: 'sender-gone', count: 1 },
      { hindrance: 'no-readings', count: 1 },
      { hindrance: 'cut', count: 1 },
      { hindrance: 'not-allowed', count: 1 },
    ]);
    expect(rest).toMatchObject({ replayed: 0, refused: [], remaining: 0 });
    expect(await listLetters()).toEqual(letters);
  });

  it('leaves a letter whose topic is nobody’s in the list', async () => {
    const { client, id } = await connectBridge('zigbee', ['zigbee/#']);
    client.cut();
    await hearth.database.prisma.deadLetter.create({
      data: {
        homeId: hearth.home.id,
        receivedAt: new Date(),
        topic: 'zigbee/lamp',
        principalId: 'zigbee',
        step: 'parse',
        code: 'not-json',
        detail: '',
        payload: Buffer.from('1'),
        payloadBytes: 1,
      },
    });
    expect(await replay(everything)).toMatchObject({
      hindered: [{ hindrance: 'unclaimed', count: 1 }],
    });
    expect(await listLetters()).toHaveLength(1);
    await hearth.owner.delete(`/api/integrations/${id}`);
  });

  it('goes on where the last call ended, and ends', async () => {
    await hearth.database.pool.query(
      `insert into dead_letter (home_id, received_at, topic, principal_id, step, code, detail, payload, payload_bytes)
       select $1::uuid, $2, 'hearth/many/telemetry/temperature', 'bridge', 'identify', 'unknown-device', '', '20', 2
       from generate_series(1, 450)`,
      [hearth.home.id, new Date()],
    );
    await RegisteredDevice.register(hearth, { id: 'many' });
    const first = await replay(everything);
    expect(first).toMatchObject({ replayed: 200, remaining: 250 });
    const second = await replay({ ...everything, cursor: first.cursor });
    expect(second).toMatchObject({ replayed: 200, remaining: 50 });
    const third = await replay({ ...everything, cursor: second.cursor });
    expect(third).toEqual({ ...nothing, replayed: 50 });
    expect(await listRows('many')).toHaveLength(450);
  });

  it.each([
    ['ids', { ids: [] }],
    ['ids.0', { ids: ['x'] }],
    ['filter.cod', { filter: { cod: 'x' } }],
    ['', {}],
  ])('names %s', async (_, request) => {
    const answer = await hearth.owner.post('/api/dead-letters/replay', request);
    expect(answer.status).toBe(422);
  });
});

describe('who may do what with dead letters', () => {
  beforeEach(() => publish('hearth/shed/telemetry', ''));

  it.each([
    ['viewer', 403],
    ['member', 200],
  ] as const)('a %s reads; removing and replaying answer %i', async (role, status) => {
    const person = await hearth.signInAs(role);
    const [letter] = await listLetters();
    for (const path of ['', '/groups', `/${letter?.id}`]) {
      expect((await person.get(`/api/dead-letters${path}`)).status).toBe(200);
    }
    expect((await person.post('/api/dead-letters/replay', everything)).status).toBe(status);
    const one = await person.delete(`/api/dead-letters/${letter?.id}`);
    expect(one.status).toBe(status === 200 ? 204 : status);
    expect((await person.delete('/api/dead-letters?from=0')).status).toBe(status);
    expect(await listLetters()).toHaveLength(status === 200 ? 0 : 1);
  });

  it('another home sees and touches nothing', async () => {
    const otherHome = await hearth.database.prisma.home.create({
      data: { name: 'Other', timeZone: 'UTC' },
    });
    const neighbour = await hearth.signInAs('owner');
    await hearth.database.prisma.membership.updateMany({
      where: { user: { email: { startsWith: 'owner-' } } },
      data: { homeId: otherHome.id },
    });
    const [letter] = await listLetters();
    expect((await neighbour.get('/api/dead-letters')).json()).toMatchObject({ items: [] });
    expect((await neighbour.get('/api/dead-letters/groups')).json()).toMatchObject({ letters: 0 });
    expect((await neighbour.get(`/api/dead-letters/${letter?.id}`)).status).toBe(404);
    expect((await neighbour.delete(`/api/dead-letters/${letter?.id}`)).status).toBe(404);
    expect((await neighbour.delete('/api/dead-letters?from=0')).json()).toEqual({ removed: 0 });
    for (const request of [everything, { ids: [letter?.id] }]) {
      const answer = await neighbour.post('/api/dead-letters/replay', request);
      expect(answer.json()).toEqual(nothing);
    }
    expect(await listLetters()).toHaveLength(1);
  });
});

describe('the live feed', () => {
  it('tells of new, replayed and removed letters', async () => {
    const feed = await LiveListener.open(hearth.app.httpPort, {
      cookie: hearth.owner.cookie,
      origin: `http://127.0.0.1:${hearth.app.httpPort}`,
    });
    const told = async () => {
      const before = feed.frames.length;
      const isNew = (frame: (typeof feed.frames)[number]) => feed.frames.indexOf(frame) >= before;
      return feed.find('changed', (frame) => isNew(frame) && frame.data.what === 'dead-letters');
    };
    let news = told();
    await publish('hearth/shed/telemetry/temperature', '1');
    await news;
    news = told();
    await replay(everything);
    await news;
    news = told();
    await hearth.owner.delete('/api/dead-letters?from=0');
    await news;
    feed.socket.close();
  });
});
