// [MQTT-4.7.2-1] $SYS: how the broker is, under Mosquitto's names, for those who may know.
import { MemoryStorage } from '@hearth/mqtt-broker';
import { FakeClock, publish, type ConnectedClient } from '@hearth/testkit';
import { startServer, versions } from '../support/server.js';

/** What a client gets until a round trip finds nothing more, by topic. */
async function read(client: ConnectedClient, ...filters: string[]): Promise<Map<string, string>> {
  await client.subscribe(filters);
  return drain(client);
}

async function drain(client: ConnectedClient): Promise<Map<string, string>> {
  const values = new Map<string, string>();
  client.send('c0 00');
  for (;;) {
    const packet = await client.expectAny();
    if (packet.cmd === 'pingresp') return values;
    if (packet.cmd === 'publish') values.set(packet.topic, packet.payload.toString());
  }
}

const names = [
  'version',
  'uptime',
  'clients/total',
  'clients/maximum',
  'clients/connected',
  'clients/active',
  'clients/disconnected',
  'clients/inactive',
  'clients/expired',
  'messages/received',
  'messages/sent',
  'messages/stored',
  'messages/inflight',
  'publish/messages/dropped',
  'publish/messages/received',
  'publish/messages/sent',
  'publish/bytes/received',
  'publish/bytes/sent',
  'bytes/received',
  'bytes/sent',
  'retained messages/count',
  'subscriptions/count',
  'shared_subscriptions/count',
  'store/messages/count',
  'store/messages/bytes',
  'heap/current',
  ...['messages/received', 'messages/sent', 'publish/received', 'publish/sent'].flatMap(spans),
  ...['publish/dropped', 'bytes/received', 'bytes/sent', 'sockets', 'connections'].flatMap(spans),
];

function spans(name: string): string[] {
  return [1, 5, 15].map((minutes) => `load/${name}/${minutes}min`);
}

