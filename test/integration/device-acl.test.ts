// A device sees only itself, and credentials that count no more stop counting at once.
import { brokerStatsSchema, integrationWithPasswordSchema } from '@hearth/contracts';
import { closeRawClients, connect, connectRaw, openRaw, type ConnectFields } from '@hearth/testkit';
import { connectAsync } from 'mqtt';
import { WebSocket } from 'ws';
import { RegisteredDevice } from '../support/registered-device.js';
import { startHearth, type RunningHearth } from '../support/start-hearth.js';

const BAD_CREDENTIALS = 0x86;
const NOT_AUTHORIZED = 0x87;
const RATE_EXCEEDED = 0x9f;

describe('the rights of devices and integrations', () => {
  let hearth: RunningHearth;
  beforeAll(async () => {
    hearth = await startHearth();
  });
  afterAll(async () => {
    await hearth.close();
  });
  afterEach(() => {
    expect(closeRawClients()).toEqual([]);
  });

  const stats = async () =>
    brokerStatsSchema.parse((await hearth.owner.get('/api/broker/stats')).json());

  /** The reason code of the CONNACK, and how long it took. */
  const tryConnect = async (fields: ConnectFields) => {
    const client = await openRaw(hearth.app.mqttPort);
    const startMs = performance.now();
    client.send(connect(fields));
    const { reasonCode } = await client.expect('connack');
    const tookMs = performance.now() - startMs;
    if (reasonCode !== 0) await client.expectClosed();
    else client.cut();
    return { reasonCode, tookMs };
  };

  it("refuses another device's topics, counts it and shows it", async () => {
    const [mine, other] = [
      await RegisteredDevice.register(hearth),
      await RegisteredDevice.register(hearth),
    ];
    const before = await stats();
    const victim = await other.connectRaw();
    await victim.subscribe('hearth/+/telemetry'.replace('+', other.id));
    const client = await mine.connectRaw({
      will: { topic: other.topic('status'), payload: 'offline' },
    });
    const packetId = client.sendPublish({
      topic: other.topic('telemetry'),
      payload: '{"temperature":99}',
      qos: 1,
    });
    await client.expect('puback', { messageId: packetId, reasonCode: NOT_AUTHORIZED });
    const { granted } = await client.subscribe([
      other.topic('#'),
      'hearth/+/telemetry',
      'hearth/#',
      '#',
      `$share/spies/${other.topic('telemetry')}`,
      mine.topic('command/+'),
      `$share/mine/${mine.topic('command/+')}`,
    ]);
    expect(granted).toEqual([...Array.from({ length: 5 }, () => NOT_AUTHORIZED), 0, 0]);
    await victim.expectNothing();
    const after = await stats();
    expect(after.denied - before.denied).toBe(7);
    const refusals = (await hearth.owner.get('/api/broker/refusals')).json();
    expect(refusals).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({
          type: 'publish',
          username: mine.id,
          topic: other.topic('telemetry'),
        }),
        expect.objectContaining({ type: 'will', topic: other.topic('status') }),
      ]),
    });
  });

  it('answers a wrong secret as it answers an unknown user, in about the same time', async () => {
    const device = await RegisteredDevice.register(hearth);
    const wrong: number[] = [];
    const unknown: number[] = [];
    for (let attempt = 0; attempt < 7; attempt++) {
      const ofDevice = await tryConnect({ username: device.id, password: `guess-${attempt}` });
      const ofNobody = await tryConnect({ username: 'nobody-here', password: `guess-${attempt}` });
      expect([ofDevice.reasonCode, ofNobody.reasonCode]).toEqual([
        BAD_CREDENTIALS,
        BAD_CREDENTIALS,
      ]);
      wrong.push(ofDevice.tookMs);
      unknown.push(ofNobody.tookMs);
    }
    // Without the same work, an unknown user is answered ten times faster.
    const ratio = median(wrong) / median(unknown);
    expect(ratio).toBeGreaterThan(1 / 3);
    expect(ratio).toBeLessThan(3);
    expect((await stats()).refused).toMatchObject({
      'bad-user-name-or-password': expect.any(Number),
    });
  });

  it('slows down a hundred guesses, and still lets a device in that proved itself before', async () => {
    const device = await RegisteredDevice.register(hearth);
    (await device.connectRaw()).cut();
    const answers = [];
    for (let attempt = 0; attempt < 100; attempt++) {
      answers.push((await tryConnect({ username: device.id, password: 'guess' })).reasonCode);
    }
    expect(answers.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => BAD_CREDENTIALS));
    expect(answers.slice(50)).toEqual(Array.from({ length: 50 }, () => RATE_EXCEEDED));
    (await device.connectRaw()).cut();
  });

  it('takes __proto__ and friends as names of nobody', async () => {
    for (const username of ['__proto__', 'constructor', 'toString', '']) {
      expect(await tryConnect({ username, password: 'x' })).toMatchObject({
        reasonCode: BAD_CREDENTIALS,
      });
    }
    const device = await RegisteredDevice.register(hearth);
    (await device.connectRaw({ clientId: '__proto__' })).cut();
  });

  it('disconnects a device whose secret is rotated, and refuses the old one', async () => {
    const device = await RegisteredDevice.register(hearth);
    const client = await device.connectRaw({
      cleanStart: false,
      properties: { sessionExpiryInterval: 3_600 },
    });
    const old = device.secret;
    await device.rotate();
    await client.expectDisconnected(NOT_AUTHORIZED);
    expect(await tryConnect({ username: device.id, password: old })).toMatchObject({
      reasonCode: BAD_CREDENTIALS,
    });
    const again = await device.connectRaw({ cleanStart: false });
    expect(again.connack.sessionPresent).toBe(false);
  });

  it('leaves nothing of a deleted device at the broker', async () => {
    const device = await RegisteredDevice.register(hearth);
    const client = await device.connectRaw({
      will: { topic: device.topic('status'), payload: 'offline', qos: 1, retain: true },
    });
    await client.publish({
      topic: device.topic('status'),
      payload: 'online',
      qos: 1,
      retain: true,
    });
    await client.publish({ topic: device.topic('info'), payload: '{}', qos: 1, retain: true });
    const retained = (await stats()).retained;
    expect((await hearth.owner.delete(`/api/devices/${device.id}`)).status).toBe(204);
    await client.expectDisconnected(NOT_AUTHORIZED);
    expect((await stats()).retained).toBe(retained - 2);
    expect(await tryConnect({ username: device.id, password: device.secret })).toMatchObject({
      reasonCode: BAD_CREDENTIALS,
    });
  });

  it('keeps an integration inside its topic filters', async () => {
    const answer = await hearth.owner.post('/api/integrations', {
      name: 'Tutorial',
      username: 'sensor',
      password: 'secret',
      topicFilters: ['sensor/#'],
    });
    const { integration } = integrationWithPasswordSchema.parse(answer.json());
    const client = await connectRaw(hearth.app.mqttPort, {
      version: 4,
      username: 'sensor',
      password: 'secret',
      will: { topic: 'devices/status', payload: 'offline', retain: true },
    });
    const suback = await client.subscribe(['home/+/temperature', 'sensor/#']);
    expect(suback.granted).toEqual([0x80, 0]);
    client.sendPublish({ topic: 'sensor/building1/room101/temperature', payload: '23.5' });
    await client.take({ topic: 'sensor/building1/room101/temperature', payload: '23.5' });
    await hearth.owner.delete(`/api/integrations/${integration.id}`);
    await client.expectDisconnected();
  });

  it('speaks MQTT over WebSocket on the port of the api, to programs and to its own pages', async () => {
    const device = await RegisteredDevice.register(hearth);
    const over = (headers: Record<string, string>) =>
      connectAsync(`ws://127.0.0.1:${hearth.app.httpPort}/mqtt`, {
        username: device.id,
        password: device.secret,
        reconnectPeriod: 0,
        wsOptions: { headers },
      });
    const ownOrigin = `http://127.0.0.1:${hearth.app.httpPort}`;
    const programAndPage: Record<string, string>[] = [{}, { origin: ownOrigin }];
    for (const headers of programAndPage) {
      const client = await over(headers);
      await client.publishAsync(device.topic('telemetry'), '{"temperature":21}', { qos: 1 });
      await client.endAsync();
    }
  });

  it('opens no MQTT over WebSocket for the page of another host', async () => {
    const url = `ws://127.0.0.1:${hearth.app.httpPort}/mqtt`;
    const socket = new WebSocket(url, 'mqtt', { origin: 'https://evil.example' });
    const status = await new Promise((resolve, reject) => {
      socket.on('open', () => reject(new Error('was opened')));
      socket.on('error', reject);
      socket.on('unexpected-response', (request, response) => {
        resolve(response.statusCode);
        request.destroy();
      });
    });
    expect(status).toBe(403);
  });
});

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
