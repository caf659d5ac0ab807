import { EARLIEST_TIMESTAMP_MS } from '@hearth/contracts';
import * as fc from 'fast-check';
import { aMapping, aMetric } from './fixtures/mapping.js';
import { aMessage, asIntegration, HOME, NOW } from './fixtures/message.js';
import { World } from './fixtures/world.js';
import { DEFAULT_LIMITS, MAX_KEPT_MESSAGES } from './limits.js';
import { compileMapping, type MappingSource } from './mapping-book.js';
import type { IncomingMessage } from './message.js';
import { Refusal } from './refusal.js';

const TOPIC = 'home/porch/temperature';

function aWorld(mapping: Partial<MappingSource>, deviceIds = ['porch']): World {
  const world = new World({}, deviceIds);
  world.mappings.replace(HOME, [aMapping({ device: '{room}', ...mapping })]);
  return world;
}

async function send(world: World, payload: string | Buffer, topic = TOPIC): Promise<void> {
  const acknowledged = world.ingest.accept(aMessage(topic, payload), asIntegration());
  await world.scheduler.turn();
  await world.scheduler.turn();
  await acknowledged;
}

const rowsOf = (world: World) =>
  [...world.rows.values()].map(({ deviceId, metric, value }) => [deviceId, metric, value]);