describe('$SYS', () => {
  it.each(versions)('has the topics that Mosquitto has, on MQTT $name', async ({ version }) => {
    const server = await startServer({ sysIntervalSeconds: 10, clock: new FakeClock() });
    const values = await read(await server.connect({ version }), '$SYS/#');
    expect([...values.keys()]).toEqual(
      expect.arrayContaining(names.map((name) => `$SYS/broker/${name}`)),
    );
    expect(values.get('$SYS/broker/uptime')).toBe('0 seconds');
    expect(values.get('$SYS/broker/version')).toMatch(/^hearth-broker version \d+\.\d+\.\d+/);
  });

  it('is retained at QoS 2', async () => {
    const server = await startServer({ sysIntervalSeconds: 10, clock: new FakeClock() });
    const client = await server.connect();
    await client.subscribe({ filter: '$SYS/broker/version', qos: 2 });
    await client.expect('publish', { qos: 2, retain: true });
  });

  it('tells what changed, and nothing else', async () => {
    const clock = new FakeClock();
    const server = await startServer({ sysIntervalSeconds: 10, clock });
    const client = await server.connect();
    await read(client, '$SYS/#');
    await (await server.connect({ keepAliveSeconds: 0 })).roundTrip();
    clock.advance(10_000);
    const values = await drain(client);
    expect(values.get('$SYS/broker/clients/connected')).toBe('2');
    expect(values.get('$SYS/broker/uptime')).toBe('10 seconds');
    expect(values.has('$SYS/broker/retained messages/count')).toBe(false);
    expect(values.has('$SYS/broker/version')).toBe(false);
    clock.advance(9_999);
    await client.expectNothing();
  });

  it('counts packets, payloads, drops and expired sessions', async () => {
    const clock = new FakeClock();
    const server = await startServer({
      sysIntervalSeconds: 10,
      clock,
      settings: { maxPayloadBytes: 10 },
    });
    const client = await server.connect({ clientId: 'c', keepAliveSeconds: 0 });
    await client.subscribe(['a', '$share/g/b']);
    client.sendPublish({ topic: 'a', payload: '12345' });
    await client.expect('publish', { topic: 'a' });
    client.sendPublish({ topic: 'a', payload: '1234567890+' });
    await client.roundTrip();
    const properties = { sessionExpiryInterval: 1 };
    await (await server.connect({ properties })).disconnect();
    clock.advance(10_000);
    const values = await read(client, '$SYS/broker/+/+', '$SYS/broker/publish/#');
    const of = (name: string): string | undefined => values.get(`$SYS/broker/${name}`);
    // CONNECT, SUBSCRIBE, two PUBLISH, PINGREQ; then CONNECT and DISCONNECT.
    expect(of('messages/received')).toBe('7');
    // CONNACK, SUBACK, PUBLISH, PINGRESP; then CONNACK.
    expect(of('messages/sent')).toBe('5');
    expect(of('publish/messages/received')).toBe('2');
    expect(of('publish/messages/sent')).toBe('1');
    expect(of('publish/messages/dropped')).toBe('1');
    expect(of('publish/bytes/received')).toBe('16');
    expect(of('publish/bytes/sent')).toBe('5');
    expect(of('clients/expired')).toBe('1');
    expect(of('subscriptions/count')).toBe('1');
    expect(of('shared_subscriptions/count')).toBe('1');
  });

  it.each(['#', '+/broker/uptime', '+/#'])('is not matched by %s', async (filter) => {
    const clock = new FakeClock();
    const server = await startServer({ sysIntervalSeconds: 1, clock });
    const client = await server.connect();
    expect(await read(client, filter)).toEqual(new Map());
    clock.advance(5_000);
    await client.expectNothing();
  });

  it.each(['$SYS/#', '$SYS/broker/uptime', '$share/g/$SYS/#'])(
    'is refused to who may subscribe to other things only: %s',
    async (filter) => {
      const clock = new FakeClock();
      const server = await startServer({
        sysIntervalSeconds: 1,
        clock,
        grants: { bob: { password: 'p', subscribe: ['a/#'] } },
      });
      const client = await server.connect({ username: 'bob', password: 'p' });
      const { granted } = await client.subscribe(filter);
      expect(granted).toEqual([0x87]);
      clock.advance(5_000);
      await client.expectNothing();
    },
  );

  it.each(['$SYS', '$SYS/broker/uptime'])('is not for clients to publish: %s', async (topic) => {
    const server = await startServer({ sysIntervalSeconds: 1, clock: new FakeClock() });
    const client = await server.connect();
    client.send(publish(5, { topic, payload: 'lie', qos: 1, retain: true, packetId: 1 }));
    await client.expect('puback', { reasonCode: 0x87 });
  });

  it('takes no room from retained messages, and is not counted among them', async () => {
    const server = await startServer({
      sysIntervalSeconds: 1,
      clock: new FakeClock(),
      limits: { maxRetainedMessages: 1 },
    });
    const client = await server.connect();
    await client.publish({ topic: 'a', payload: 'x', qos: 1, retain: true });
    expect(server.broker.stats().retainedMessages).toBe(1);
    const kept = await read(client, 'a', '$SYS/broker/version');
    expect(kept.size).toBe(2);
  });

  it('is neither stored nor asked about', async () => {
    const storage = new MemoryStorage();
    const asked: string[] = [];
    const clock = new FakeClock();
    const server = await startServer({
      sysIntervalSeconds: 1,
      clock,
      storage,
      accept: ({ topic }) => void asked.push(topic),
    });
    clock.advance(5_000);
    await server.broker.stop();
    expect(asked).toEqual([]);
    expect([...storage.open(() => [])]).toEqual([]);
  });

  it('reaches the embedding program that wants it', async () => {
    const clock = new FakeClock();
    const server = await startServer({ sysIntervalSeconds: 1, clock });
    const seen: string[] = [];
    const handler = ({ payload }: { payload: Buffer }): void => void seen.push(payload.toString());
    server.broker.subscribe('$SYS/broker/uptime', handler, { retained: true });
    clock.advance(1_000);
    expect(seen).toEqual(['0 seconds', '1 seconds']);
  });
});

describe('sysIntervalSeconds 0', () => {
  it('publishes nothing', async () => {
    const server = await startServer({ sysIntervalSeconds: 0, clock: new FakeClock() });
    expect(await read(await server.connect(), '$SYS/#')).toEqual(new Map());
  });
});
