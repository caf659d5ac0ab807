// [MQTT-3.3.4-3] [MQTT-3.3.4-4] [MQTT-3.3.4-5] Subscription identifiers come back with the message.
import type { Received } from '@hearth/testkit';
import { startServer } from '../support/server.js';

function identifiersOf(messages: Received<'publish'>[]): number[] {
  return messages
    .flatMap(({ properties }) => properties?.subscriptionIdentifier ?? [])
    .sort((a, b) => a - b);
}

describe('a subscription identifier', () => {
  it.each([1, 127, 128, 268_435_455])('comes with what matches: %d', async (identifier) => {
    const server = await startServer();
    const client = await server.connect();
    await client.subscribe('a/+', { subscriptionIdentifier: identifier });
    client.sendPublish({ topic: 'a/b' });
    const message = await client.expect('publish');
    expect(identifiersOf([message])).toEqual([identifier]);
  });

  it('comes with none when the matching subscription has none', async () => {
    const server = await startServer();
    const client = await server.connect();
    await client.subscribe('a', { subscriptionIdentifier: 5 });
    await client.subscribe('b');
    client.sendPublish({ topic: 'b' });
    const { properties } = await client.expect('publish');
    expect(properties).toBeUndefined();
  });

  it('comes for all overlapping subscriptions, in one copy or one for each', async () => {
    const server = await startServer();
    const client = await server.connect();
    await client.subscribe('a/#', { subscriptionIdentifier: 1 });
    await client.subscribe('a/+', { subscriptionIdentifier: 2 });
    await client.subscribe('a/b');
    await client.subscribe('x', { subscriptionIdentifier: 9 });
    client.sendPublish({ topic: 'a/b', payload: 'both' });
    const messages = [await client.expect('publish', { payload: 'both' })];
    client.send('c000');
    for (
      let next = await client.expectAny();
      next.cmd === 'publish';
      next = await client.expectAny()
    ) {
      messages.push(next);
    }
    expect(identifiersOf(messages)).toEqual([1, 2]);
  });

  it('changes when the subscription is made again', async () => {
    const server = await startServer();
    const client = await server.connect();
    await client.subscribe('a', { subscriptionIdentifier: 1 });
    await client.subscribe('a', { subscriptionIdentifier: 2 });
    client.sendPublish({ topic: 'a' });
    expect(identifiersOf([await client.expect('publish')])).toEqual([2]);
    await client.subscribe('a');
    client.sendPublish({ topic: 'a' });
    expect(identifiersOf([await client.expect('publish')])).toEqual([]);
  });

  it('comes with retained and with queued messages', async () => {
    const server = await startServer();
    const properties = { sessionExpiryInterval: 100 };
    const publisher = await server.connect();
    await publisher.publish({ topic: 'a', payload: 'kept', retain: true });
    const client = await server.connect({ clientId: 's', cleanStart: false, properties });
    await client.subscribe({ filter: 'a', qos: 1 }, { subscriptionIdentifier: 3 });
    expect(identifiersOf([await client.expect('publish', { payload: 'kept' })])).toEqual([3]);
    await client.disconnect();
    await publisher.publish({ topic: 'a', payload: 'queued', qos: 1 });
    const again = await server.connect({ clientId: 's', cleanStart: false, properties });
    expect(identifiersOf([await again.take({ payload: 'queued' })])).toEqual([3]);
  });

  it('is of its own session, not of another', async () => {
    const server = await startServer();
    const first = await server.connect();
    const second = await server.connect();
    await first.subscribe('a', { subscriptionIdentifier: 1 });
    await second.subscribe('a', { subscriptionIdentifier: 2 });
    first.sendPublish({ topic: 'a' });
    expect(identifiersOf([await first.expect('publish')])).toEqual([1]);
    expect(identifiersOf([await second.expect('publish')])).toEqual([2]);
  });
});
