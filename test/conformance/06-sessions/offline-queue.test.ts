// [MQTT-3.1.2-23] [MQTT-4.1.0-1] [MQTT-4.6.0-6] What a sleeping session is kept for it, in order.
import type { ConnectFields } from '@hearth/testkit';
import { startServer, versions } from '../support/server.js';

describe.each(versions)('a disconnected session on MQTT $name', ({ version }) => {
  const session: ConnectFields = {
    version,
    clientId: 's',
    cleanStart: false,
    ...(version === 5 && { properties: { sessionExpiryInterval: 1000 } }),
  };

  it('gets the messages of QoS 1 and 2 that it missed, in order, once', async () => {
    const server = await startServer();
    const first = await server.connect(session);
    await first.subscribe({ filter: 'a/#', qos: 2 });
    await first.disconnect();
    const publisher = await server.connect({ version });
    for (let i = 0; i < 15; i++) {
      await publisher.publish({ topic: `a/${i}`, payload: String(i), qos: i % 2 === 0 ? 1 : 2 });
    }
    const second = await server.connect(session);
    const ids: number[] = [];
    for (let i = 0; i < 15; i++) {
      const message = await second.expect('publish', {
        payload: String(i),
        qos: i % 2 === 0 ? 1 : 2,
        dup: false,
      });
      ids.push(message.messageId ?? 0);
    }
    expect(new Set(ids).size).toBe(15);
    second.cut();
  });

  it('does not get again what it acknowledged', async () => {
    const server = await startServer();
    const first = await server.connect(session);
    await first.subscribe({ filter: 'a', qos: 1 });
    await (await server.connect()).publish({ topic: 'a', qos: 1 });
    await first.take();
    await first.roundTrip();
    await first.disconnect();
    const second = await server.connect(session);
    await second.expectNothing();
  });

  it('gets them at the QoS that it was granted', async () => {
    const server = await startServer();
    const first = await server.connect(session);
    await first.subscribe({ filter: 'a', qos: 1 });
    await first.disconnect();
    await (await server.connect()).publish({ topic: 'a', qos: 2 });
    await (await server.connect(session)).take({ qos: 1 });
  });

  it('gets nothing for a subscription that it ended before', async () => {
    const server = await startServer();
    const first = await server.connect(session);
    await first.subscribe({ filter: 'a', qos: 1 });
    await first.unsubscribe('a');
    await first.disconnect();
    await (await server.connect()).publish({ topic: 'a', qos: 1 });
    await (await server.connect(session)).expectNothing();
  });

  it('gets first what it missed, then what is new', async () => {
    const server = await startServer();
    const first = await server.connect(session);
    await first.subscribe({ filter: 'a', qos: 1 });
    await first.disconnect();
    const publisher = await server.connect({ version });
    for (const payload of ['1', '2', '3']) await publisher.publish({ topic: 'a', payload, qos: 1 });
    const second = await server.connect(session);
    await publisher.publish({ topic: 'a', payload: '4', qos: 1 });
    for (const payload of ['1', '2', '3', '4']) await second.take({ payload });
  });

  it('keeps no more than maxQueuedMessages, and says what it dropped', async () => {
    const server = await startServer({ limits: { maxQueuedMessages: 10 } });
    const first = await server.connect(session);
    await first.subscribe({ filter: 'a', qos: 1 });
    await first.disconnect();
    const publisher = await server.connect({ version });
    for (let i = 0; i < 25; i++)
      await publisher.publish({ topic: 'a', payload: String(i), qos: 1 });
    expect(server.broker.stats()).toMatchObject({
      queuedMessages: 10,
      dropped: { 'queue-full': 15 },
    });
    const second = await server.connect(session);
    const kept: number[] = [];
    for (let i = 0; i < 10; i++) kept.push(Number((await second.take()).payload));
    await second.expectNothing();
    expect(kept).toEqual([...kept].sort((a, b) => a - b));
  });

  it('keeps no more than maxQueuedBytes', async () => {
    const server = await startServer({ limits: { maxQueuedBytes: 10_000 } });
    const first = await server.connect(session);
    await first.subscribe({ filter: 'a', qos: 1 });
    await first.disconnect();
    const publisher = await server.connect({ version });
    for (let i = 0; i < 20; i++) {
      await publisher.publish({ topic: 'a', payload: 'x'.repeat(1000), qos: 1 });
    }
    const { queuedMessages } = server.broker.stats();
    expect(queuedMessages).toBeGreaterThan(0);
    expect(queuedMessages).toBeLessThanOrEqual(10);
  });
});
