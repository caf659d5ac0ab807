// What listeners say about the sessions of their clients: queues, windows, QoS.
import { startServer, versions } from '../support/server.js';

const session = { clientId: 'c', cleanStart: false, properties: { sessionExpiryInterval: 600 } };

describe.each(versions)('queueQos0 on MQTT $name', ({ version }) => {
  const client = version === 5 ? session : { clientId: 'c', cleanStart: false };

  it.each([
    { queueQos0: true, name: 'keeps QoS 0 messages for a session without a connection' },
    { queueQos0: false, name: 'false: does not' },
  ])('$name', async ({ queueQos0 }) => {
    const server = await startServer({ settings: { queueQos0 } });
    const first = await server.connect({ ...client, version });
    await first.subscribe({ filter: 'a', qos: 1 });
    await first.disconnect();
    for (const qos of [0, 1, 0] as const)
      server.broker.publish({ topic: 'a', payload: `${qos}`, qos });
    const again = await server.connect({ ...client, version });
    for (const qos of queueQos0 ? ([0, 1, 0] as const) : ([1] as const))
      await again.take({ topic: 'a', qos });
    await again.expectNothing();
  });
});

describe('queueQos0', () => {
  it('lets no later QoS 0 message overtake those that wait [MQTT-4.6.0-6]', async () => {
    const server = await startServer({ settings: { queueQos0: true } });
    const first = await server.connect(session);
    await first.subscribe({ filter: 'a', qos: 1 });
    await first.disconnect();
    server.broker.publish({ topic: 'a', payload: 'one', qos: 1 });
    server.broker.publish({ topic: 'a', payload: 'two', qos: 1 });
    server.broker.publish({ topic: 'a', payload: 'three' });
    const properties = { ...session.properties, receiveMaximum: 1 };
    const again = await server.connect({ ...session, properties });
    const held = await again.expect('publish', { payload: Buffer.from('one') });
    server.broker.publish({ topic: 'a', payload: 'four' });
    await again.expectNothing();
    await again.acknowledge(held);
    await again.take({ payload: Buffer.from('two') });
    await again.expect('publish', { payload: Buffer.from('three'), qos: 0 });
    await again.expect('publish', { payload: Buffer.from('four'), qos: 0 });
  });

  it('counts them in maxQueuedMessages', async () => {
    const server = await startServer({ settings: { queueQos0: true, maxQueuedMessages: 2 } });
    const first = await server.connect(session);
    await first.subscribe('a');
    await first.disconnect();
    for (const payload of ['1', '2', '3']) server.broker.publish({ topic: 'a', payload });
    const again = await server.connect(session);
    await again.expect('publish', { payload: Buffer.from('1') });
    await again.expect('publish', { payload: Buffer.from('2') });
    await again.expectNothing();
    expect(server.broker.stats().dropped['queue-full']).toBe(1);
  });
});

describe('upgradeOutgoingQos', () => {
  it.each(versions)('delivers at the QoS of the subscription on $name', async ({ version }) => {
    const server = await startServer({ settings: { upgradeOutgoingQos: true } });
    server.broker.publish({ topic: 'old', payload: 'x', retain: true });
    const client = await server.connect({ version });
    await client.subscribe([
      { filter: 'old', qos: 2 },
      { filter: 'new', qos: 1 },
    ]);
    await client.take({ topic: 'old', qos: 2 });
    server.broker.publish({ topic: 'new', payload: 'x' });
    await client.take({ topic: 'new', qos: 1 });
    server.broker.publish({ topic: 'new', payload: 'x', qos: 2 });
    await client.take({ topic: 'new', qos: 1 });
  });
});

describe('maxInflightBytes', () => {
  it('lets no more begin once so many payload bytes are under way', async () => {
    const server = await startServer({ settings: { maxInflightBytes: 10 } });
    const client = await server.connect();
    await client.subscribe({ filter: 'a', qos: 1 });
    for (const payload of ['12345', '67890', 'abc']) {
      server.broker.publish({ topic: 'a', payload, qos: 1 });
    }
    const first = await client.expect('publish', { payload: Buffer.from('12345') });
    await client.expect('publish', { payload: Buffer.from('67890') });
    await client.expectNothing();
    await client.acknowledge(first);
    await client.expect('publish', { payload: Buffer.from('abc') });
  });

  it('lets a message that is larger go alone, also when it goes again', async () => {
    const server = await startServer({ settings: { maxInflightBytes: 1 } });
    const first = await server.connect(session);
    await first.subscribe({ filter: 'a', qos: 1 });
    for (const payload of ['one', 'two']) server.broker.publish({ topic: 'a', payload, qos: 1 });
    await first.expect('publish', { payload: Buffer.from('one') });
    await first.expectNothing();
    first.cut();
    const again = await server.connect(session);
    const resent = await again.expect('publish', { payload: Buffer.from('one'), dup: true });
    await again.expectNothing();
    await again.acknowledge(resent);
    await again.take({ payload: Buffer.from('two') });
  });
});

describe('maxInflightMessages', () => {
  it('of a listener bounds what is under way to its clients', async () => {
    const server = await startServer({ others: [{ maxInflightMessages: 1 }] });
    const client = await server.connectTo(server.otherPorts[0] ?? 0);
    await client.subscribe({ filter: 'a', qos: 1 });
    for (const payload of ['1', '2']) server.broker.publish({ topic: 'a', payload, qos: 1 });
    const first = await client.expect('publish', { payload: Buffer.from('1') });
    await client.expectNothing();
    await client.acknowledge(first);
    await client.expect('publish', { payload: Buffer.from('2') });
  });
});

describe('maxQueuedMessages and maxQueuedBytes', () => {
  it.each([{ maxQueuedMessages: 1 }, { maxQueuedBytes: 4 }])(
    'of the listener that a session was last at hold for it: %o',
    async (settings) => {
      const server = await startServer({ others: [settings] });
      const first = await server.connect(session);
      await first.subscribe({ filter: 'a', qos: 1 });
      await first.disconnect();
      const second = await server.connectTo(server.otherPorts[0] ?? 0, session);
      await second.disconnect();
      for (const payload of ['1', '2']) server.broker.publish({ topic: 'a', payload, qos: 1 });
      const again = await server.connect(session);
      await again.take({ payload: Buffer.from('1') });
      await again.expectNothing();
    },
  );
});
