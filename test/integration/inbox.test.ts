// The bounds of the inbox in the database, and whose letters one sees.
import { randomUUID } from 'node:crypto';
import type { DeviceId, HomeId } from '@hearth/contracts';
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
  it('keeps the bytes and the reason', async () => {
    const sut = new DeadLetterRepository(database);
    await sut.append([aLetter()]);
    expect(await sut.list(HOME, undefined, undefined, 10)).toEqual([
      {
        id: expect.stringMatching(/^\d+$/),
        receivedAt: '2026-06-15T00:00:00.000Z',
        topic: 'hearth/porch/telemetry',
        deviceId: PORCH,
        principalId: PORCH,
        step: 'parse',
        code: 'not-json',
        detail: 'the payload is not valid JSON',
        payloadText: 'h\ufffd\u0000',
        payloadBytes: 3,
      },
    ]);
  });

  it('shows a home the letters of its devices and integrations, and no others', async () => {
    const sut = new DeadLetterRepository(database);
    const nobody = { deviceId: undefined };
    await sut.append([
      aLetter({ detail: 'of the device' }),
      aLetter({ ...nobody, principalId: 'bridge', detail: 'of the integration' }),
      aLetter({ deviceId: 'cellar', detail: 'of another device' }),
      aLetter({ ...nobody, principalId: 'other-bridge', detail: 'of another integration' }),
      aLetter({ ...nobody, principalId: 'gone', detail: 'of nobody who is left' }),
    ]);
    const details = async (home: HomeId, device?: DeviceId): Promise<string[]> =>
      (await sut.list(home, device, undefined, 10)).map(({ detail }) => detail);
    expect(await details(HOME)).toEqual(['of the integration', 'of the device']);
    expect(await details(HOME, PORCH)).toEqual(['of the device']);
    expect(await details(HOME, 'cellar' as DeviceId)).toEqual([]);
    expect(await details(OTHER_HOME)).toEqual(['of another integration', 'of another device']);
  });

  it('removes the oldest of a sender that sends too many, then the oldest of all', async () => {
    const sut = new DeadLetterRepository(database);
    const listed = async (): Promise<string[]> =>
      (await sut.list(HOME, undefined, undefined, 100)).map(({ detail }) => detail);
    await sut.append([1, 2, 3, 4].map((n) => aLetter({ detail: `device ${n}` })));
    const bridge = { deviceId: undefined, principalId: 'bridge' };
    await sut.append([aLetter({ ...bridge, detail: 'bridge 1' })]);
    await sut.prune(3, 100);
    expect(await listed()).toEqual(['bridge 1', 'device 4', 'device 3', 'device 2']);
    await sut.prune(3, 2);
    expect(await listed()).toEqual(['bridge 1', 'device 4']);
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
