// [MQTT-3.3.1-9] [MQTT-3.3.1-10] [MQTT-3.3.1-11] Retain handling: whether a subscription asks for retained messages.
import { startServer, type TestServer } from '../support/server.js';

async function withRetained(): Promise<TestServer> {
  const server = await startServer();
  await (await server.connect()).publish({ topic: 'a', payload: 'kept', retain: true });
  return server;
}

describe('retain handling', () => {
  it('0 sends retained messages with every SUBSCRIBE', async () => {
    const client = await (await withRetained()).connect();
    for (let round = 0; round < 2; round++) {
      await client.subscribe({ filter: 'a', retainHandling: 0 });
      await client.expect('publish', { retain: true });
    }
  });

  it('1 sends them only when the subscription is new', async () => {
    const client = await (await withRetained()).connect();
    await client.subscribe({ filter: 'a', retainHandling: 1 });
    await client.expect('publish', { retain: true });
    await client.subscribe({ filter: 'a', qos: 1, retainHandling: 1 });
    await client.expectNothing();
    await client.unsubscribe('a');
    await client.subscribe({ filter: 'a', retainHandling: 1 });
    await client.expect('publish', { retain: true });
  });

  it('1 sends none when a resumed session has the subscription', async () => {
    const server = await withRetained();
    const options = {
      clientId: 's',
      cleanStart: false,
      properties: { sessionExpiryInterval: 100 },
    };
    const client = await server.connect(options);
    await client.subscribe({ filter: 'a', retainHandling: 2 });
    await client.disconnect();
    const again = await server.connect(options);
    await again.subscribe({ filter: 'a', retainHandling: 1 });
    await again.expectNothing();
  });

  it('2 sends none', async () => {
    const client = await (await withRetained()).connect();
    await client.subscribe({ filter: 'a', retainHandling: 2 });
    await client.expectNothing();
  });

  it('3 is malformed', async () => {
    const client = await (await withRetained()).connect();
    client.send('82 < 0001 <> "a" 30 >');
    await client.expectDisconnected(0x81, 0x82);
  });
});

describe('the limits of retained messages', () => {
  it('maxRetainedMessages: one more is routed and answered 0x97, but not kept', async () => {
    const server = await startServer({ limits: { maxRetainedMessages: 2 } });
    const client = await server.connect();
    await client.publish({ topic: 'a', payload: '1', retain: true, qos: 1 });
    await client.publish({ topic: 'b', payload: '2', retain: true, qos: 1 });
    client.sendPublish({ topic: 'c', payload: '3', retain: true, qos: 1, packetId: 50 });
    await client.expect('puback', { messageId: 50, reasonCode: 0x97 });
    await client.publish({ topic: 'a', payload: 'changed', retain: true, qos: 1 });
    await client.subscribe('#');
    await client.expectInAnyOrder('publish', [{ payload: 'changed' }, { payload: '2' }]);
    await client.expectNothing();
    expect(server.broker.stats()).toMatchObject({
      retainedMessages: 2,
      dropped: { 'retained-full': 1 },
    });
  });

  it('maxRetainedPayloadBytes: a larger payload is not kept', async () => {
    const server = await startServer({ limits: { maxRetainedPayloadBytes: 10 } });
    const client = await server.connect();
    await client.publish({ topic: 'a', payload: 'x'.repeat(10), retain: true, qos: 1 });
    client.sendPublish({ topic: 'b', payload: 'x'.repeat(11), retain: true, qos: 1, packetId: 50 });
    await client.expect('puback', { messageId: 50, reasonCode: 0x97 });
    await client.subscribe('#');
    await client.expect('publish', { topic: 'a' });
    await client.expectNothing();
  });
});
