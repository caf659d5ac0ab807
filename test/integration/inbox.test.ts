// The bounds of the inbox in the database, and whose letters one sees.
import { randomUUID } from 'node:crypto';
import type { DeadLetterFilter, DeviceId, HomeId } from '@hearth/contracts';
import { createDatabase, type Database } from '@hearth/db';
import { createTestDatabase, type TestDatabase } from '@hearth/db/testing';
import type { DeadLetterDraft } from '@hearth/ingest';
import { DeadLetterRepository } from '../../apps/api/src/inbox/dead-letter.repository.js';
import { DiscoveredTopicRepository } from '../../apps/api/src/inbox/discovered-topic.repository.js';

const HOME = randomUUID() as HomeId;
const OTHER_HOME = randomUUID() as HomeId;
const PORCH = 'porch' as DeviceId;
const NOW = Date.UTC(2026, 5, 15);

let testDatabase: TestDatabase;
let database: Database;

beforeEach(async () => {
  testDatabase = await createTestDatabase();
  database = await createDatabase(testDatabase.url);
  for (const [home, device, username] of [
    [HOME, PORCH, 'bridge'],
    [OTHER_HOME, 'cellar', 'other-bridge'],
  ]) {
    await database.pool.query(
      `insert into home (id, name, "timeZone") values ($1::uuid, 'Home', 'UTC')`,
      [home],
    );
    await database.pool.query(
      `insert into device (id, "homeId", name, kind, "secretHash") values ($2, $1::uuid, $2, 'sensor', '')`,
      [home, device],
    );
    await database.pool.query(
      `insert into integration (id, "homeId", name, username, "secretHash") values (gen_random_uuid(), $1::uuid, $2, $2, '')`,
      [home, username],
    );
  }
});
afterEach(async () => {
  await database.close();
  await testDatabase.drop();
});

const aLetter = (more: Partial<DeadLetterDraft> = {}): DeadLetterDraft => ({
  homeId: HOME,
  receivedAtMs: NOW,
  topic: 'hearth/porch/telemetry',
  deviceId: PORCH,
  principalId: PORCH,
  step: 'parse',
  code: 'not-json',
  detail: 'the payload is not valid JSON',
  payload: Buffer.from([0x68, 0xff, 0x00]),
  payloadBytes: 3,
  ...more,
});

