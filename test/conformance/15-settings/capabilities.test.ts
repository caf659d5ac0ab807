// [MQTT-3.2.2-9] [MQTT-3.2.2-10] [MQTT-3.2.2-11] [MQTT-3.2.2-12] [MQTT-3.2.2-13] [MQTT-3.2.2-14] What a listener does not offer is announced, and refused to those who try.
import { connect, publish, subscribe } from '@hearth/testkit';
import type { Received } from '@hearth/testkit';
import type { ListenerSettings } from '@hearth/mqtt-broker';
import { startServer, versions } from '../support/server.js';

describe('maximumQos', () => {
  it.each([0, 1] as const)('%d is announced to 5.0 clients', async (maximumQos) => {
    const server = await startServer({ settings: { maximumQos } });
    const { connack } = await server.connect();
    expect(connack.properties?.maximumQoS).toBe(maximumQos);
  });

  describe.each(versions)('on MQTT $name', ({ version }) => {
    it('lets a publisher go as high as it says', async () => {
      const server = await startServer({ settings: { maximumQos: 1 } });
      const client = await server.connect({ version });
      await client.publish({ topic: 'a', qos: 1 });
    });

    it('disconnects a publisher that goes higher', async () => {
      const server = await startServer({ settings: { maximumQos: 1 } });
      const [client, watcher] = [await server.connect({ version }), await server.connect()];
      await watcher.subscribe({ filter: 'a', qos: 2 });
      client.send(publish(version, { topic: 'a', qos: 2, packetId: 1 }));
      await client.expectDisconnected(0x9b);
      await watcher.expectNothing();
    });

    it('grants subscriptions no more', async () => {
      const server = await startServer({ settings: { maximumQos: 1 } });
      const client = await server.connect({ version });
      const { granted } = await client.subscribe([
        { filter: 'a', qos: 2 },
        { filter: 'b', qos: 0 },
      ]);
      expect(granted).toEqual([1, 0]);
    });
  });

  it('refuses a will above it', async () => {
    const server = await startServer({ settings: { maximumQos: 0 } });
    const client = await server.open();
    client.send(connect({ clientId: 'c', will: { topic: 'w', qos: 1 } }));
    await client.expect('connack', { reasonCode: 0x9b });
    await client.expectClosed();
  });

  it('refuses a will above it on 3.1.1', async () => {
    const server = await startServer({ settings: { maximumQos: 0 } });
    const client = await server.open({ version: 4 });
    client.send(connect({ version: 4, clientId: 'c', will: { topic: 'w', qos: 1 } }));
    await client.expect('connack', { returnCode: 5 });
    await client.expectClosed();
  });
});

describe('retainAvailable false', () => {
  const settings: ListenerSettings = { retainAvailable: false };

  it('is announced to 5.0 clients', async () => {
    const server = await startServer({ settings });
    const { connack } = await server.connect();
    expect(connack.properties?.retainAvailable).toBe(false);
  });

  it.each(versions)('disconnects who publishes with RETAIN on $name', async ({ version }) => {
    const server = await startServer({ settings });
    const client = await server.connect({ version });
    client.send(publish(version, { topic: 'a', payload: 'x', retain: true }));
    await client.expectDisconnected(0x9a);
    expect(server.broker.stats().retainedMessages).toBe(0);
  });

  it('refuses a will that would be retained', async () => {
    const server = await startServer({ settings });
    const client = await server.open();
    client.send(connect({ clientId: 'c', will: { topic: 'w', retain: true } }));
    await client.expect('connack', { reasonCode: 0x9a });
    await client.expectClosed();
  });
});

describe.each([
  ['wildcardSubscriptionAvailable', 'a/+', 0xa2],
  ['wildcardSubscriptionAvailable', '#', 0xa2],
  ['wildcardSubscriptionAvailable', '$share/g/#', 0xa2],
  ['sharedSubscriptionAvailable', '$share/g/a', 0x9e],
] as const)('%s false', (name, filter, reasonCode) => {
  it(`is announced, and disconnects a 5.0 client that subscribes to ${filter}`, async () => {
    const server = await startServer({ settings: { [name]: false } });
    const client = await server.connect();
    expect(client.connack.properties?.[name]).toBe(false);
    client.send(subscribe(5, 1, [filter]));
    await client.expectDisconnected(reasonCode);
  });

  it(`fails a 3.1.1 client's subscription to ${filter}, and no other`, async () => {
    const server = await startServer({ settings: { [name]: false } });
    const client = await server.connect({ version: 4 });
    const { granted } = await client.subscribe([filter, 'plain']);
    expect(granted).toEqual([0x80, 0]);
  });
});

