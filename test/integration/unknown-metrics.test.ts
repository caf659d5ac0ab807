// Metrics that Hearth does not know are taken as they are, and listed; so are units that it cannot convert.
import { deviceSchema, unknownMetricsSchema, type Series } from '@hearth/contracts';
import type { ConnectedClient } from '@hearth/testkit';
import { eventually } from '../support/eventually.js';
import { RegisteredDevice } from '../support/registered-device.js';
import { startHearth, type RunningHearth } from '../support/start-hearth.js';

let hearth: RunningHearth;
let device: RegisteredDevice;
let client: ConnectedClient;

beforeAll(async () => {
  hearth = await startHearth();
});
afterAll(() => hearth.close());
beforeEach(async () => {
  await hearth.database.prisma.device.deleteMany();
  device = await RegisteredDevice.register(hearth, { name: 'Porch' });
  client = await device.connectRaw();
});
afterEach(() => client.cut());

const send = (below: string, payload: object | string) =>
  client.publish({
    topic: device.topic(below),
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
    qos: 1,
  });
const listUnknown = async (who = hearth.owner) =>
  unknownMetricsSchema.parse((await who.get('/api/metrics/unknown')).json());
const setUnit = (id: number, unit: string, who = hearth.owner) =>
  who.patch(`/api/series/${id}`, { unit });
const seriesOf = async (metric: string): Promise<Series> => {
  const answer = await hearth.owner.get(`/api/devices/${device.id}`);
  const found = deviceSchema.parse(answer.json()).series.find((one) => one.metric === metric);
  if (found === undefined) throw new Error(`no series ${metric}`);
  return found;
};

describe('a metric that is not in the catalogue', () => {
  it('is stored as it is, and listed with what it may be meant for', async () => {
    const ts = Date.now();
    await send('telemetry', { temperature: 21, tempreature: 21.5, pm25: 7, mode: 'eco', ts });
    const { items, isCut, units } = await listUnknown();
    const at = (value: number | string) => [
      expect.objectContaining({ deviceId: device.id, latest: { ts, value } }),
    ];
    expect(items).toEqual([
      { metric: 'mode', suggestion: null, series: at('eco') },
      { metric: 'pm25', suggestion: null, series: at(7) },
      { metric: 'tempreature', suggestion: 'temperature', series: at(21.5) },
    ]);
    expect([isCut, units]).toEqual([false, []]);
  });

  it('is one entry however many devices send it, the one that was heard last first', async () => {
    await send('telemetry/soil', { value: 40, unit: '%', ts: Date.now() - 60_000 });
    const other = await RegisteredDevice.register(hearth, { name: 'Bed' });
    const bed = await other.connectRaw();
    await bed.publish({ topic: other.topic('telemetry/soil'), payload: '41', qos: 1 });
    bed.cut();
    const { items } = await listUnknown();
    expect(items).toMatchObject([
      {
        metric: 'soil',
        series: [
          { deviceId: other.id, unit: '' },
          { deviceId: device.id, unit: '%' },
        ],
      },
    ]);
  });

  it('is given its unit by a person, once, and a message in another is converted to it', async () => {
    await send('telemetry/flow_temperature', '50');
    const { id } = await seriesOf('flow_temperature');
    expect((await setUnit(id, ' °C ')).status).toBe(204);
    expect(await seriesOf('flow_temperature')).toMatchObject({ unit: '°C', latest: { value: 50 } });
    await send('telemetry/flow_temperature', { value: 212, unit: '°F' });
    expect((await seriesOf('flow_temperature')).latest?.value).toBeCloseTo(100);
    const again = await setUnit(id, 'K');
    expect(again.status).toBe(409);
    expect(again.json()).toMatchObject({ code: 'unit-is-said' });
    client.cut();
    await hearth.restart();
    expect((await seriesOf('flow_temperature')).unit).toBe('°C');
    const audit = await hearth.database.prisma.auditEntry.findFirst({
      where: { action: 'series.unit-set' },
    });
    expect(audit).toMatchObject({ subject: device.id, detail: { unit: '°C' } });
  });

  it.each([
    ['a known metric', 'temperature', '21', '°F'],
    ['a text', 'mode', '"eco"', '%'],
  ])(
    'is not the only thing without a unit, but %s is given none',
    async (_, metric, value, unit) => {
      await send(`telemetry/${metric}`, value);
      const answer = await setUnit((await seriesOf(metric)).id, unit);
      expect([answer.status, answer.json()]).toMatchObject([422, { code: 'has-no-unit' }]);
    },
  );

  it.each(['', ' ', 'x'.repeat(17), 'a\u0000', 'a\nb', '\ud800'])(
    'is not given the unit %j',
    async (unit) => {
      await send('telemetry/flow', '1');
      expect((await setUnit((await seriesOf('flow')).id, unit)).status).toBe(422);
    },
  );
});

describe('a unit that a device declares and nobody can convert', () => {
  it('is listed with what the values count as, until it is put right', async () => {
    await send('info', { metrics: [{ name: 'temperature', unit: 'degrees' }] });
    await eventually('its info is stored', async () => (await listUnknown()).units.length > 0);
    await send('telemetry', { temperature: 21 });
    expect(await listUnknown()).toMatchObject({
      items: [],
      units: [{ deviceId: device.id, metric: 'temperature', declared: 'degrees', kept: '°C' }],
    });
    await send('info', { metrics: [{ name: 'temperature', unit: '°F' }] });
    await eventually('it is right', async () => (await listUnknown()).units.length === 0);
  });
});

describe('what is unknown', () => {
  it('is nobody’s who is not signed in; a viewer reads, and changes nothing', async () => {
    await send('telemetry/flow', '1');
    const { id } = await seriesOf('flow');
    expect((await hearth.anonymous().get('/api/metrics/unknown')).status).toBe(401);
    const viewer = await hearth.signInAs('viewer');
    expect((await listUnknown(viewer)).items).toHaveLength(1);
    expect((await setUnit(id, 'l', viewer)).status).toBe(403);
    expect((await setUnit(id, 'l', await hearth.signInAs('member'))).status).toBe(204);
  });

  it('in another home is not there', async () => {
    await send('telemetry/flow', '1');
    await send('info', { metrics: [{ name: 'temperature', unit: 'degrees' }] });
    const { id } = await seriesOf('flow');
    const other = await hearth.database.prisma.home.create({
      data: { name: 'Other', timeZone: 'UTC' },
    });
    const neighbour = await hearth.signInAs('owner');
    await hearth.database.prisma.membership.updateMany({
      where: { user: { email: { startsWith: 'owner-' } } },
      data: { homeId: other.id },
    });
    expect(await listUnknown(neighbour)).toEqual({ items: [], isCut: false, units: [] });
    expect((await setUnit(id, 'l', neighbour)).status).toBe(404);
  });
});
