// What people already have publishes and is commanded: mosquitto_pub and _sub, Python's paho, MQTT.js, each as a registered device.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  brokerStatsSchema,
  buildTopic,
  commandAcceptedSchema,
  deviceSchema,
  deviceWithSecretSchema,
  type Device,
} from '@hearth/contracts';
import { needsTool } from '@hearth/testkit';
import { connectAsync, type MqttClient } from 'mqtt';
import { eventually } from '../support/eventually.js';
import { startHearth, type RunningHearth } from '../support/start-hearth.js';

let hearth: RunningHearth;
beforeAll(async () => {
  hearth = await startHearth();
});
afterAll(() => hearth.close());

interface Registered {
  readonly id: string;
  readonly secret: string;
  readonly port: string;
}

async function register(name: string): Promise<Registered> {
  const answer = await hearth.owner.post('/api/devices', { name, kind: 'climate-node' });
  const { device, credentials } = deviceWithSecretSchema.parse(answer.json());
  return { id: device.id, secret: credentials.secret, port: String(hearth.app.mqttPort) };
}

async function device(id: string): Promise<Device> {
  return deviceSchema.parse((await hearth.owner.get(`/api/devices/${id}`)).json());
}

/** Sends the command and waits until the device's acknowledgement was seen. */
async function commandIsDelivered(id: string): Promise<void> {
  const sent = await hearth.owner.post(`/api/devices/${id}/commands`, {
    name: 'identify',
    args: { seconds: 3 },
  });
  expect(sent.status).toBe(202);
  const { command } = commandAcceptedSchema.parse(sent.json());
  await eventually('the command is delivered', async () => {
    const answer = await hearth.owner.get(`/api/commands/${command.id}`);
    return /"status":"delivered"/.test(answer.text);
  });
}

async function storedTemperature(id: string): Promise<unknown> {
  const latest = (await device(id)).series.find(
    (series) => series.metric === 'temperature',
  )?.latest;
  return latest?.value;
}

async function subscriptions(): Promise<number> {
  const answer = await hearth.owner.get('/api/broker/stats');
  return brokerStatsSchema.parse(answer.json()).subscriptions;
}

function nextMessage(client: MqttClient): Promise<[topic: string, payload: Buffer]> {
  return new Promise((resolve) => {
    client.once('message', (topic, payload) => resolve([topic, payload]));
  });
}

/** Text that the program printed until it matches, or an error with what it printed instead. */
function printed(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const read = (chunk: Buffer): void => {
      text += chunk.toString('utf8');
      if (pattern.test(text)) resolve(text);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${text}`)));
  });
}

const mosquittoPub = needsTool('mosquitto_pub');
const mosquittoSub = needsTool('mosquitto_sub');
const paho = needsTool('python3-paho-mqtt');

describe('a registered device', () => {
  mosquittoPub.it(
    'publishes with mosquitto_pub, which returns when the reading is stored',
    async () => {
      const { id, secret, port } = await register('Mosquitto');
      const args = ['-h', '127.0.0.1', '-p', port, '-u', id, '-P', secret, '-q', '1'];
      const topic = buildTopic('telemetry', id);
      const child = spawn(mosquittoPub.path, [...args, '-t', topic, '-m', '{"temperature":21.5}']);
      const [code] = (await once(child, 'exit')) as [number];
      expect(code).toBe(0);
      const { rows } = await hearth.database.pool.query(
        `select value from reading join series on series.id = series_id where device_id = $1`,
        [id],
      );
      expect(rows).toEqual([{ value: 21.5 }]);
    },
  );

  mosquittoSub.it('receives a command with mosquitto_sub', async () => {
    const { id, secret, port } = await register('Mosquitto sub');
    const args = ['-h', '127.0.0.1', '-p', port, '-u', id, '-P', secret, '-q', '2', '-v'];
    const before = await subscriptions();
    const child = spawn(mosquittoSub.path, [...args, '-t', buildTopic('command', id, '+')]);
    try {
      // It says so itself only when its buffer is full: its output is no terminal.
      await eventually('it has subscribed', async () => (await subscriptions()) > before);
      const received = printed(child, /"seconds":3/);
      await commandIsDelivered(id);
      expect(await received).toContain(buildTopic('command', id, 'identify'));
    } finally {
      child.kill();
      await once(child, 'exit');
    }
  });

  paho.it('publishes and receives a command with Python’s paho', async () => {
    const { id, secret, port } = await register('Paho');
    const program = `
import sys, paho.mqtt.client as mqtt
device, secret, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
client = mqtt.Client(client_id=device)
client.username_pw_set(device, secret)
client.on_connect = lambda c, u, f, rc: (print('connected', rc, flush=True), c.subscribe(f'hearth/{device}/command/+', 2))
client.on_subscribe = lambda c, u, mid, granted: (print('granted', granted[0], flush=True), c.publish(f'hearth/{device}/telemetry/temperature', '19.25', 1))
client.on_publish = lambda c, u, mid: print('acknowledged', flush=True)
client.on_message = lambda c, u, m: print('command', m.topic, m.payload.decode(), flush=True)
client.connect('127.0.0.1', port)
client.loop_forever()`;
    const child = spawn(paho.path, ['-c', program, id, secret, port]);
    try {
      await printed(child, /connected 0[^]*granted 2[^]*acknowledged/);
      expect(await storedTemperature(id)).toBe(19.25);
      const received = printed(child, /"seconds":3/);
      await commandIsDelivered(id);
      await received;
    } finally {
      child.kill();
      await once(child, 'exit');
    }
  });

  it.each([4, 5] as const)(
    'publishes and receives a command with MQTT.js, protocol %i',
    async (version) => {
      const { id, secret, port } = await register(`MQTT.js ${version}`);
      const client = await connectAsync(`mqtt://127.0.0.1:${port}`, {
        username: id,
        password: secret,
        protocolVersion: version,
      });
      try {
        await client.subscribeAsync(buildTopic('command', id, '+'), { qos: 2 });
        await client.publishAsync(buildTopic('telemetry', id), '{"temperature":18.75}', { qos: 1 });
        expect(await storedTemperature(id)).toBe(18.75);
        const message = nextMessage(client);
        await commandIsDelivered(id);
        const [topic, payload] = await message;
        expect(topic).toBe(buildTopic('command', id, 'identify'));
        expect(JSON.parse(payload.toString())).toMatchObject({ args: { seconds: 3 } });
      } finally {
        await client.endAsync();
      }
    },
  );
});

