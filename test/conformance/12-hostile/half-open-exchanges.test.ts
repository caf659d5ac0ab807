// CVE-2023-28366: exchanges that a client begins and never ends, and messages that it never acknowledges, stay bounded.
import { acknowledgement, publish } from '@hearth/testkit';
import { startServer, versions } from '../support/server.js';

describe.each(versions)('half-open QoS 2 on MQTT $name', ({ version }) => {
  it('is limited to maxIncomingQos2', async () => {
    const server = await startServer({ limits: { maxIncomingQos2: 10 } });
    const client = await server.connect({ version });
    for (let packetId = 1; packetId <= 10; packetId++) {
      client.sendPublish({ topic: 'a', qos: 2, packetId });
      await client.expect('pubrec', { messageId: packetId });
    }
    client.sendPublish({ topic: 'a', qos: 2, packetId: 11 });
    await client.expectDisconnected(0x93);
  });

  it('stays limited over resumed connections', async () => {
    const server = await startServer({ limits: { maxIncomingQos2: 10 } });
    const session = {
      version,
      clientId: 's',
      cleanStart: false,
      ...(version === 5 && { properties: { sessionExpiryInterval: 100 } }),
    };
    for (let round = 0; round < 2; round++) {
      const client = await server.connect(session);
      for (let i = 1; i <= 5; i++) {
        const packetId = round * 5 + i;
        client.sendPublish({ topic: 'a', qos: 2, packetId });
        await client.expect('pubrec', { messageId: packetId });
      }
      await client.disconnect();
    }
    const client = await server.connect(session);
    client.sendPublish({ topic: 'a', qos: 2, packetId: 11 });
    await client.expectDisconnected(0x93);
  });

  it('releases with PUBREL what it holds', async () => {
    const server = await startServer({ limits: { maxIncomingQos2: 3 } });
    const client = await server.connect({ version });
    for (let packetId = 1; packetId <= 50; packetId++) {
      await client.publish({ topic: 'a', qos: 2, packetId });
    }
  });
});

describe.each(versions)('a subscriber that never acknowledges on MQTT $name', ({ version }) => {
  it('holds no more than its window and its queue [MQTT-4.5.0-2]', async () => {
    const server = await startServer({
      limits: { maxInflightMessages: 5, maxQueuedMessages: 20 },
    });
    const lazy = await server.connect({ version });
    await lazy.subscribe({ filter: 'a', qos: 2 });
    const publisher = await server.connect();
    for (let i = 0; i < 100; i++) await publisher.publish({ topic: 'a', qos: 1 + (i % 2) });
    for (let i = 0; i < 5; i++) await lazy.expect('publish');
    await lazy.expectNothing();
    expect(server.broker.stats()).toMatchObject({
      queuedMessages: 20,
      dropped: { 'queue-full': 75 },
    });
  });
});

describe('what waits behind an open acceptance', () => {
  it.each([
    ['refused messages', { topic: 'forbidden', qos: 1, dup: false }],
    ['one message of QoS 2 sent again and again', { topic: 'slow', qos: 2, dup: true }],
  ])('is limited to maxPendingAccepts: %s', async (_what, { topic, qos, dup }) => {
    let settle = (): void => {};
    const accepted = new Promise<void>((resolve) => (settle = resolve));
    const server = await startServer({
      limits: { maxPendingAccepts: 10 },
      grants: { u: { password: 'p', publish: ['slow'] } },
      accept: () => accepted,
    });
    const client = await server.connect({ version: 4, username: 'u', password: 'p' });
    client.send(publish(4, { topic: 'slow', qos: 2, packetId: 1 }));
    client.send(...Array.from({ length: 500 }, () => publish(4, { topic, qos, dup, packetId: 1 })));
    while (server.broker.stats().messagesIn[qos as 1 | 2] < 9) await new Promise(setImmediate);
    await (await server.connect({ username: 'u', password: 'p' })).roundTrip();
    const { messagesIn } = server.broker.stats();
    expect(messagesIn[1] + messagesIn[2]).toBe(10);
    settle();
    for (let i = 0; i < 501; i++) await client.expectAny();
    await client.expectNothing();
  });
});

describe('acknowledgements that nobody asked for', () => {
  it('in their thousands change nothing', async () => {
    const server = await startServer();
    const client = await server.connect();
    await client.subscribe({ filter: 'a', qos: 1 });
    const flood = Array.from({ length: 5000 }, (_, i) =>
      acknowledgement('puback', (i % 0xffff) + 1),
    );
    client.send(...flood);
    await client.roundTrip();
    client.sendPublish({ topic: 'a', qos: 1, packetId: 1 });
    const arrivals = [await client.expectAny(), await client.expectAny()];
    expect(arrivals.map(({ cmd }) => cmd).sort()).toEqual(['puback', 'publish']);
  });

  it('of the wrong kind do not complete a delivery, which goes on with the next connection', async () => {
    const server = await startServer();
    const session = { clientId: 's', cleanStart: false, properties: { sessionExpiryInterval: 60 } };
    const client = await server.connect(session);
    await client.subscribe({ filter: 'a', qos: 2 });
    await (await server.connect()).publish({ topic: 'a', payload: '1', qos: 2 });
    const { messageId = 0 } = await client.expect('publish', { payload: '1' });
    client.send(acknowledgement('puback', messageId));
    await client.expectDisconnected(0x82);
    const again = await server.connect(session);
    await again.take({ payload: '1', messageId, dup: true });
  });
});

describe('a client that does not read', () => {
  it('loses QoS 0 messages beyond slowConsumerBytes, and nobody else does', async () => {
    const server = await startServer({ limits: { slowConsumerBytes: 256 * 1024 } });
    const slow = await server.connect({ clientId: 'slow' });
    const quick = await server.connect();
    await slow.subscribe('a');
    await quick.subscribe('a');
    slow.stopReading();
    const publisher = await server.connect();
    const payload = Buffer.alloc(256 * 1024, 'x');
    for (let i = 0; i < 120; i++) {
      publisher.sendPublish({ topic: 'a', payload });
      await quick.expect('publish');
    }
    expect(server.broker.stats().dropped['slow-consumer']).toBeGreaterThan(0);
    expect(server.heard('dropped')[0]).toMatchObject({ clientId: 'slow', reason: 'slow-consumer' });
    slow.startReading();
    await slow.expect('publish', { payload });
    slow.cut();
  });

  it('is cut when its own requests pile up beyond maxUnsentBytes', async () => {
    const server = await startServer({ limits: { maxUnsentBytes: 64 * 1024 } });
    const client = await server.connect();
    await client.publish({ topic: 'big', payload: Buffer.alloc(900_000), retain: true });
    const disconnected = server.next('disconnected');
    client.stopReading();
    // Each SUBSCRIBE asks for the retained message again.
    for (let i = 1; i <= 60; i++) client.send(`82 < u16:${i} <> "big" 00 >`);
    expect(await disconnected).toMatchObject({ cause: 'slow-consumer' });
    client.cut();
  });
});

describe('a flood of one client', () => {
  it('does not starve another', async () => {
    const server = await startServer();
    const flooder = await server.connect();
    const other = await server.connect();
    const burst = Buffer.concat(
      Array.from({ length: 2000 }, () => publish(5, { topic: 'a', payload: 'x'.repeat(100) })),
    );
    for (let i = 0; i < 20; i++) {
      flooder.send(burst);
      await other.roundTrip();
    }
    await flooder.roundTrip();
    expect(server.broker.stats().messagesIn[0]).toBe(40_000);
  });
});
