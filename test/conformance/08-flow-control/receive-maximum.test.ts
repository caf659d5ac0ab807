// [MQTT-3.3.4-7] [MQTT-3.3.4-9] [MQTT-4.9.0-1] [MQTT-4.9.0-2] [MQTT-4.9.0-3] Receive Maximum, in both directions.
import { acknowledgement, connect, type ConnectedClient } from '@hearth/testkit';
import { startServer, type TestServer } from '../support/server.js';

async function subscriberWith(
  server: TestServer,
  receiveMaximum: number,
): Promise<ConnectedClient> {
  const client = await server.connect({ properties: { receiveMaximum } });
  await client.subscribe({ filter: '#', qos: 2 });
  return client;
}

describe("a client's Receive Maximum", () => {
  it.each([1, 3])('of %d is the number of messages under way', async (receiveMaximum) => {
    const server = await startServer();
    const client = await subscriberWith(server, receiveMaximum);
    const publisher = await server.connect();
    for (let i = 0; i < 10; i++)
      await publisher.publish({ topic: 'a', payload: String(i), qos: 1 });
    const underWay: number[] = [];
    for (let i = 0; i < receiveMaximum; i++) {
      underWay.push((await client.expect('publish', { payload: String(i) })).messageId ?? 0);
    }
    await client.expectNothing();
    for (let i = receiveMaximum; i < 10; i++) {
      client.send(acknowledgement('puback', underWay.shift() ?? 0));
      underWay.push((await client.expect('publish', { payload: String(i) })).messageId ?? 0);
      await client.expectNothing();
    }
  });

  it('is freed by PUBCOMP, not by PUBREC', async () => {
    const server = await startServer();
    const client = await subscriberWith(server, 1);
    const publisher = await server.connect();
    await publisher.publish({ topic: 'a', payload: '1', qos: 2 });
    await publisher.publish({ topic: 'a', payload: '2', qos: 2 });
    const { messageId = 0 } = await client.expect('publish', { payload: '1' });
    client.send(acknowledgement('pubrec', messageId));
    await client.expect('pubrel', { messageId });
    await client.expectNothing();
    client.send(acknowledgement('pubcomp', messageId));
    await client.take({ payload: '2' });
  });

  it('is freed by an unsuccessful PUBREC', async () => {
    const server = await startServer();
    const client = await subscriberWith(server, 1);
    const publisher = await server.connect();
    await publisher.publish({ topic: 'a', payload: '1', qos: 2 });
    await publisher.publish({ topic: 'a', payload: '2', qos: 2 });
    const { messageId = 0 } = await client.expect('publish', { payload: '1' });
    client.send(acknowledgement('pubrec', messageId, 0x83));
    await client.take({ payload: '2' });
  });

  it('does not hold back QoS 0 [MQTT-3.3.4-10]', async () => {
    const server = await startServer();
    const client = await subscriberWith(server, 1);
    const publisher = await server.connect();
    await publisher.publish({ topic: 'a', payload: '1', qos: 1 });
    await publisher.publish({ topic: 'a', payload: '2', qos: 1 });
    await publisher.publish({ topic: 'a', payload: 'at once', qos: 0 });
    const first = await client.expect('publish', { payload: '1' });
    await client.expect('publish', { payload: 'at once', qos: 0 });
    await client.acknowledge(first);
    await client.take({ payload: '2' });
  });

  it('is not raised by acknowledgements of nothing', async () => {
    const server = await startServer();
    const client = await subscriberWith(server, 1);
    client.send(acknowledgement('puback', 999), acknowledgement('pubcomp', 998));
    const publisher = await server.connect();
    await publisher.publish({ topic: 'a', payload: '1', qos: 1 });
    await publisher.publish({ topic: 'a', payload: '2', qos: 1 });
    await client.expect('publish', { payload: '1' });
    await client.expectNothing();
  });

  it('is given anew with each connection', async () => {
    const server = await startServer();
    const session = { clientId: 's', cleanStart: false } as const;
    const first = await server.connect({
      ...session,
      properties: { receiveMaximum: 5, sessionExpiryInterval: 100 },
    });
    await first.subscribe({ filter: 'a', qos: 1 });
    const publisher = await server.connect();
    for (const payload of ['1', '2', '3']) await publisher.publish({ topic: 'a', payload, qos: 1 });
    for (const payload of ['1', '2', '3']) await first.expect('publish', { payload });
    first.cut();
    const second = await server.connect({
      ...session,
      properties: { receiveMaximum: 1, sessionExpiryInterval: 100 },
    });
    for (const payload of ['1', '2', '3']) {
      const message = await second.expect('publish', { payload, dup: true });
      await second.expectNothing();
      await second.acknowledge(message);
    }
  });

  it('of 0 is a protocol error', async () => {
    const server = await startServer();
    const client = await server.open();
    client.send(connect({ clientId: 'c', properties: { receiveMaximum: 0 } }));
    await client.expect('connack', { reasonCode: 0x82 });
    await client.expectClosed();
  });

  it.each([4, 5] as const)(
    'is maxInflightMessages where it is larger or absent (level %d)',
    async (version) => {
      const server = await startServer({ limits: { maxInflightMessages: 2 } });
      const client = await server.connect({ version });
      await client.subscribe({ filter: 'a', qos: 1 });
      const publisher = await server.connect();
      for (const payload of ['1', '2', '3'])
        await publisher.publish({ topic: 'a', payload, qos: 1 });
      const first = await client.expect('publish', { payload: '1' });
      const second = await client.expect('publish', { payload: '2' });
      await client.expectNothing();
      await client.acknowledge(first);
      await client.acknowledge(second);
      await client.take({ payload: '3' });
    },
  );
});

