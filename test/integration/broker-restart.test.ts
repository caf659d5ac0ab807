// What the broker promised outlives the api: sessions with what waits for them, retained messages, commands on their way.
import { commandAcceptedSchema, commandSchema, deviceSchema } from '@hearth/contracts';
import {
  acknowledgement,
  closeRawClients,
  type ConnectedClient,
  type ConnectOptions,
} from '@hearth/testkit';
import { openDatabaseLink, type DatabaseLink } from '../support/database-link.js';
import { eventually } from '../support/eventually.js';
import { LiveListener } from '../support/live-listener.js';
import { RegisteredDevice } from '../support/registered-device.js';
import { startHearth, type RunningHearth } from '../support/start-hearth.js';

const SERVER_SHUTTING_DOWN = 0x8b;
const PERSISTENT: ConnectOptions = {
  cleanStart: false,
  properties: { sessionExpiryInterval: 3_600 },
};

let hearth: RunningHearth;
let link: DatabaseLink;
let device: RegisteredDevice;

beforeAll(async () => {
  hearth = await startHearth({
    linkDatabase: async (url) => {
      link = await openDatabaseLink(url);
      return link.url;
    },
  });
});
afterAll(async () => {
  await hearth.close();
  await link.close();
});
beforeEach(async () => {
  device = await RegisteredDevice.register(hearth);
});
afterEach(() => void closeRawClients());

const another = (): Promise<ConnectedClient> => device.connectRaw({ clientId: 'another' });

/** How many rows of this device the broker keeps. */
async function kept(): Promise<object> {
  const { rows } = await hearth.database.pool.query<object>(
    `select
       (select count(*)::int from broker_session where principal_id = $1) as sessions,
       (select count(*)::int from broker_subscription where principal_id = $1) as subscriptions,
       (select count(*)::int from broker_delivery where principal_id = $1) as deliveries,
       (select count(*)::int from broker_retained where topic like 'hearth/' || $1 || '/%') as retained`,
    [device.id],
  );
  return rows[0] ?? {};
}

async function fallAsleep(filter = 'command/#'): Promise<void> {
  const client = await device.connectRaw(PERSISTENT);
  await client.subscribe({ filter: device.topic(filter), qos: 2 });
  await client.disconnect();
}

describe('after a restart', () => {
  it('a session is present with its subscriptions and what waited for it, in order', async () => {
    await fallAsleep('note');
    const publisher = await another();
    const properties = {
      userProperties: [
        ['a', '1'],
        ['a', '2'],
      ],
      correlationData: Buffer.of(0, 255),
    };
    for (const [payload, qos] of [
      ['one', 1],
      ['two', 2],
    ] as const) {
      await publisher.publish({ topic: device.topic('note'), payload, qos, properties } as never);
    }
    await hearth.restart();
    const client = await device.connectRaw(PERSISTENT);
    expect(client.connack.sessionPresent).toBe(true);
    const one = await client.take({ payload: 'one', qos: 1 });
    expect(one.properties).toMatchObject({ correlationData: Buffer.of(0, 255) });
    await client.take({ payload: 'two', qos: 2 });
    await (await another()).publish({ topic: device.topic('note'), payload: 'three', qos: 1 });
    await client.take({ payload: 'three' });
    await client.disconnect();
    expect(await kept()).toMatchObject({ sessions: 1, subscriptions: 1, deliveries: 0 });
  });

  it('retained messages are there, those that were removed are not', async () => {
    const publisher = await another();
    await publisher.publish({ topic: device.topic('info'), payload: '{}', qos: 1, retain: true });
    await publisher.publish({ topic: device.topic('gone'), payload: 'x', qos: 1, retain: true });
    await publisher.publish({ topic: device.topic('gone'), payload: '', qos: 1, retain: true });
    await hearth.restart();
    const client = await device.connectRaw();
    await client.subscribe({ filter: device.topic('#'), qos: 1 });
    await client.take({ topic: device.topic('info'), payload: '{}', retain: true });
    await client.expectNothing();
  });

  it('a QoS 2 reading that comes again is known, and stored once', async () => {
    const client = await device.connectRaw(PERSISTENT);
    const reading = { topic: device.topic('telemetry'), payload: '{"temperature":21}', qos: 2 };
    client.sendPublish({ ...reading, packetId: 9 });
    await client.expect('pubrec', { messageId: 9 });
    client.cut();
    await hearth.restart();
    const back = await device.connectRaw(PERSISTENT);
    back.sendPublish({ ...reading, packetId: 9, dup: true });
    await back.expect('pubrec', { messageId: 9 });
    back.send(acknowledgement('pubrel', 9));
    await back.expect('pubcomp', { messageId: 9 });
    const { rows } = await hearth.database.pool.query(
      'select value from reading join series on series.id = series_id where device_id = $1',
      [device.id],
    );
    expect(rows).toEqual([{ value: 21 }]);
  });
});