describe(DeadLetterRepository, () => {
  const listed = async (
    sut: DeadLetterRepository,
    filter: DeadLetterFilter = {},
    homeId = HOME,
  ): Promise<string[]> =>
    (await sut.list({ homeId, filter }, undefined, 100)).map(({ detail }) => detail);

  it('keeps the bytes and the reason', async () => {
    const sut = new DeadLetterRepository(database);
    await sut.append([aLetter()]);
    expect(await sut.list({ homeId: HOME, filter: {} }, undefined, 10)).toEqual([
      {
        id: expect.stringMatching(/^\d+$/),
        receivedAt: new Date(NOW),
        topic: 'hearth/porch/telemetry',
        deviceId: PORCH,
        principalId: PORCH,
        step: 'parse',
        code: 'not-json',
        detail: 'the payload is not valid JSON',
        payload: Buffer.from([0x68, 0xff, 0x00]),
        payloadBytes: 3,
        keptBytes: 3,
      },
    ]);
  });

  it('lists the beginning of a long payload, and gives all of it when asked for one', async () => {
    const sut = new DeadLetterRepository(database);
    await sut.append([aLetter({ payload: Buffer.alloc(5_000, 'x'), payloadBytes: 300_000 })]);
    const [letter] = await sut.list({ homeId: HOME, filter: {} }, undefined, 10);
    expect(letter).toMatchObject({ keptBytes: 5_000, payloadBytes: 300_000 });
    expect(letter?.payload).toHaveLength(1_024);
    const whole = await sut.find({ homeId: HOME, filter: {}, ids: [letter!.id] });
    expect(whole?.payload).toHaveLength(5_000);
    expect(await sut.find({ homeId: OTHER_HOME, filter: {}, ids: [letter!.id] })).toBeUndefined();
  });

  it('shows a home its own letters, and no others', async () => {
    const sut = new DeadLetterRepository(database);
    await sut.append([
      aLetter({ detail: 'mine' }),
      aLetter({ deviceId: undefined, principalId: 'bridge', detail: 'of the integration' }),
      aLetter({ homeId: OTHER_HOME, deviceId: 'cellar', detail: 'of the other' }),
    ]);
    expect(await listed(sut)).toEqual(['of the integration', 'mine']);
    expect(await listed(sut, { deviceId: PORCH })).toEqual(['mine']);
    expect(await listed(sut, {}, OTHER_HOME)).toEqual(['of the other']);
  });

  it.each<[string, DeadLetterFilter, string[]]>([
    ['a text of the topic', { text: 'TELEMETRY/TEMP' }, ['b']],
    ['a text of the reason', { text: 'B' }, ['b']],
    ['a text of the payload', { text: '"Temp":' }, ['a']],
    ['a text of the payload that is no ASCII', { text: 'Küche' }, ['c']],
    ['a text with signs that mean something to databases', { text: '100%_\\' }, ['d']],
    ['a text that is nowhere', { text: 'nowhere' }, []],
    ['a code', { code: 'wrong-shape' }, ['c', 'b']],
    ['a sender', { principalId: 'bridge' }, ['d']],
    ['a time', { from: NOW + 1, to: NOW + 3 }, ['c', 'b']],
    ['all of it together', { from: NOW + 1, code: 'wrong-shape', text: 'shed' }, ['c']],
  ])('finds %s', async (_, filter, details) => {
    const sut = new DeadLetterRepository(database);
    await sut.append([
      aLetter({ detail: 'a', payload: Buffer.from('\xff\0{"temp":1}', 'latin1') }),
      aLetter({
        detail: 'b',
        topic: 'hearth/porch/telemetry/temperature',
        code: 'wrong-shape',
        receivedAtMs: NOW + 1,
      }),
      aLetter({
        detail: 'c',
        code: 'wrong-shape',
        payload: Buffer.from('Küche, Shed'),
        receivedAtMs: NOW + 2,
      }),
      aLetter({
        detail: 'd',
        principalId: 'bridge',
        payload: Buffer.from('100%_\\'),
        receivedAtMs: NOW + 3,
      }),
    ]);
    expect(await listed(sut, filter)).toEqual(details);
  });

  it('puts letters of one sender and one reason together', async () => {
    const sut = new DeadLetterRepository(database);
    const bridge = { deviceId: undefined, principalId: 'bridge' };
    await sut.append([
      aLetter({ detail: 'first' }),
      aLetter({ ...bridge }),
      aLetter({ detail: 'last', topic: 'hearth/porch/info', receivedAtMs: NOW + 5 }),
      aLetter({ code: 'payload-too-large', payloadBytes: 300_000 }),
      aLetter({ homeId: OTHER_HOME }),
    ]);
    const groups = await sut.listGroups({ homeId: HOME, filter: {} }, 10);
    expect(groups).toMatchObject([
      { letters: 1, cut: 1, sample: { code: 'payload-too-large' } },
      {
        letters: 2,
        topics: 2,
        cut: 0,
        firstAt: new Date(NOW),
        lastAt: new Date(NOW + 5),
        sample: { detail: 'last', principalId: PORCH },
      },
      { letters: 1, sample: { principalId: 'bridge' } },
    ]);
    expect(await sut.count({ homeId: HOME, filter: {} })).toEqual({
      letters: 4,
      bytes: 12,
      newestId: groups[0]?.sample.id,
    });
  });

  const bridge = { deviceId: undefined, principalId: 'bridge' };

  it('removes the oldest of a sender that sends too many, then the oldest of all', async () => {
    const sut = new DeadLetterRepository(database);
    await sut.append([1, 2, 3, 4].map((n) => aLetter({ detail: `device ${n}` })));
    await sut.append([aLetter({ ...bridge, detail: 'bridge 1' })]);
    await sut.pruneSenders({ letters: 3, bytes: 1_000 });
    expect(await listed(sut)).toEqual(['bridge 1', 'device 4', 'device 3', 'device 2']);
    await sut.pruneAll({ letters: 2, bytes: 1_000 });
    expect(await listed(sut)).toEqual(['bridge 1', 'device 4']);
  });

  it('removes the oldest that take too much room', async () => {
    const sut = new DeadLetterRepository(database);
    await sut.append([1, 2, 3].map((n) => aLetter({ detail: `device ${n}` })));
    await sut.append([1, 2].map((n) => aLetter({ ...bridge, detail: `bridge ${n}` })));
    await sut.pruneSenders({ letters: 100, bytes: 6 });
    expect(await listed(sut)).toEqual(['bridge 2', 'bridge 1', 'device 3', 'device 2']);
    await sut.pruneAll({ letters: 100, bytes: 11 });
    expect(await listed(sut)).toEqual(['bridge 2', 'bridge 1', 'device 3']);
  });

  it('removes what is too old, a few at a time', async () => {
    const sut = new DeadLetterRepository(database);
    await sut.append([1, 2, 3].map((n) => aLetter({ detail: `${n}`, receivedAtMs: NOW + n })));
    expect(await sut.removeBefore(NOW + 3, 1)).toBe(1);
    expect(await listed(sut)).toEqual(['3', '2']);
    expect(await sut.removeBefore(NOW + 3, 10)).toBe(1);
    expect(await listed(sut)).toEqual(['3']);
  });
});

