// CVE-2021-33175 and its kind: what one client leaves behind is bounded together, not only piece by piece.
import { FakeClock, subscribe, within } from '@hearth/testkit';
import { startServer } from '../support/server.js';
import { openWebSocket, overWebSocket } from '../support/websocket.js';

describe('maxRetainedBytes', () => {
  it('bounds all retained messages together, and is freed by removal', async () => {
    const server = await startServer({ limits: { maxRetainedBytes: 10_000 } });
    const client = await server.connect();
    const payload = 'x'.repeat(3000);
    for (const topic of ['a', 'b', 'c']) {
      await client.publish({ topic, payload, retain: true, qos: 1 });
    }
    client.sendPublish({ topic: 'd', payload, retain: true, qos: 1, packetId: 50 });
    await client.expect('puback', { messageId: 50, reasonCode: 0x97 });
    await client.publish({ topic: 'a', payload: '', retain: true, qos: 1 });
    await client.publish({ topic: 'd', payload, retain: true, qos: 1 });
    await client.publish({ topic: 'b', payload: 'smaller', retain: true, qos: 1 });
    await client.publish({ topic: 'e', payload: 'y'.repeat(2000), retain: true, qos: 1 });
    expect(server.broker.stats().retainedMessages).toBe(4);
  });
});

describe('properties count like payload', () => {
  const large = { userProperties: [['k', 'x'.repeat(30_000)]] as const };

  it('against maxRetainedBytes', async () => {
    const server = await startServer({ limits: { maxRetainedBytes: 100_000 } });
    const client = await server.connect();
    for (let i = 1; i <= 5; i++) {
      const message = { topic: `t/${i}`, payload: 'x', retain: true, qos: 1, packetId: i };
      client.sendPublish({ ...message, properties: large });
      await client.expect('puback', { messageId: i, ...(i > 3 && { reasonCode: 0x97 }) });
    }
    expect(server.broker.stats().retainedMessages).toBe(3);
  });

  it('against maxQueuedBytes', async () => {
    const server = await startServer({ limits: { maxQueuedBytes: 100_000 } });
    const options = { clientId: 's', properties: { sessionExpiryInterval: 100 } };
    const sleeper = await server.connect(options);
    await sleeper.subscribe({ filter: '#', qos: 1 });
    await sleeper.disconnect();
    const client = await server.connect();
    for (let i = 1; i <= 5; i++) await client.publish({ topic: 't', qos: 1, properties: large });
    expect(server.broker.stats()).toMatchObject({
      queuedMessages: 3,
      dropped: { 'queue-full': 2 },
    });
  });

  it('and many small ones count for what they cost', async () => {
    const server = await startServer({ limits: { maxRetainedBytes: 1_000_000 } });
    const client = await server.connect();
    const userProperties = Array.from({ length: 10_000 }, () => ['k', 'v'] as const);
    client.sendPublish({
      topic: 't',
      payload: 'x',
      retain: true,
      qos: 1,
      packetId: 1,
      properties: { userProperties },
    });
    await client.expect('puback', { messageId: 1, reasonCode: 0x97 });
  });
});

describe('one SUBSCRIBE that asks for all retained messages thousands of times', () => {
  it.each(['#', '+/none'])('with %s leaves others their turns', async (filter) => {
    const server = await startServer();
    for (let i = 0; i < 5000; i++) {
      server.broker.publish({ topic: `t/${i}`, payload: 'x', retain: true });
    }
    const greedy = await server.connect();
    const witness = await server.connect();
    greedy.stopReading();
    const asked = server.next('subscribed');
    greedy.send(
      subscribe(
        5,
        1,
        Array.from({ length: 5000 }, () => filter),
      ),
    );
    await asked;
    const startedMs = performance.now();
    for (let i = 0; i < 20; i++) await witness.roundTrip();
    expect(performance.now() - startedMs).toBeLessThan(2000);
    greedy.cut();
  });
});

describe('maxWebSocketMessageBytes', () => {
  it('ends a connection that sends a larger message', async () => {
    const server = await startServer({
      websocketPath: '/mqtt',
      limits: { maxPacketBytes: 1000, maxWebSocketMessageBytes: 5000 },
    });
    const client = await overWebSocket(await openWebSocket(server)).connect();
    client.send(...Array.from({ length: 4990 / 2 }, () => 'c000'));
    for (let i = 0; i < 4990 / 2; i++) await client.expect('pingresp');
    client.send(Buffer.alloc(5001));
    await client.expectEnd();
  });
});

describe('maxOutgoingTopicAliases', () => {
  it('is used towards a client that would take more', async () => {
    const server = await startServer({ limits: { maxOutgoingTopicAliases: 1 } });
    const client = await server.connect({ properties: { topicAliasMaximum: 10 } });
    await client.subscribe('#');
    const aliases = new Set<number>();
    for (let i = 0; i < 20; i++) {
      client.sendPublish({ topic: `t/${i % 5}` });
      const { properties } = await client.expect('publish');
      aliases.add(properties?.topicAlias ?? 1);
    }
    expect([...aliases]).toEqual([1]);
  });
});

describe('topicCacheEntries', () => {
  it('of one entry changes nothing but speed', async () => {
    const server = await startServer({ limits: { topicCacheEntries: 1 } });
    const client = await server.connect();
    await client.subscribe('t/+');
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 50; i++) {
        client.sendPublish({ topic: `t/${i}`, payload: String(i) });
        await client.expect('publish', { topic: `t/${i}`, payload: String(i) });
      }
      await client.publish({ topic: `u/${round}` });
    }
  });
});

describe('closeGraceMs', () => {
  it('is what a client that does not close gets before it is cut', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock, limits: { closeGraceMs: 500 } });
    const client = await server.connect();
    client.stopReading();
    let isStopped = false;
    const stopped = server.broker.stop().then(() => (isStopped = true));
    // A client that reads is let go at once; this one does not even see the end.
    clock.advance(499);
    await new Promise(setImmediate);
    expect(isStopped).toBe(false);
    clock.advance(2);
    await within(8000, 'the broker stops', stopped);
    client.cut();
  });
});