describe('a removed device', () => {
  it('leaves nothing behind, asleep or not', async () => {
    await fallAsleep();
    const publisher = await another();
    await publisher.publish({ topic: device.topic('info'), payload: '{}', qos: 1, retain: true });
    await publisher.publish({ topic: device.topic('command/x'), payload: 'x', qos: 1 });
    expect(await kept()).toEqual({ sessions: 1, subscriptions: 1, deliveries: 1, retained: 1 });
    expect((await hearth.owner.delete(`/api/devices/${device.id}`)).status).toBe(204);
    const nothing = { sessions: 0, subscriptions: 0, deliveries: 0, retained: 0 };
    await eventually('its state is removed', async () => {
      return JSON.stringify(await kept()) === JSON.stringify(nothing);
    });
    await hearth.restart();
    expect(await kept()).toEqual(nothing);
  });

  it('is none whose secret is rotated, but its old sessions end, also the sleeping ones', async () => {
    await fallAsleep();
    await device.rotate();
    await eventually('the session is removed', async () => {
      return JSON.stringify(await kept()).startsWith('{"sessions":0,"subscriptions":0');
    });
    await hearth.restart();
    const client = await device.connectRaw(PERSISTENT);
    expect(client.connack.sessionPresent).toBe(false);
  });
});

describe('while Postgres is away', () => {
  afterEach(() => link.mend());

  it('a message that was queued for a sleeper is acknowledged when the queue is stored, not before', async () => {
    await fallAsleep('note');
    const publisher = await another();
    await link.cut();
    const note = { topic: device.topic('note'), payload: 'kept', qos: 1 };
    const messageId = publisher.sendPublish(note);
    await publisher.expectNothing();
    expect(await kept()).toMatchObject({ deliveries: 0 });
    await link.mend();
    await publisher.expect('puback', { messageId });
    expect(await kept()).toMatchObject({ deliveries: 1 });
    await hearth.restart();
    const client = await device.connectRaw(PERSISTENT);
    await client.take({ payload: 'kept' });
  });

  it('a stop ends all the same, and acknowledges nothing', async () => {
    await fallAsleep('note');
    const publisher = await another();
    await link.cut();
    publisher.sendPublish({ topic: device.topic('note'), payload: 'lost', qos: 1 });
    await publisher.expectNothing();
    await hearth.restart(() => link.mend());
    await publisher.expectDisconnected(SERVER_SHUTTING_DOWN);
    const client = await device.connectRaw(PERSISTENT);
    expect(client.connack.sessionPresent).toBe(true);
    await client.expectNothing();
  });

  it('what leaves nothing to be kept goes on as ever', async () => {
    const [publisher, subscriber] = [await another(), await device.connectRaw()];
    await subscriber.subscribe({ filter: device.topic('status'), qos: 1 });
    await link.cut();
    await publisher.publish({ topic: device.topic('status'), payload: 'online', qos: 1 });
    await subscriber.expect('publish', { payload: 'online' });
  });
});

