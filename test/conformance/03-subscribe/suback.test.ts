// [MQTT-3.8.4-1] [MQTT-3.8.4-6] [MQTT-3.9.3-1] SUBSCRIBE is answered by SUBACK, one code for each filter, in order.
import { subscribe } from '@hearth/testkit';
import { startServer, versions } from '../support/server.js';

describe.each(versions)('SUBSCRIBE on MQTT $name', ({ version }) => {
  it('is answered with its packet identifier [MQTT-2.2.1-6] [MQTT-3.8.4-2]', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    for (const packetId of [65_535, 1, 300]) {
      client.send(subscribe(version, packetId, ['a']));
      await client.expect('suback', { messageId: packetId, granted: [0] });
    }
  });

  it('grants each filter the QoS that it asks for, in order [MQTT-3.8.4-7]', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    const { granted } = await client.subscribe([
      { filter: 'a', qos: 2 },
      { filter: 'b', qos: 0 },
      { filter: 'c/#', qos: 1 },
    ]);
    expect(granted).toEqual([2, 0, 1]);
  });

  it('subscribes to all filters of one packet [MQTT-3.8.4-5]', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    const filters = Array.from({ length: 50 }, (_, i) => `topic/${i}`);
    const { granted } = await client.subscribe(filters);
    expect(granted).toEqual(filters.map(() => 0));
    for (const topic of filters) {
      client.sendPublish({ topic });
      await client.expect('publish', { topic });
    }
  });

  it('replaces a subscription to the same filter [MQTT-3.8.4-3]', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    await client.subscribe({ filter: 'a/+', qos: 2 });
    await client.subscribe({ filter: 'a/+', qos: 0 });
    await (await server.connect()).publish({ topic: 'a/b', qos: 2 });
    await client.expect('publish', { qos: 0 });
    await client.expectNothing();
  });

  it('is in force when it is answered', async () => {
    const server = await startServer();
    const [subscriber, publisher] = await Promise.all([
      server.connect({ version }),
      server.connect(),
    ]);
    for (let i = 0; i < 20; i++) {
      await subscriber.subscribe(`a/${i}`);
      publisher.sendPublish({ topic: `a/${i}` });
      await subscriber.expect('publish', { topic: `a/${i}` });
    }
  });

  it('delivers once to overlapping subscriptions, at the highest QoS among them [MQTT-3.3.4-2]', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    await client.subscribe([
      { filter: 'a/#', qos: 0 },
      { filter: 'a/+', qos: 2 },
      { filter: 'a/b', qos: 1 },
    ]);
    await (await server.connect()).publish({ topic: 'a/b', payload: 'x', qos: 2 });
    await client.take({ payload: 'x', qos: 2 });
    await client.expectNothing();
  });
});

describe.each(versions)('a subscription that is made again on MQTT $name', ({ version }) => {
  it('loses no message and brings the retained ones again [MQTT-3.8.4-3] [MQTT-3.8.4-4]', async () => {
    const server = await startServer({ limits: { maxInflightMessages: 2 } });
    const client = await server.connect({ version });
    server.broker.publish({ topic: 'a', payload: 'kept', qos: 1, retain: true });
    await client.subscribe({ filter: 'a', qos: 1 });
    await client.take({ payload: 'kept', retain: true });
    for (let i = 0; i < 6; i++) server.broker.publish({ topic: 'a', payload: String(i), qos: 1 });
    // Two are under way, four wait for the window, when it is replaced.
    const underWay = [await client.expect('publish'), await client.expect('publish')];
    await client.subscribe({ filter: 'a', qos: 1 });
    for (const message of underWay) await client.acknowledge(message);
    const rest: string[] = [];
    for (let i = 0; i < 5; i++) rest.push((await client.take()).payload.toString());
    expect([...underWay.map(({ payload }) => payload.toString()), ...rest]).toEqual([
      '0',
      '1',
      '2',
      '3',
      '4',
      '5',
      'kept',
    ]);
    await client.expectNothing();
  });
});

describe.each(versions)('UNSUBSCRIBE on MQTT $name', ({ version }) => {
  it('ends a subscription [MQTT-2.2.1-6] [MQTT-3.10.4-2] [MQTT-3.10.4-4]', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    await client.subscribe(['a', 'b']);
    const unsuback = await client.unsubscribe('a');
    expect(unsuback.granted).toEqual(version === 5 ? [0] : undefined);
    await client.publish({ topic: 'a' });
    client.sendPublish({ topic: 'b' });
    await client.expect('publish', { topic: 'b' });
  });

  it('is answered also for what was not subscribed [MQTT-3.10.4-5]', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    await client.subscribe('a/+');
    const unsuback = await client.unsubscribe('a/b', 'a/+', 'a/#');
    expect(unsuback.granted).toEqual(version === 5 ? [0x11, 0, 0x11] : undefined);
  });

  it('answers several filters at once and in order [MQTT-3.10.4-6] [MQTT-3.11.3-1] [MQTT-3.11.3-2]', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    await client.subscribe(['a', 'b', 'c']);
    const unsuback = await client.unsubscribe('c', 'x', 'a', 'a');
    expect(unsuback.granted).toEqual(version === 5 ? [0, 0x11, 0, 0x11] : undefined);
    for (const topic of ['a', 'b', 'c']) client.sendPublish({ topic });
    await client.expect('publish', { topic: 'b' });
    await client.expectNothing();
  });

  it('compares filters character by character [MQTT-3.10.4-1]', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    await client.subscribe('a/+');
    await client.unsubscribe('a/#', 'A/+', 'a/+/', '+/+', '#');
    client.sendPublish({ topic: 'a/b' });
    await client.expect('publish', { topic: 'a/b' });
  });

  it('lets a delivery under way come to its end [MQTT-3.10.4-3]', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    await client.subscribe({ filter: 'a', qos: 2 });
    await (await server.connect()).publish({ topic: 'a', qos: 2 });
    const received = await client.expect('publish', { qos: 2 });
    await client.unsubscribe('a');
    await client.acknowledge(received);
    await client.expectNothing();
  });
});