describe(DiscoveredTopicRepository, () => {
  const aSighting = (topic: string, homeId = HOME, atMs = NOW) => ({
    homeId,
    topic,
    firstSeenAtMs: atMs,
    principalId: 'bridge',
    lastSeenAtMs: atMs,
    messages: 2,
    sample: Buffer.from('23.5'),
    recent: [{ receivedAtMs: atMs, principalId: 'bridge', payload: Buffer.from('23.5') }],
  });

  it('adds up what is seen again, and says what is new', async () => {
    const sut = new DiscoveredTopicRepository(database);
    expect(await sut.add([aSighting('b'), aSighting('a')])).toBe(2);
    expect(await sut.add([aSighting('a', HOME, NOW + 5), aSighting('__proto__')])).toBe(1);
    expect(await sut.list(HOME)).toMatchObject([
      { topic: 'a', messages: 4n, firstSeenAt: new Date(NOW), lastSeenAt: new Date(NOW + 5) },
      { topic: '__proto__', messages: 2n },
      { topic: 'b', messages: 2n },
    ]);
  });

  it('passes over a home that is gone', async () => {
    const sut = new DiscoveredTopicRepository(database);
    expect(await sut.add([aSighting('a', randomUUID() as HomeId)])).toBe(0);
  });

  it('removes what was silent longest, in each home by itself', async () => {
    const sut = new DiscoveredTopicRepository(database);
    await sut.add([1, 2, 3].map((n) => aSighting(`t/${n}`, HOME, NOW + n)));
    await sut.add([aSighting('old', OTHER_HOME, NOW - 1_000)]);
    await sut.prune(2);
    expect((await sut.list(HOME)).map(({ topic }) => topic)).toEqual(['t/3', 't/2']);
    expect(await sut.list(OTHER_HOME)).toHaveLength(1);
  });

  it('takes the longest topic that the pipeline lets through', async () => {
    const sut = new DiscoveredTopicRepository(database);
    // Not repetitive: Postgres compresses keys before it measures them.
    const topic = Array.from({ length: 28 }, () => randomUUID())
      .join('/')
      .slice(0, 1_024);
    expect(await sut.add([aSighting(topic)])).toBe(1);
  });
});