describe("the server's Receive Maximum", () => {
  it('is announced and may be used up', async () => {
    const server = await startServer({ limits: { receiveMaximum: 3 } });
    const client = await server.connect();
    expect(client.connack.properties?.receiveMaximum).toBe(3);
    for (const packetId of [1, 2, 3]) {
      client.sendPublish({ topic: 'a', qos: 2, packetId });
      await client.expect('pubrec', { messageId: packetId });
    }
    client.send(acknowledgement('pubrel', 1));
    await client.expect('pubcomp', { messageId: 1 });
    client.sendPublish({ topic: 'a', qos: 2, packetId: 4 });
    await client.expect('pubrec', { messageId: 4 });
  });

  it('ends a connection that goes beyond it with QoS 2 messages', async () => {
    const server = await startServer({ limits: { receiveMaximum: 3 } });
    const client = await server.connect();
    for (const packetId of [1, 2, 3]) {
      client.sendPublish({ topic: 'a', qos: 2, packetId });
      await client.expect('pubrec', { messageId: packetId });
    }
    client.sendPublish({ topic: 'a', qos: 2, packetId: 4 });
    await client.expectDisconnected(0x93);
  });

  it('ends a connection that goes beyond it while acceptance is waited for', async () => {
    const server = await startServer({
      limits: { receiveMaximum: 2 },
      accept: () => new Promise(() => {}),
    });
    const client = await server.connect();
    for (const packetId of [1, 2, 3]) client.sendPublish({ topic: 'a', qos: 1, packetId });
    await client.expectDisconnected(0x93);
  });

  it('does not count QoS 0', async () => {
    const server = await startServer({ limits: { receiveMaximum: 1 } });
    const client = await server.connect();
    client.sendPublish({ topic: 'a', qos: 2, packetId: 1 });
    await client.expect('pubrec');
    for (let i = 0; i < 10; i++) client.sendPublish({ topic: 'a' });
    await client.expectNothing();
  });

  it('does not count a QoS 2 message that is sent again', async () => {
    const server = await startServer({ limits: { receiveMaximum: 1 } });
    const client = await server.connect();
    for (const dup of [false, true, true]) {
      client.sendPublish({ topic: 'a', qos: 2, packetId: 1, dup });
      await client.expect('pubrec');
    }
  });
});