describe('the example programs of the MQTT tutorials', () => {
  let client: MqttClient;
  beforeAll(async () => {
    const registered = await hearth.owner.post('/api/integrations', {
      name: 'Tutorial',
      username: 'sensor',
      password: 'secret',
      topicFilters: ['sensor/#'],
    });
    expect(registered.status).toBe(201);
    client = await connectAsync(`mqtt://127.0.0.1:${hearth.app.mqttPort}`, {
      username: 'sensor',
      password: 'secret',
      will: { topic: 'devices/status', payload: Buffer.from('offline'), retain: true, qos: 1 },
    });
  });
  afterAll(() => client.endAsync());

  it('connect although their will is not theirs to publish, and are routed what is theirs', async () => {
    const granted = await client.subscribeAsync('sensor/#', { qos: 1 });
    expect(granted[0]?.qos).toBe(1);
    await expect(client.subscribeAsync('home/+/temperature', { qos: 1 })).rejects.toThrow(/error/i);
    const message = nextMessage(client);
    await client.publishAsync('sensor/building1/room101/temperature', '23.5', { qos: 1 });
    const [topic, payload] = await message;
    expect([topic, payload.toString()]).toEqual(['sensor/building1/room101/temperature', '23.5']);
  });

  it('find their readings under discovered', async () => {
    await client.publishAsync('sensor/building1/room101/temperature', '23.5', { qos: 1 });
    await client.publishAsync('sensor/device001/temperature', '{"value":23.5,"unit":"C"}', {
      qos: 1,
    });
    await eventually('both topics are discovered', async () => {
      const { text } = await hearth.owner.get('/api/discovered');
      return text.includes('sensor/building1/room101/temperature') && text.includes('device001');
    });
    const discovered = (await hearth.owner.get('/api/discovered')).json();
    expect(discovered).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({
          topic: 'sensor/building1/room101/temperature',
          sampleText: '23.5',
          guess: expect.objectContaining({ kind: 'number', value: 23.5 }),
        }),
      ]),
    });
  });

  it('leave no will where they may not publish', async () => {
    const observer = await connectAsync(`mqtt://127.0.0.1:${hearth.app.mqttPort}`, {
      username: 'sensor',
      password: 'secret',
    });
    const before = await deniedCount();
    const victim = await connectAsync(`mqtt://127.0.0.1:${hearth.app.mqttPort}`, {
      username: 'sensor',
      password: 'secret',
      reconnectPeriod: 0,
      will: { topic: 'devices/status', payload: Buffer.from('offline'), retain: true, qos: 1 },
    });
    victim.stream.destroy();
    await eventually('the refusal is counted', async () => (await deniedCount()) > before);
    await observer.endAsync();
  });

  async function deniedCount(): Promise<number> {
    return brokerStatsSchema.parse((await hearth.owner.get('/api/broker/stats')).json()).denied;
  }
});