describe('a command that waits for a sleeping device', () => {
  const send = async (): Promise<string> => {
    const answer = await hearth.owner.post(`/api/devices/${device.id}/commands`, {
      name: 'identify',
      timeoutSeconds: 60,
    });
    const { command } = commandAcceptedSchema.parse(answer.json());
    expect(command.status).toBe('queued');
    return command.id;
  };
  const statusOf = async (id: string): Promise<string> =>
    commandSchema.parse((await hearth.owner.get(`/api/commands/${id}`)).json()).status;

  it.each([
    ['does not subscribe again', false],
    ['subscribes again', true],
  ])('reaches it once after a restart, and is seen to, when it %s', async (_, subscribes) => {
    await fallAsleep();
    const id = await send();
    await hearth.restart();
    const client = await device.connectRaw(PERSISTENT);
    const command = await client.take({ topic: device.topic('command/identify'), qos: 2 });
    expect(JSON.parse(String(command.payload))).toMatchObject({ id });
    await eventually('it is delivered', async () => (await statusOf(id)) === 'delivered');
    if (subscribes) await client.subscribe({ filter: device.topic('command/#'), qos: 2 });
    await client.expectNothing();
    const payload = JSON.stringify({ id, status: 'applied' });
    await client.publish({ topic: device.topic('response'), payload, qos: 1 });
    expect(await statusOf(id)).toBe('applied');
  });

  it('is not doubled by a device that subscribes before it takes anything', async () => {
    await fallAsleep();
    const id = await send();
    await hearth.restart();
    const client = await device.connectRaw(PERSISTENT);
    const received = await client.expect('publish', { qos: 2 });
    await client.subscribe({ filter: device.topic('command/+'), qos: 2 });
    await client.expectNothing();
    await client.acknowledge(received);
    await eventually('it is delivered', async () => (await statusOf(id)) === 'delivered');
  });

  it('is brought to a resumed session that has lost it', async () => {
    await fallAsleep();
    const id = await send();
    await hearth.restart(async () => {
      // As a server leaves it that was killed between the row of the command and the commit of its queue.
      await hearth.database.pool.query('delete from broker_delivery where principal_id = $1', [
        device.id,
      ]);
    });
    const client = await device.connectRaw(PERSISTENT);
    await client.take({ topic: device.topic('command/identify') });
    await eventually('it is delivered', async () => (await statusOf(id)) === 'delivered');
  });

  it('cannot be answered for by another device that writes its id into a message of its own', async () => {
    await fallAsleep();
    const id = await send();
    const other = await RegisteredDevice.register(hearth);
    const liar = await other.connectRaw(PERSISTENT);
    await liar.subscribe({ filter: other.topic('command/#'), qos: 1 });
    await liar.disconnect();
    const writer = await other.connectRaw({ clientId: 'writer' });
    await writer.publish({
      topic: other.topic('command/identify'),
      payload: '{}',
      qos: 1,
      properties: { correlationData: Buffer.from(id) },
    });
    await hearth.restart();
    const back = await other.connectRaw(PERSISTENT);
    await back.take({ topic: other.topic('command/identify') });
    await back.disconnect();
    expect(await statusOf(id)).toBe('queued');
  });
});

describe('the will of a device whose server was killed', () => {
  it('is published, and its presence stays unknown until it shows itself', async () => {
    const live = await LiveListener.open(hearth.app.httpPort, { cookie: hearth.owner.cookie });
    const client = await device.connectRaw(PERSISTENT);
    await live.find('presence', ({ data }) => data.deviceId === device.id);
    await live.close();
    await client.disconnect();
    await hearth.restart(async () => {
      // As a killed server leaves it: connected, with its will.
      await hearth.database.pool.query(
        `update broker_session set disconnected_at = null, will_topic = $2, will_payload = 'offline',
           will_qos = 1, will_retain = true, will_delay_seconds = 0 where principal_id = $1`,
        [device.id, device.topic('status')],
      );
      await hearth.database.pool.query(
        `delete from presence_change where device_id = $1 and state <> 'online'`,
        [device.id],
      );
    });
    await eventually('the will is kept', async () => {
      return JSON.stringify(await kept()).includes('"retained":1');
    });
    const { presence } = deviceSchema.parse(
      (await hearth.owner.get(`/api/devices/${device.id}`)).json(),
    );
    expect(presence).toMatchObject({ state: 'unknown', cause: 'server-restart' });
  });
});
