// [MQTT-4.4.0-1] [MQTT-3.3.1-1] [MQTT-4.6.0-1] What was under way goes on when the session is resumed, with its packet identifiers.
import { acknowledgement, type ConnectFields } from '@hearth/testkit';
import { startServer, versions } from '../support/server.js';

describe.each(versions)('a resumed session on MQTT $name', ({ version }) => {
  const session: ConnectFields = {
    version,
    clientId: 's',
    cleanStart: false,
    ...(version === 5 && { properties: { sessionExpiryInterval: 1000 } }),
  };

  it.each([1, 2] as const)(
    'gets an unacknowledged QoS %d message again, with DUP [MQTT-3.3.1-1] [MQTT-4.3.2-3] [MQTT-4.3.3-3]',
    async (qos) => {
      const server = await startServer();
      const first = await server.connect(session);
      await first.subscribe({ filter: 'a', qos });
      await (await server.connect()).publish({ topic: 'a', payload: 'x', qos });
      const { messageId } = await first.expect('publish', { dup: false });
      first.cut();
      const second = await server.connect(session);
      await second.take({ topic: 'a', payload: 'x', qos, dup: true, messageId });
      await second.expectNothing();
    },
  );

  it('gets several again in the order in which they were sent', async () => {
    const server = await startServer();
    const first = await server.connect(session);
    await first.subscribe({ filter: 'a', qos: 1 });
    const publisher = await server.connect();
    for (let i = 0; i < 10; i++)
      await publisher.publish({ topic: 'a', payload: String(i), qos: 1 });
    for (let i = 0; i < 10; i++) {
      const message = await first.expect('publish', { payload: String(i) });
      if (i === 4) await first.acknowledge(message);
    }
    await first.roundTrip();
    await first.disconnect();
    await publisher.publish({ topic: 'a', payload: 'new', qos: 1 });
    const second = await server.connect(session);
    for (const i of [0, 1, 2, 3, 5, 6, 7, 8, 9])
      await second.take({ payload: String(i), dup: true });
    await second.take({ payload: 'new', dup: false });
    await second.expectNothing();
  });

  it('gets PUBREL again after PUBREC, not the message [MQTT-4.3.3-5] [MQTT-4.3.3-6]', async () => {
    const server = await startServer();
    const first = await server.connect(session);
    await first.subscribe({ filter: 'a', qos: 2 });
    await (await server.connect()).publish({ topic: 'a', qos: 2 });
    const { messageId = 0 } = await first.expect('publish');
    first.send(acknowledgement('pubrec', messageId));
    await first.expect('pubrel', { messageId });
    first.cut();
    const second = await server.connect(session);
    await second.expect('pubrel', { messageId });
    second.send(acknowledgement('pubcomp', messageId));
    await second.expectNothing();
    second.cut();
    await (await server.connect(session)).expectNothing();
  });

  it('may finish its own QoS 2 message, which is delivered once', async () => {
    const server = await startServer();
    const watcher = await server.connect({ version });
    await watcher.subscribe({ filter: 'a', qos: 2 });
    const first = await server.connect(session);
    first.sendPublish({ topic: 'a', payload: 'x', qos: 2, packetId: 9 });
    await first.expect('pubrec', { messageId: 9 });
    first.cut();
    const second = await server.connect(session);
    second.sendPublish({ topic: 'a', payload: 'x', qos: 2, packetId: 9, dup: true });
    await second.expect('pubrec', { messageId: 9 });
    second.send(acknowledgement('pubrel', 9));
    await second.expect('pubcomp', { messageId: 9 });
    await watcher.take({ payload: 'x' });
    await watcher.expectNothing();
  });

  it('may go on with PUBREL at once', async () => {
    const server = await startServer();
    const first = await server.connect(session);
    first.sendPublish({ topic: 'a', qos: 2, packetId: 9 });
    await first.expect('pubrec', { messageId: 9 });
    first.cut();
    const second = await server.connect(session);
    second.send(acknowledgement('pubrel', 9));
    const { reasonCode } = await second.expect('pubcomp', { messageId: 9 });
    expect(reasonCode).toBe(version === 5 ? 0 : undefined);
  });

  it('takes over what is under way from a connection that is still there', async () => {
    const server = await startServer();
    const first = await server.connect(session);
    await first.subscribe({ filter: 'a', qos: 1 });
    await (await server.connect()).publish({ topic: 'a', payload: 'x', qos: 1 });
    await first.expect('publish', { dup: false });
    const second = await server.connect(session);
    await first.expectDisconnected(0x8e);
    await second.take({ payload: 'x', dup: true });
    await second.expectNothing();
  });

  it('gets nothing of it after a clean start', async () => {
    const server = await startServer();
    const first = await server.connect(session);
    await first.subscribe({ filter: 'a', qos: 2 });
    const publisher = await server.connect();
    await publisher.publish({ topic: 'a', qos: 1 });
    await publisher.publish({ topic: 'a', qos: 2 });
    await first.expect('publish');
    await first.expect('publish');
    first.cut();
    await (await server.connect({ ...session, cleanStart: true })).expectNothing();
  });

  it('gives new messages packet identifiers that are not in use', async () => {
    const server = await startServer();
    const first = await server.connect(session);
    await first.subscribe({ filter: 'a', qos: 2 });
    const publisher = await server.connect();
    for (const payload of ['1', '2', '3']) await publisher.publish({ topic: 'a', payload, qos: 2 });
    const { messageId = 0 } = await first.expect('publish', { payload: '1' });
    first.send(acknowledgement('pubrec', messageId));
    first.cut();
    const second = await server.connect(session);
    await publisher.publish({ topic: 'a', payload: '4', qos: 2 });
    await publisher.publish({ topic: 'a', payload: '5', qos: 1 });
    const ids = new Set<number>();
    for (let i = 0; i < 5; i++) ids.add((await second.expectAny()).messageId ?? 0);
    expect(ids.size).toBe(5);
  });
});
