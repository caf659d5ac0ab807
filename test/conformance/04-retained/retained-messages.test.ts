// [MQTT-3.3.1-5] [MQTT-3.3.1-6] [MQTT-3.3.1-7] [MQTT-3.3.1-8] A retained message waits for the subscribers of later.
import { startServer, versions } from '../support/server.js';

describe.each(versions)('a retained message on MQTT $name', ({ version }) => {
  it('is sent to a new subscriber with RETAIN set [MQTT3-3.3.1-8]', async () => {
    const server = await startServer();
    const publisher = await server.connect({ version });
    await publisher.publish({ topic: 'a', payload: 'kept', retain: true });
    const subscriber = await server.connect({ version });
    await subscriber.subscribe('a');
    await subscriber.expect('publish', { topic: 'a', payload: 'kept', retain: true, dup: false });
    await subscriber.expectNothing();
  });

  it('is sent to a subscriber of before without RETAIN [MQTT-3.3.1-12]', async () => {
    const server = await startServer();
    const subscriber = await server.connect({ version });
    await subscriber.subscribe('a');
    await (await server.connect()).publish({ topic: 'a', payload: 'x', retain: true });
    await subscriber.expect('publish', { payload: 'x', retain: false });
  });

  it('outlives its publisher [MQTT3-3.1.2-7]', async () => {
    const server = await startServer();
    const publisher = await server.connect({ version });
    await publisher.publish({ topic: 'a', payload: 'kept', retain: true, qos: 1 });
    await publisher.disconnect();
    const subscriber = await server.connect({ version });
    await subscriber.subscribe('a');
    await subscriber.expect('publish', { payload: 'kept' });
  });

  it('is replaced by the next one [MQTT-3.3.1-5]', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    await client.publish({ topic: 'a', payload: '1', retain: true });
    await client.publish({ topic: 'a', payload: '2', retain: true });
    await client.subscribe('a');
    await client.expect('publish', { payload: '2' });
    await client.expectNothing();
  });

  it('is not replaced by a message that is not retained [MQTT-3.3.1-8]', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    await client.publish({ topic: 'a', payload: 'kept', retain: true });
    await client.publish({ topic: 'a', payload: 'passing' });
    await client.subscribe('a');
    await client.expect('publish', { payload: 'kept' });
    await client.expectNothing();
  });

  it.each([0, 1, 2])(
    'is removed by an empty one at QoS %d [MQTT-3.3.1-6] [MQTT-3.3.1-7]',
    async (qos) => {
      const server = await startServer();
      const client = await server.connect({ version });
      await client.publish({ topic: 'a', payload: 'kept', retain: true });
      await client.publish({ topic: 'a', payload: '', retain: true, qos });
      await client.subscribe('a');
      await client.expectNothing();
    },
  );

  it('passes an empty one on to the subscribers of before [MQTT-3.3.1-6]', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    await client.subscribe('a');
    client.sendPublish({ topic: 'a', payload: '', retain: true });
    await client.expect('publish', { topic: 'a', payload: '', retain: false });
  });

  it('is sent for every match of a wildcard filter, once each', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    for (const topic of ['h/a', 'h/b', 'h/b/c', 'h', 'x', '$sys/h']) {
      await client.publish({ topic, payload: topic, retain: true });
    }
    await client.subscribe('h/#');
    await client.expectInAnyOrder('publish', [
      { topic: 'h' },
      { topic: 'h/a' },
      { topic: 'h/b' },
      { topic: 'h/b/c' },
    ]);
    await client.expectNothing();
    await client.subscribe('h/+');
    await client.expectInAnyOrder('publish', [{ topic: 'h/a' }, { topic: 'h/b' }]);
    await client.expectNothing();
    await client.subscribe('+');
    await client.expectInAnyOrder('publish', [{ topic: 'h' }, { topic: 'x' }]);
    await client.expectNothing();
  });

  it('is sent at the lower of its own QoS and the granted one', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    await client.publish({ topic: 'one', payload: 'x', retain: true, qos: 1 });
    await client.publish({ topic: 'two', payload: 'x', retain: true, qos: 2 });
    await client.subscribe({ filter: 'one', qos: 2 });
    await client.take({ topic: 'one', qos: 1, retain: true });
    await client.subscribe({ filter: 'two', qos: 2 });
    await client.take({ topic: 'two', qos: 2, retain: true });
    await client.subscribe({ filter: 'two', qos: 0 });
    await client.take({ topic: 'two', qos: 0, retain: true });
    await client.expectNothing();
  });

  it('is sent again when the subscription is made again [MQTT-3.8.4-4]', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    await client.publish({ topic: 'a', payload: 'kept', retain: true });
    for (let round = 0; round < 2; round++) {
      await client.subscribe('a');
      await client.expect('publish', { payload: 'kept', retain: true });
    }
  });

  it('is sent for each filter of one SUBSCRIBE that is new and matches', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    await client.publish({ topic: 'a', payload: '1', retain: true });
    await client.publish({ topic: 'b', payload: '2', retain: true });
    await client.subscribe(['a', 'c', 'b']);
    await client.expectInAnyOrder('publish', [{ topic: 'a' }, { topic: 'b' }]);
    await client.expectNothing();
  });

  it('is not sent when a session is resumed', async () => {
    const server = await startServer();
    const options = {
      version,
      clientId: 's',
      cleanStart: false,
      ...(version === 5 && { properties: { sessionExpiryInterval: 100 } }),
    };
    const client = await server.connect(options);
    await client.publish({ topic: 'a', payload: 'kept', retain: true });
    await client.subscribe('a');
    await client.expect('publish');
    await client.disconnect();
    await (await server.connect(options)).expectNothing();
  });
});