describe('a message that a mapping claims', () => {
  it.each<[string, string, Partial<MappingSource>, unknown[][]]>([
    ['a bare number', ' 23.5\n', {}, [['temperature', 23.5]]],
    ['a number in quotes', '"23.5"', {}, [['temperature', 23.5]]],
    [
      'the metric of a level',
      '40',
      { metrics: [aMetric({ metric: '{metric}' })] },
      [['temperature', 40]],
    ],
    ['a value with its unit', '{"value":212,"unit":"F"}', {}, [['temperature', 100]]],
    [
      'a unit of the mapping',
      '212',
      { metrics: [aMetric({ unit: '°F' })] },
      [['temperature', 100]],
    ],
    [
      'scale and offset',
      '2150',
      { metrics: [aMetric({ scale: 0.01, offset: -1 })] },
      [['temperature', 20.5]],
    ],
    [
      'a dotted path',
      '{"a":[{"t":1}]}',
      { metrics: [aMetric({ path: 'a.0.t' })] },
      [['temperature', 1]],
    ],
    [
      'a JSON pointer',
      '{"a.b":{"c/d":1}}',
      { metrics: [aMetric({ path: '/a.b/c~1d' })] },
      [['temperature', 1]],
    ],
    [
      'a word of the metric',
      'Open',
      { metrics: [aMetric({ metric: 'contact' })] },
      [['contact', 1]],
    ],
    [
      'a number in tenths, as the decimal that it is',
      '613',
      { metrics: [aMetric({ scale: 0.1, offset: -40 })] },
      [['temperature', 21.3]],
    ],
    ['a switch', 'OFF', { metrics: [aMetric({ metric: 'plug' })] }, [['plug', 0]]],
    ['a text', 'running', { metrics: [aMetric({ metric: 'phase' })] }, [['phase', 'running']]],
    [
      'every field of an object that is a value',
      '{"s":{"temperature":"21","Room Humidity":40,"on":true,"x":null,"y":{"z":1},"__proto__":5}}',
      { metrics: [aMetric({ metric: '*', path: 's' })] },
      [
        ['temperature', 21],
        ['Room_Humidity', 40],
        ['on', 1],
        ['proto', 5],
      ],
    ],
    [
      'those of several fields that are there',
      '{"t":20}',
      { metrics: [aMetric({ path: 't' }), aMetric({ metric: 'humidity', path: 'h' })] },
      [['temperature', 20]],
    ],
  ])('is read: %s', async (_, payload, mapping, expected) => {
    const world = aWorld(mapping);
    await send(world, payload);
    expect(world.letters).toEqual([]);
    expect(rowsOf(world)).toEqual(expected.map((one) => ['porch', ...one]));
    expect(world.sightings).toEqual([]);
  });

  it.each([
    ['{"at":1748779100,"t":1}', 1_748_779_100_000],
    ['{"at":1748779100500,"t":1}', 1_748_779_100_500],
    ['{"at":"2025-06-01T13:58:20+02:00","t":1}', 1_748_779_100_000],
    ['{"at":"2024-02-29T00:30+01:00","t":1}', 1_709_163_000_000],
    ['{"t":1}', NOW],
  ])('has the time that it says: %s', async (payload, ts) => {
    const world = aWorld({ metrics: [aMetric({ path: 't' })], tsPath: 'at' });
    await send(world, payload);
    expect([...world.rows.values()].map((row) => row.ts)).toEqual([ts]);
  });

  it.each<[string, string | Buffer, Partial<MappingSource>]>([
    ['value-missing', '{"x":1}', { metrics: [aMetric({ path: 'toString' })] }],
    ['value-missing', '{"x":1}', { metrics: [aMetric({ path: '__proto__.constructor' })] }],
    ['value-missing', '[1]', { metrics: [aMetric({ path: 'length' })] }],
    ['not-json', '{"x":', { metrics: [aMetric({ path: 'x' })] }],
    ['not-finite', 'NaN', {}],
    ['not-finite', '1e308', { metrics: [aMetric({ scale: 100 })] }],
    ['not-utf8', Buffer.from([0xff, 0x00]), {}],
    ['payload-empty', '', {}],
    ['wrong-shape', '5', { metrics: [aMetric({ metric: '*' })] }],
    ['wrong-shape', '{"a":{"b":1}}', { metrics: [aMetric({ path: 'a' })] }],
    ['out-of-range', '5000', {}],
    ['unknown-unit', '1', { metrics: [aMetric({ unit: 'kWh' })] }],
    ['ts-not-integer', '{"value":1,"at":"yesterday"}', { tsPath: 'at' }],
    ['ts-not-integer', '{"value":1,"at":"2026-02-30T10:00:00Z"}', { tsPath: 'at' }],
    ['ts-too-old', `{"value":1,"at":${EARLIEST_TIMESTAMP_MS / 1_000 - 1}}`, { tsPath: 'at' }],
    ['payload-too-large', Buffer.alloc(300_000, '1'), {}],
  ])('is refused as %s, and the letter names the mapping: %s', async (code, payload, mapping) => {
    const world = aWorld(mapping);
    await send(world, payload);
    expect(world.rows.size).toBe(0);
    expect(world.letters).toMatchObject([{ code, homeId: HOME, deviceId: 'porch' }]);
    expect(world.letters[0]?.detail).toMatch(/^by mapping "home\/\{room\}\/\{metric\}": /);
  });

  it.each([
    ['home//temperature', 'bad-device-id'],
    ['home/__proto__/temperature', 'unknown-device'],
    ['home/attic/temperature', 'unknown-device'],
    [`home/${'x'.repeat(64)}/temperature`, 'bad-device-id'],
  ])('of %s is refused as %s', async (topic, code) => {
    const world = aWorld({});
    await send(world, '1', topic);
    expect(world.letters).toMatchObject([{ code, deviceId: undefined }]);
  });

  it('is refused when a level that its id is made of is empty, whatever is left of it', async () => {
    const world = aWorld({ device: 'a-{room}-b' }, ['a--b']);
    await send(world, '1', 'home//temperature');
    expect(world.letters).toMatchObject([{ code: 'bad-device-id' }]);
  });

  it('never writes into another home', async () => {
    const world = aWorld({ device: 'cellar' });
    world.devices.set('cellar', { id: 'cellar' as never, homeId: 'home-2' });
    await send(world, '1');
    expect(world.rows.size).toBe(0);
    expect(world.letters).toMatchObject([{ code: 'impostor', homeId: HOME, deviceId: undefined }]);
  });

  it('makes an id of what people call their rooms', async () => {
    const world = aWorld({ filter: 'home/{building}/{room}', device: '{building}-{room}' }, [
      'haus-1-kuche-sud',
    ]);
    await send(world, '20', 'home/Haus 1/Küche (Süd)');
    expect(rowsOf(world)).toEqual([['haus-1-kuche-sud', 'temperature', 20]]);
  });

  it('makes its device once, and is acknowledged only when its reading is stored', async () => {
    const world = aWorld({ createKind: 'sensor' }, []);
    const payload = Buffer.from('20');
    // As the broker's: nothing of it is an own property.
    const message = Object.create({ ...aMessage(TOPIC, ''), payload }) as IncomingMessage;
    const first = world.ingest.accept(message, asIntegration());
    const second = world.ingest.accept(aMessage(TOPIC, '21'), asIntegration());
    // The broker reads the next packet into the same buffer.
    payload.fill('9');
    await world.scheduler.turn();
    await world.scheduler.turn();
    await Promise.all([first, second]);
    expect(world.wanted).toEqual([{ id: 'porch', homeId: HOME, kind: 'sensor' }]);
    expect([...world.rows.values()].map(({ ts, value }) => [ts, value])).toEqual([
      [NOW, 20],
      [NOW + 1, 21],
    ]);
  });

  it('waits for its device as long as the database is away', async () => {
    const world = aWorld({ createKind: 'sensor' }, []);
    world.outage = new Error('away');
    let acknowledged = false;
    void world.ingest
      .accept(aMessage(TOPIC, '20'), asIntegration())
      ?.then(() => (acknowledged = true));
    await world.scheduler.turn();
    expect(acknowledged).toBe(false);
    world.outage = undefined;
    await world.scheduler.advance(DEFAULT_LIMITS.longestRetryMs);
    await world.scheduler.turn();
    expect(acknowledged).toBe(true);
    expect(world.rows.size).toBe(1);
  });

  it('is refused when its device may not be made, and makes none for what is no reading', async () => {
    const world = aWorld({ createKind: 'sensor' }, []);
    await send(world, 'NaN');
    expect(world.wanted).toEqual([]);
    world.makerRefusal = new Refusal('device-not-made', 'enough');
    await send(world, '20');
    expect(world.letters.map(({ code }) => code)).toEqual(['not-finite', 'device-not-made']);
  });

  it('turns away what waits for too many devices', async () => {
    const world = new World({ maxWaitingForDevices: 1 }, []);
    world.mappings.replace(HOME, [aMapping({ device: '{room}', createKind: 'sensor' })]);
    const waits = world.ingest.accept(aMessage('home/a/t', '1'), asIntegration());
    const turnedAway = world.ingest.accept(aMessage('home/b/t', '1'), asIntegration());
    void world.ingest.accept(aMessage('home/c/t', '1', { qos: 0 }), asIntegration());
    expect(world.ingest.counts()).toMatchObject({ overloaded: 1, droppedQos0: 1 });
    await expect(turnedAway).rejects.toThrow('overloaded');
    await world.scheduler.turn();
    await world.scheduler.turn();
    await waits;
  });

  it('walks again after its mapping was made', async () => {
    const world = new World();
    const message = aMessage(TOPIC, '20');
    expect(world.ingest.replay(message, asIntegration(), NOW)).toEqual({ result: 'no-readings' });
    world.mappings.replace(HOME, [aMapping({ device: '{room}', createKind: 'sensor' })]);
    world.devices.clear();
    await world.ingest.prepare(message, asIntegration());
    expect(world.ingest.replay(message, asIntegration(), NOW)).toMatchObject({
      result: 'accepted',
    });
    await world.scheduler.turn();
    expect(rowsOf(world)).toEqual([['porch', 'temperature', 20]]);
  });

  it('can be tried without leaving a trace', async () => {
    const world = aWorld({});
    const mapping = compileMapping(
      aMapping({ device: 'other', createKind: 'sensor', metrics: [aMetric({ unit: 'F' })] }),
    );
    const trial = world.ingest.tryMapping(aMessage(TOPIC, '212'), asIntegration(), mapping);
    expect(trial).toMatchObject({
      deviceId: 'other',
      readings: [{ value: 100, series: { unit: '°C' } }],
    });
    expect(world.ingest.tryMapping(aMessage('x', '1'), asIntegration(), mapping)).toBeUndefined();
    await world.scheduler.turn();
    expect([world.rows.size, world.wanted.length, world.book.list('other').length]).toEqual([
      0, 0, 0,
    ]);
    expect(world.ingest.counts()).toMatchObject({ messages: 0, readings: 0 });
  });

  it('ends as a reading or a letter, whatever its bytes are, and never as an error', async () => {
    const world = aWorld({
      filter: '#',
      device: 'porch',
      metrics: [aMetric({ path: 'a' }), aMetric({ metric: '*', path: 'b' })],
      tsPath: 'ts',
    });
    const payload = fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      fc
        .record(
          {
            a: fc.json().map((text) => JSON.parse(text) as unknown),
            b: fc.jsonValue(),
            ts: fc.jsonValue(),
          },
          { requiredKeys: [] },
        )
        .map((json) => Buffer.from(JSON.stringify(json))),
    );
    await fc.assert(
      fc.asyncProperty(payload, async (bytes) => {
        const letters = world.letters.length;
        const { readings } = world.ingest.counts();
        await send(world, bytes, 'any');
        const isReading = world.ingest.counts().readings > readings;
        expect(isReading).toBe(world.letters.length === letters);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a message that no mapping claims', () => {
  it('is kept whole with the last before it, each with a time of its own', async () => {
    const world = new World();
    for (let n = 0; n < MAX_KEPT_MESSAGES + 5; n += 1) {
      void world.ingest.accept(aMessage(TOPIC, `${n}`), asIntegration());
    }
    await world.scheduler.turn();
    const [sighting] = world.sightings;
    expect(sighting).toMatchObject({ messages: MAX_KEPT_MESSAGES + 5 });
    expect(sighting?.recent.map(({ payload }) => Number(payload.toString()))).toEqual(
      Array.from({ length: MAX_KEPT_MESSAGES }, (_, index) => index + 5),
    );
    expect(new Set(sighting?.recent.map(({ receivedAtMs }) => receivedAtMs)).size).toBe(
      MAX_KEPT_MESSAGES,
    );
  });

  it('is not kept whole beyond the room that there is, until what waits is committed', async () => {
    const world = new World({ maxWaitingSampleBytes: 5 });
    void world.ingest.accept(aMessage('a', '1234'), asIntegration());
    void world.ingest.accept(aMessage('b', '1234'), asIntegration());
    await world.scheduler.turn();
    void world.ingest.accept(aMessage('c', '1234'), asIntegration());
    await world.scheduler.turn();
    expect(world.sightings.map(({ topic, recent }) => [topic, recent.length])).toEqual([
      ['a', 1],
      ['b', 0],
      ['c', 1],
    ]);
  });
});
