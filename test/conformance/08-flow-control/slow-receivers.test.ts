// [MQTT-4.9.0-1] A receiver that falls behind: publishers wait for it a little, then messages are dropped and counted.
import { FakeClock, publish } from '@hearth/testkit';
import { startServer, versions, type TestServer } from '../support/server.js';

const limits = { maxInflightMessages: 5, maxQueuedMessages: 20 };
const burst = (): Buffer =>
  Buffer.concat(
    Array.from({ length: 60 }, (_, i) =>
      publish(5, { topic: 'a', payload: String(i), qos: 1, packetId: i + 1 }),
    ),
  );

const dropped = (server: TestServer): number => server.broker.stats().dropped['queue-full'];

describe.each(versions)('a receiver on MQTT $name that acknowledges one by one', ({ version }) => {
  it('gets a burst that is larger than its window and queue, whole and in order', async () => {
    const server = await startServer({ limits });
    const receiver = await server.connect({ version });
    await receiver.subscribe({ filter: 'a', qos: 1 });
    const publisher = await server.connect();
    publisher.send(burst());
    for (let i = 0; i < 60; i++) await receiver.take({ payload: String(i) });
    for (let messageId = 1; messageId <= 60; messageId++) {
      await publisher.expect('puback', { messageId });
    }
    expect(dropped(server)).toBe(0);
  });
});

describe('a receiver that acknowledges nothing', () => {
  it('is waited for no longer than receiverPatienceMs', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock, limits: { ...limits, receiverPatienceMs: 100 } });
    const receiver = await server.connect();
    await receiver.subscribe({ filter: 'a', qos: 1 });
    const publisher = await server.connect();
    publisher.send(burst());
    for (let i = 0; i < 5; i++) await receiver.expect('publish');
    await receiver.expectNothing();
    expect(dropped(server)).toBe(0);
    for (let round = 0; round < 60; round++) {
      clock.advance(101);
      await receiver.roundTrip();
    }
    for (let messageId = 1; messageId <= 60; messageId++) {
      await publisher.expect('puback', { messageId });
    }
    expect(dropped(server)).toBe(35);
  });

  it('is not waited for when receiverPatienceMs is 0', async () => {
    const server = await startServer({ limits: { ...limits, receiverPatienceMs: 0 } });
    const receiver = await server.connect();
    await receiver.subscribe({ filter: 'a', qos: 1 });
    const publisher = await server.connect();
    publisher.send(burst());
    for (let messageId = 1; messageId <= 60; messageId++) {
      await publisher.expect('puback', { messageId });
    }
    expect(dropped(server)).toBe(35);
    for (let i = 0; i < 5; i++) await receiver.expect('publish');
  });

  it('does not hold up a publisher whose messages go elsewhere', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock, limits });
    const receiver = await server.connect();
    await receiver.subscribe({ filter: 'a', qos: 1 });
    const publisher = await server.connect();
    publisher.send(burst());
    const other = await server.connect();
    await other.subscribe('b');
    for (let i = 0; i < 20; i++) {
      other.sendPublish({ topic: 'b', payload: String(i) });
      await other.expect('publish', { payload: String(i) });
    }
    receiver.cut();
    publisher.cut();
  });
});