describe('subscriptionIdentifierAvailable false', () => {
  it('is announced, and disconnects a client that gives one', async () => {
    const server = await startServer({ settings: { subscriptionIdentifierAvailable: false } });
    const client = await server.connect();
    expect(client.connack.properties?.subscriptionIdentifiersAvailable).toBe(false);
    client.send(subscribe(5, 1, ['a'], { subscriptionIdentifier: 3 }));
    await client.expectDisconnected(0xa1);
  });
});

describe('maxPayloadBytes', () => {
  const settings: ListenerSettings = { maxPayloadBytes: 4 };

  it.each(versions)('lets through what just fits on $name', async ({ version }) => {
    const server = await startServer({ settings });
    const client = await server.connect({ version });
    await client.subscribe('a');
    client.sendPublish({ topic: 'a', payload: '1234' });
    await client.expect('publish', { topic: 'a' });
  });

  it.each([1, 2])('answers 0x97 to a larger one of QoS %d, and drops it', async (qos) => {
    const server = await startServer({ settings });
    const [client, watcher] = [await server.connect(), await server.connect()];
    await watcher.subscribe('a');
    const messageId = client.sendPublish({ topic: 'a', payload: '12345', qos, retain: true });
    await client.expect(qos === 1 ? 'puback' : 'pubrec', { messageId, reasonCode: 0x97 });
    await watcher.expectNothing();
    expect(server.broker.stats()).toMatchObject({
      retainedMessages: 0,
      dropped: { 'payload-too-large': 1 },
    });
  });

  it.each([0, 1, 2])('drops a larger one of a 3.1.1 client at QoS %d', async (qos) => {
    const server = await startServer({ settings });
    const [client, watcher] = [await server.connect({ version: 4 }), await server.connect()];
    await watcher.subscribe('a');
    await client.publish({ topic: 'a', payload: '12345', qos });
    await watcher.expectNothing();
    expect(server.heard('dropped')).toMatchObject([{ topic: 'a', reason: 'payload-too-large' }]);
  });

  it.each([
    { version: 5, shape: { reasonCode: 0x95 } },
    { version: 4, shape: { returnCode: 5 } },
  ] as const)('refuses a larger will on $version', async ({ version, shape }) => {
    const server = await startServer({ settings });
    const client = await server.open({ version });
    client.send(connect({ version, clientId: 'c', will: { topic: 'w', payload: '12345' } }));
    await client.expect('connack', shape);
    await client.expectClosed();
  });
});

describe('the CONNACK of 5.0', () => {
  it('has its properties in the order that Mosquitto gives them', async () => {
    const server = await startServer({
      settings: {
        retainAvailable: false,
        maximumQos: 1,
        maxKeepAliveSeconds: 60,
        maxSessionExpirySeconds: 9,
      },
    });
    const client = await server.connect({
      clientId: '',
      keepAliveSeconds: 70,
      properties: { sessionExpiryInterval: 10 },
    });
    expect(identifiersIn(client.connack)).toEqual([0x13, 0x22, 0x11, 0x12, 0x25, 0x27, 0x21, 0x24]);
  });

  it('announces no Maximum Packet Size when there is none but the protocol', async () => {
    const server = await startServer({ settings: { maxPacketBytes: 268_435_460 } });
    const { connack } = await server.connect();
    expect(connack.properties).not.toHaveProperty('maximumPacketSize');
  });
});

/** Lengths of the values of the properties that a CONNACK may have; -2 for those with a length of their own. */
const lengths = new Map([
  [0x11, 4],
  [0x12, -2],
  [0x13, 2],
  [0x21, 2],
  [0x22, 2],
  [0x24, 1],
  [0x25, 1],
  [0x27, 4],
]);

function identifiersIn({ bytes }: Received<'connack'>): number[] {
  const found: number[] = [];
  for (let at = 5; at < bytes.length;) {
    const id = bytes.readUInt8(at);
    const length = lengths.get(id) ?? 0;
    found.push(id);
    at += 1 + (length < 0 ? 2 + bytes.readUInt16BE(at + 1) : length);
  }
  return found;
}
