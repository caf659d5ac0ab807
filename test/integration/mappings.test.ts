// Topics of others: discovered, tried, adopted, mapped; over a real broker into a real database.
import {
  adoptionResultSchema,
  deviceSchema,
  discoveredTopicSchema,
  mappingSchema,
  mappingTrialsSchema,
  type AdoptionInput,
  type MappingInput,
} from '@hearth/contracts';
import { connectAsync, type MqttClient } from 'mqtt';
import { startHearth, type RunningHearth } from '../support/start-hearth.js';

const BRIDGE = { username: 'bridge', password: 'secret of the bridge' };

describe('topics of others', () => {
  let hearth: RunningHearth;
  let bridge: MqttClient;
  beforeAll(async () => {
    hearth = await startHearth();
    const answer = await hearth.owner.post('/api/integrations', {
      name: 'Bridge',
      ...BRIDGE,
      topicFilters: ['home/#', 'sensor/#', 'house/#'],
    });
    expect(answer.status).toBe(201);
    bridge = await connect();
  });
  afterAll(async () => {
    await bridge?.endAsync(true);
    await hearth?.close();
  });

  const connect = () =>
    connectAsync(`mqtt://127.0.0.1:${hearth.app.mqttPort}`, {
      ...BRIDGE,
      clientId: 'bridge',
      reconnectPeriod: 0,
      protocolVersion: 5,
    });
  const publish = (topic: string, payload: string | Buffer) =>
    bridge.publishAsync(topic, payload, { qos: 1 });
  const discovered = async () =>
    discoveredTopicSchema
      .array()
      .parse(((await hearth.owner.get('/api/discovered')).json() as { items: unknown }).items);
  const findTopic = async (topic: string) =>
    (await discovered()).find((one) => one.topic === topic);
  const register = async (id: string) => {
    const answer = await hearth.owner.post('/api/devices', { name: id, kind: 'sensor', id });
    expect(answer.status).toBe(201);
  };
  const aMapping = (more: Partial<MappingInput>): MappingInput => ({
    filter: 'home/{room}/{metric}',
    device: '{room}',
    metrics: [{ metric: '{metric}' }],
    ...more,
  });
  const createMapping = async (more: Partial<MappingInput>) => {
    const answer = await hearth.owner.post('/api/mappings', aMapping(more));
    expect(answer.status).toBe(201);
    return mappingSchema.parse(answer.json());
  };
  /** `[metric, value]` of all that is stored of a device, by time. */
  const rowsOf = async (deviceId: string) => {
    const { rows } = await hearth.database.pool.query<{ metric: string; value: number; ts: Date }>(
      `select metric, value, ts from reading join series on series.id = series_id
       where device_id = $1 order by ts, metric`,
      [deviceId],
    );
    return rows;
  };
  const lettersOf = async (topic: string) => {
    const { rows } = await hearth.database.pool.query<{ code: string; detail: string }>(
      'select code, detail, device_id as "deviceId" from dead_letter where topic = $1 order by id',
      [topic],
    );
    return rows;
  };
  const adopt = (adoption: AdoptionInput, client = hearth.owner) =>
    client.post('/api/discovered/adopt', adoption);

  it('shows a topic that nobody claims with what it may be', async () => {
    await publish('home/living_room/temperature', '21.5');
    await publish(
      'house/plug',
      '{"ENERGY":{"Power":12,"Total":3.5},"Time":"2025-06-01T12:00:00Z"}',
    );
    await publish('house/camera', Buffer.from([0xff, 0xd8, 0xff]));
    expect(await findTopic('home/living_room/temperature')).toMatchObject({
      messages: 1,
      kept: 1,
      perMinute: null,
      deviceName: 'Living room',
      guess: {
        kind: 'number',
        fields: [{ path: '', metric: 'temperature', unit: '°C', likely: true }],
      },
    });
    expect(await findTopic('house/plug')).toMatchObject({
      guess: {
        kind: 'object',
        tsPath: 'Time',
        fields: [
          { path: 'ENERGY.Power', metric: 'power', unit: 'W' },
          { path: 'ENERGY.Total', metric: 'Total' },
        ],
      },
    });
    expect(await findTopic('house/camera')).toMatchObject({ guess: { kind: 'binary' } });
  });

  it('is adopted by one call: a device, a mapping, and readings of what came before', async () => {
    const topic = 'home/attic/climate';
    const sentFrom = Date.now();
    for (const temperature of [70, 71, 72]) {
      await publish(topic, JSON.stringify({ tF: temperature, RH: 40 }));
    }
    const sentUntil = Date.now();
    const adoption: AdoptionInput = {
      device: { name: 'Attic' },
      topics: [
        {
          topic,
          metrics: [
            { metric: 'temperature', path: 'tF', unit: '°F' },
            { metric: 'humidity', path: 'RH' },
          ],
        },
      ],
    };
    const answer = await adopt(adoption);
    expect(answer.status).toBe(200);
    const { deviceId, adopted, refused, mappings } = adoptionResultSchema.parse(answer.json());
    expect({ adopted, refused }).toEqual({ adopted: 3, refused: 0 });
    expect(mappings).toMatchObject([{ filter: topic, device: deviceId, enabled: true }]);
    expect(await findTopic(topic)).toBeUndefined();
    const before = await rowsOf(deviceId);
    expect(
      before.filter(({ metric }) => metric === 'temperature').map(({ value }) => value),
    ).toEqual([expect.closeTo(21.11, 2), expect.closeTo(21.67, 2), expect.closeTo(22.22, 2)]);
    // At the times at which they arrived; a time of its own for each may be a millisecond later.
    for (const { ts } of before) {
      expect(ts.getTime()).toBeGreaterThanOrEqual(sentFrom);
      expect(ts.getTime()).toBeLessThanOrEqual(sentUntil + 5);
    }

    await publish(topic, '{"tF":212,"RH":50}');
    const device = deviceSchema.parse((await hearth.owner.get(`/api/devices/${deviceId}`)).json());
    expect(device).toMatchObject({
      name: 'Attic',
      kind: 'sensor',
      presence: { state: 'online', cause: 'reported' },
    });
    expect(device.series.map(({ metric, unit, latest }) => [metric, unit, latest?.value])).toEqual(
      expect.arrayContaining([
        ['temperature', '°C', 100],
        ['humidity', '%', 50],
      ]),
    );
    const again = await adopt(adoption);
    expect(adoptionResultSchema.parse(again.json())).toMatchObject({ deviceId, adopted: 0 });
    expect(await rowsOf(deviceId)).toHaveLength(before.length + 2);
    const audit = await hearth.database.prisma.auditEntry.findMany({
      where: { action: 'topics.adopted', subject: deviceId },
    });
    expect(audit).toMatchObject([{ actor: 'ada@example.org' }, {}]);
  });

  it('ends an adoption that was interrupted before its end, without doubling a reading', async () => {
    const topic = 'home/loft/power';
    for (const value of [1, 2, 3]) await publish(topic, String(value));
    const { pool } = hearth.database;
    const tables = ['discovered_topic', 'discovered_message'];
    for (const table of tables) {
      await pool.query(
        `create table kept_${table} as select * from ${table} where topic = '${topic}'`,
      );
    }
    const adoption: AdoptionInput = {
      device: { name: 'Loft' },
      topics: [{ topic, metrics: [{ metric: 'power' }] }],
    };
    const { deviceId } = adoptionResultSchema.parse((await adopt(adoption)).json());
    const stored = await rowsOf(deviceId);
    expect(stored.map(({ value }) => value)).toEqual([1, 2, 3]);
    // As if it had ended before the discovered topic was taken off.
    for (const table of tables) {
      await pool.query(`insert into ${table} select * from kept_${table}`);
      await pool.query(`drop table kept_${table}`);
    }
    const again = adoptionResultSchema.parse((await adopt(adoption)).json());
    expect(again).toMatchObject({ deviceId, refused: 0 });
    expect(await rowsOf(deviceId)).toEqual(stored);
    expect(await findTopic(topic)).toBeUndefined();
  });

  it('keeps as dead letters what an adopted topic said that is no reading', async () => {
    await register('shed');
    await publish('house/shed', 'starting');
    await publish('house/shed', '19.5');
    const answer = await adopt({
      device: { id: 'shed' },
      topics: [{ topic: 'house/shed', metrics: [{ metric: 'temperature' }] }],
    });
    expect(adoptionResultSchema.parse(answer.json())).toMatchObject({ adopted: 1, refused: 1 });
    expect(await rowsOf('shed')).toMatchObject([{ metric: 'temperature', value: 19.5 }]);
    expect(await lettersOf('house/shed')).toEqual([
      {
        code: 'wrong-type',
        deviceId: 'shed',
        detail: expect.stringContaining('by mapping "house/shed": '),
      },
    ]);
  });

  it('refuses to adopt what is not there, and makes nothing', async () => {
    const metrics = [{ metric: 'temperature' }];
    const devices = await hearth.database.prisma.device.count();
    const unknown = await adopt({
      device: { name: 'X' },
      topics: [{ topic: 'home/nothing', metrics }],
    });
    expect([unknown.status, unknown.problem().code]).toEqual([404, 'discovered-topic-not-found']);
    await publish('home/bare', '1');
    const noDevice = await adopt({
      device: { id: 'nobody' as never },
      topics: [{ topic: 'home/bare', metrics }],
    });
    expect([noDevice.status, noDevice.problem().code]).toEqual([404, 'device-not-found']);
    const viewer = await hearth.signInAs('viewer');
    expect(
      (await adopt({ device: { name: 'X' }, topics: [{ topic: 'home/bare', metrics }] }, viewer))
        .status,
    ).toBe(403);
    expect(await hearth.database.prisma.device.count()).toBe(devices);
    expect(await findTopic('home/bare')).toBeDefined();
  });

  it('maps by levels, the most specific first, and follows every change at once', async () => {
    await register('bath');
    const wide = await createMapping({});
    await createMapping({
      filter: 'home/bath/raw',
      device: 'bath',
      metrics: [{ metric: 'humidity', scale: 0.1 }],
    });
    await publish('home/bath/temperature', '23.5');
    await publish('home/bath/raw', '405');
    expect((await rowsOf('bath')).map(({ metric, value }) => [metric, value])).toEqual([
      ['temperature', 23.5],
      ['humidity', 40.5],
    ]);
    await hearth.owner.patch(`/api/mappings/${wide.id}`, { enabled: false });
    await publish('home/bath/co2', '700');
    expect(await findTopic('home/bath/co2')).toMatchObject({ messages: 1 });
    const changed = await hearth.owner.patch(`/api/mappings/${wide.id}`, { enabled: true });
    expect(mappingSchema.parse(changed.json())).toMatchObject({ enabled: true, device: '{room}' });
    await publish('home/bath/co2', '701');
    expect(await rowsOf('bath')).toHaveLength(3);
    expect((await hearth.owner.delete(`/api/mappings/${wide.id}`)).status).toBe(204);
    expect((await hearth.owner.delete(`/api/mappings/${wide.id}`)).status).toBe(404);
    await publish('home/bath/power', '5');
    expect(await findTopic('home/bath/power')).toBeDefined();
  });

  it('refuses a device that is not there, unless the mapping makes it; then a replay does too', async () => {
    const filter = 'sensor/{building}/{room}/{metric}';
    const mapping = await createMapping({ filter, device: '{building}-{room}' });
    const topic = 'sensor/Building 1/room101/temperature';
    await publish(topic, '23.5');
    expect(await lettersOf(topic)).toEqual([
      {
        code: 'unknown-device',
        deviceId: null,
        detail: `by mapping "${filter}": no device "building-1-room101" is registered`,
      },
    ]);
    await hearth.owner.patch(`/api/mappings/${mapping.id}`, { createKind: 'climate-node' });
    const replayed = await hearth.owner.post('/api/dead-letters/replay', { filter: {} });
    expect(replayed.json()).toMatchObject({ replayed: 1 });
    await Promise.all([
      publish('sensor/b/r/temperature', '20'),
      publish('sensor/b/r/temperature', '21'),
    ]);
    for (const [id, values, name] of [
      ['building-1-room101', [23.5], 'Building 1 room101'],
      ['b-r', [20, 21], 'B r'],
    ] as const) {
      const rows = await rowsOf(id);
      expect(rows.map(({ value }) => value)).toEqual(values);
      for (const { ts } of rows) expect(Math.abs(Date.now() - ts.getTime())).toBeLessThan(60_000);
      const device = deviceSchema.parse((await hearth.owner.get(`/api/devices/${id}`)).json());
      expect(device).toMatchObject({ name, kind: 'climate-node' });
    }
    await publish('sensor/__proto__/ /temperature', '1');
    expect(await lettersOf('sensor/__proto__/ /temperature')).toMatchObject([
      { code: 'bad-device-id' },
    ]);
  });

  it('tries a mapping that is not saved on the last messages, and on given ones', async () => {
    await publish('house/try/1', '{"t":"21"}');
    await publish('house/try/2', '{"t":null}');
    const answer = await hearth.owner.post('/api/mappings/test', {
      mapping: aMapping({
        filter: 'house/try/{n}',
        device: 'try-{n}',
        createKind: 'sensor',
        metrics: [{ metric: 'temperature', path: 't', offset: 1 }],
      }),
      messages: [{ topic: 'house/other', payload: '1' }],
    });
    const trials = mappingTrialsSchema.parse(answer.json()).items;
    expect(trials).toMatchObject([
      { source: 'given', topic: 'house/other', refusal: { code: 'no-match' } },
      {
        source: 'discovered',
        topic: 'house/try/2',
        deviceId: 'try-2',
        refusal: { code: 'value-missing' },
      },
      {
        source: 'discovered',
        topic: 'house/try/1',
        deviceId: 'try-1',
        deviceExists: false,
        readings: [{ metric: 'temperature', value: 22, unit: '°C' }],
        refusal: null,
      },
    ]);
    expect(await hearth.database.prisma.device.count({ where: { id: 'try-1' } })).toBe(0);
    const mapped = await hearth.owner.post('/api/mappings/test', {
      mapping: aMapping({
        filter: 'home/bath/raw',
        device: 'bath',
        metrics: [{ metric: 'power' }],
      }),
    });
    expect(mappingTrialsSchema.parse(mapped.json()).items).toMatchObject([
      {
        source: 'recent',
        payloadText: '405',
        readings: [{ metric: 'power', value: 405, unit: 'W' }],
      },
    ]);
  });

  it.each<[object, string, number]>([
    [{ filter: 'hearth/{a}/telemetry' }, 'filter', 422],
    [{ filter: 'a/#/b' }, 'filter', 422],
    [{ filter: 'a/x{b}' }, 'filter', 422],
    [{ filter: '{a}/{a}' }, 'filter', 422],
    [{ device: '{nothing}' }, 'device', 422],
    [{ device: '../x' }, 'device', 422],
    [{ metrics: [] }, 'metrics', 422],
    [{ metrics: [{ metric: '__proto__' }] }, 'metrics.0.metric', 422],
    [{ metrics: [{ metric: 'a', scale: 0 }] }, 'metrics.0.scale', 422],
    [{ metrics: [{ metric: 'a' }, { metric: 'a', path: 'b' }] }, 'metrics.1.metric', 422],
  ])('refuses the mapping %j and names the field', async (more, field, status) => {
    const answer = await hearth.owner.post('/api/mappings', { ...aMapping({}), ...more });
    expect(answer.status).toBe(status);
    expect(answer.problem().errors?.map((error) => error.field)).toEqual([field]);
  });

  it('has one mapping for the same topics', async () => {
    const metrics = [{ metric: 'power' }];
    const { id } = await createMapping({ filter: 'one/{a}', device: '{a}', metrics });
    const other = await createMapping({ filter: 'two/{a}', device: '{a}', metrics });
    const twice = await hearth.owner.post(
      '/api/mappings',
      aMapping({ filter: 'one/{b}', device: '{b}', metrics }),
    );
    expect([twice.status, twice.problem().code]).toEqual([409, 'mapping-exists']);
    const moved = await hearth.owner.patch(`/api/mappings/${other.id}`, { filter: 'one/{a}' });
    expect([moved.status, moved.problem().code]).toEqual([409, 'mapping-exists']);
    const wrong = await hearth.owner.patch(`/api/mappings/${id}`, { filter: 'one/x' });
    expect(wrong.problem().errors?.map(({ field }) => field)).toEqual(['device']);
    const viewer = await hearth.signInAs('viewer');
    expect((await viewer.get('/api/mappings')).status).toBe(200);
    expect((await viewer.post('/api/mappings', aMapping({}))).status).toBe(403);
  });

  it('keeps mappings, and messages of discovered topics, through a restart', async () => {
    await publish('home/kept', '1');
    await bridge.endAsync(true);
    await hearth.restart();
    bridge = await connect();
    await publish('home/bath/raw', '500');
    expect((await rowsOf('bath')).at(-1)).toMatchObject({ metric: 'humidity', value: 50 });
    await register('kept');
    const answer = await adopt({
      device: { id: 'kept' as never },
      topics: [{ topic: 'home/kept', metrics: [{ metric: 'power' }] }],
    });
    expect(adoptionResultSchema.parse(answer.json())).toMatchObject({ adopted: 1 });
    expect(await rowsOf('kept')).toMatchObject([{ value: 1 }]);
  });
});
