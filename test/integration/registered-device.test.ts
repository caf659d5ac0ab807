import { deviceSchema, deviceWithSecretSchema, type Device } from '@hearth/contracts';
import mqtt, { type MqttClient } from 'mqtt';
import { eventually } from '../support/eventually.js';
import { startHearth, type RunningHearth } from '../support/start-hearth.js';

describe('a registered device', () => {
  let hearth: RunningHearth;
  const clients: MqttClient[] = [];
  beforeAll(async () => {
    hearth = await startHearth();
  });
  afterAll(async () => {
    for (const client of clients) client.end(true);
    await hearth.close();
  });

  const register = async (body: object) => {
    const answer = await hearth.owner.post('/api/devices', { kind: 'sensor', ...body });
    return deviceWithSecretSchema.parse(answer.json());
  };
  const deviceOf = async (id: string): Promise<Device> =>
    deviceSchema.parse((await hearth.owner.get(`/api/devices/${id}`)).json());
  const closeOf = (client: MqttClient) =>
    new Promise<void>((resolve) => client.once('close', () => resolve()));
  const connect = async (username: string, password: string) => {
    const client = mqtt.connect({
      port: hearth.app.mqttPort,
      username,
      password,
      protocolVersion: 5,
      reconnectPeriod: 0,
    });
    clients.push(client);
    const outcome = await new Promise<string>((resolve) => {
      client.once('connect', () => resolve('connected'));
      client.once('error', (error) => resolve(`refused ${'code' in error ? error.code : error}`));
    });
    return { client, outcome };
  };

  it('connects with its secret, and its page tells what it sent', async () => {
    const { device, credentials } = await register({ name: 'Cellar' });
    const { client, outcome } = await connect(credentials.username, credentials.secret);
    expect(outcome).toBe('connected');
    const info = { model: 'Pico W', firmware: '1.2', interval: 30 };
    await client.publishAsync(`hearth/${device.id}/info`, JSON.stringify(info), { qos: 1 });
    await client.publishAsync(`hearth/${device.id}/telemetry`, '{"temperature":21.5}', { qos: 1 });
    const { series } = await deviceOf(device.id);
    expect(series).toMatchObject([{ metric: 'temperature', latest: { value: 21.5 } }]);
    await eventually('the info is kept', async () => (await deviceOf(device.id)).model !== null);
    expect(await deviceOf(device.id)).toMatchObject({
      model: 'Pico W',
      firmware: '1.2',
      intervalSeconds: 30,
      presence: { state: 'online' },
    });
    await hearth.restart();
    expect(await deviceOf(device.id)).toMatchObject({ model: 'Pico W', series });
  });

  it('is out at once when its secret is rotated, and back in with the new one', async () => {
    const { device, credentials } = await register({ name: 'Hall' });
    const { client } = await connect(device.id, credentials.secret);
    const closed = closeOf(client);
    const answer = await hearth.owner.post(`/api/devices/${device.id}/secret`);
    const fresh = deviceWithSecretSchema.parse(answer.json()).credentials;
    await closed;
    expect((await connect(device.id, credentials.secret)).outcome).toBe('refused 134');
    expect((await connect(device.id, fresh.secret)).outcome).toBe('connected');
  });

  it('is out at once when it is removed, and its name is nobody’s', async () => {
    const { device, credentials } = await register({ name: 'Attic' });
    const { client } = await connect(device.id, credentials.secret);
    await client.publishAsync(`hearth/${device.id}/telemetry`, '{"temperature":20}', { qos: 1 });
    const closed = closeOf(client);
    expect((await hearth.owner.delete(`/api/devices/${device.id}`)).status).toBe(204);
    await closed;
    expect((await connect(device.id, credentials.secret)).outcome).toBe('refused 134');
    const again = await register({ name: 'Attic', id: device.id });
    expect(again.device.series).toEqual([]);
  });

  it('an integration uses its topics with the password that the owner chose', async () => {
    const created = await hearth.owner.post('/api/integrations', {
      name: 'Tutorial',
      username: 'sensor',
      password: 'secret',
      topicFilters: ['sensor/#'],
    });
    const { integration } = created.json() as { integration: { id: string } };
    const { client, outcome } = await connect('sensor', 'secret');
    expect(outcome).toBe('connected');
    await client.publishAsync('sensor/building1/room101/temperature', '23.5', { qos: 1 });
    const closed = closeOf(client);
    await hearth.owner.delete(`/api/integrations/${integration.id}`);
    await closed;
    expect((await connect('sensor', 'secret')).outcome).toBe('refused 134');
  });
});
