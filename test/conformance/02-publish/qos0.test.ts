// [MQTT-4.3.1-1] [MQTT-3.3.1-2] [MQTT-3.3.4-1] QoS 0: at most once, no packet identifier, no acknowledgement.
import { startServer, versions } from '../support/server.js';

describe.each(versions)('PUBLISH at QoS 0 on MQTT $name', ({ version }) => {
  it('reaches a subscriber as it was sent, with DUP, RETAIN and QoS 0 [MQTT-2.2.1-2] [MQTT-2.2.2-1] [MQTT-4.3.1-1]', async () => {
    const server = await startServer();
    const subscriber = await server.connect({ version });
    await subscriber.subscribe({ filter: 'a/b', qos: 2 });
    const publisher = await server.connect({ version });
    publisher.sendPublish({ topic: 'a/b', payload: 'hello' });
    await subscriber.expect('publish', {
      topic: 'a/b',
      payload: 'hello',
      qos: 0,
      dup: false,
      retain: false,
    });
    await publisher.expectNothing();
    await subscriber.expectNothing();
  });

  it('reaches its own publisher when that subscribes', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    await client.subscribe('a');
    client.sendPublish({ topic: 'a', payload: 'echo' });
    await client.expect('publish', { payload: 'echo' });
  });

  it('may have an empty payload', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    await client.subscribe('a');
    client.sendPublish({ topic: 'a' });
    await client.expect('publish', { topic: 'a', payload: '' });
  });

  it('carries every byte value unchanged', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    await client.subscribe('a');
    const payload = Uint8Array.from({ length: 256 }, (_, i) => i);
    client.sendPublish({ topic: 'a', payload });
    await client.expect('publish', { payload });
  });

  it.each([126, 127, 128, 16_383, 16_384, 500_000])('carries %d bytes', async (size) => {
    const server = await startServer();
    const client = await server.connect({ version });
    await client.subscribe('a');
    const payload = Buffer.alloc(size, 'xyz');
    client.sendPublish({ topic: 'a', payload });
    await client.expect('publish', { payload });
  });

  it('keeps the order of a thousand messages', async () => {
    const server = await startServer();
    const subscriber = await server.connect({ version });
    await subscriber.subscribe('a');
    const publisher = await server.connect({ version });
    for (let i = 0; i < 1000; i++) publisher.sendPublish({ topic: 'a', payload: String(i) });
    for (let i = 0; i < 1000; i++) await subscriber.expect('publish', { payload: String(i) });
  });

  it('reaches nobody when nobody subscribes', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    await client.subscribe('b');
    await client.publish({ topic: 'a', payload: 'x' });
  });

  it('reaches each of a hundred subscribers once [MQTT-4.5.0-1]', async () => {
    const server = await startServer();
    const publisher = await server.connect({ version });
    const subscribers = await Promise.all(
      Array.from({ length: 100 }, () => server.connect({ version })),
    );
    await Promise.all(subscribers.map((subscriber) => subscriber.subscribe('a')));
    await publisher.publish({ topic: 'a', payload: 'x' });
    for (const subscriber of subscribers) {
      await subscriber.expect('publish', { payload: 'x' });
      await subscriber.expectNothing();
    }
  });
});

describe('between versions', () => {
  it.each([
    [3, 5],
    [5, 3],
    [4, 5],
    [5, 4],
  ] as const)('a message from level %d reaches level %d', async (from, to) => {
    const server = await startServer();
    const subscriber = await server.connect({ version: to });
    await subscriber.subscribe('a');
    const publisher = await server.connect({ version: from });
    publisher.sendPublish({ topic: 'a', payload: 'x', ...(from === 5 && { properties: '0101' }) });
    const { properties } = await subscriber.expect('publish', { topic: 'a', payload: 'x' });
    expect(properties).toEqual(undefined);
  });
});
