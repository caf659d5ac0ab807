// [MQTT-4.3.3-1] [MQTT-4.3.3-2] [MQTT-4.3.3-8] [MQTT-4.3.3-10] QoS 2: exactly once, by PUBREC, PUBREL and PUBCOMP.
import { acknowledgement, FakeClock } from '@hearth/testkit';
import { startServer, versions } from '../support/server.js';

describe.each(versions)('PUBLISH at QoS 2 on MQTT $name', ({ version }) => {
  it('goes through its four packets on both sides [MQTT-4.3.3-4] [MQTT-4.3.3-8] [MQTT-4.3.3-11]', async () => {
    const server = await startServer();
    const subscriber = await server.connect({ version });
    await subscriber.subscribe({ filter: 'a', qos: 2 });
    const publisher = await server.connect({ version });
    await publisher.publish({ topic: 'a', payload: 'x', qos: 2, packetId: 77 });
    await subscriber.take({ payload: 'x', qos: 2, dup: false });
    await subscriber.expectNothing();
  });

  it('is delivered once, however often it is sent before PUBREL [MQTT-4.3.3-10]', async () => {
    const server = await startServer();
    const subscriber = await server.connect({ version });
    await subscriber.subscribe({ filter: 'a', qos: 2 });
    const publisher = await server.connect({ version });
    for (const dup of [false, true, true]) {
      publisher.sendPublish({ topic: 'a', payload: 'x', qos: 2, packetId: 5, dup });
      await publisher.expect('pubrec', { messageId: 5 });
    }
    publisher.send(acknowledgement('pubrel', 5));
    await publisher.expect('pubcomp', { messageId: 5 });
    await subscriber.take({ payload: 'x' });
    await subscriber.expectNothing();
  });

  it('comes to its publisher behind the PUBREC', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    await client.subscribe({ filter: 'a', qos: 2 });
    for (const packetId of [5, 6]) {
      client.sendPublish({ topic: 'a', payload: 'x', qos: 2, packetId });
      await client.expect('pubrec', { messageId: packetId });
      await client.take({ payload: 'x' });
      client.send(acknowledgement('pubrel', packetId));
      await client.expect('pubcomp', { messageId: packetId });
    }
  });

  it('is a new message when its packet identifier is used after PUBREL [MQTT-4.3.3-12]', async () => {
    const server = await startServer();
    const subscriber = await server.connect({ version });
    await subscriber.subscribe({ filter: 'a', qos: 2 });
    const publisher = await server.connect({ version });
    for (const payload of ['1', '2']) {
      await publisher.publish({ topic: 'a', payload, qos: 2, packetId: 5 });
      await subscriber.take({ payload });
    }
  });

  it('sends no PUBREL before PUBREC [MQTT-4.3.3-3]', async () => {
    const server = await startServer();
    const subscriber = await server.connect({ version });
    await subscriber.subscribe({ filter: 'a', qos: 2 });
    await (await server.connect()).publish({ topic: 'a', qos: 2 });
    const { messageId = 0 } = await subscriber.expect('publish');
    await subscriber.expectNothing();
    subscriber.send(acknowledgement('pubrec', messageId));
    await subscriber.expect('pubrel', { messageId });
    await subscriber.expectNothing();
    subscriber.send(acknowledgement('pubcomp', messageId));
    await subscriber.expectNothing();
  });

  it('answers a repeated PUBREC with PUBREL again [MQTT-4.3.3-6]', async () => {
    const server = await startServer();
    const subscriber = await server.connect({ version });
    await subscriber.subscribe({ filter: 'a', qos: 2 });
    await (await server.connect()).publish({ topic: 'a', qos: 2 });
    const { messageId = 0 } = await subscriber.expect('publish');
    for (let round = 0; round < 2; round++) {
      subscriber.send(acknowledgement('pubrec', messageId));
      await subscriber.expect('pubrel', { messageId });
    }
    subscriber.send(acknowledgement('pubcomp', messageId));
    await subscriber.expectNothing();
  });

  it('answers a PUBREL of which it knows nothing with PUBCOMP [MQTT-4.3.3-11] [MQTT-3.7.2-1]', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    client.send(acknowledgement('pubrel', 99));
    await client.expect('pubcomp', {
      messageId: 99,
      ...(version === 5 && { reasonCode: 0x92 }),
    });
  });

  it('survives PUBREC and PUBCOMP that nobody asked for [MQTT-3.6.2-1] [MQTT-3.6.2-2] [MQTT-3.6.2-3]', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    client.send(acknowledgement('pubcomp', 98));
    await client.expectNothing();
    client.send(acknowledgement('pubrec', 99));
    const answer = await client.expect('pubrel', { messageId: 99 });
    expect(answer.reasonCode).toBe(version === 5 ? 0x92 : undefined);
    expect(answer.properties).toBeUndefined();
  });

  it('keeps several exchanges apart [MQTT-2.2.1-5] [MQTT-4.3.3-1]', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    for (const packetId of [1, 2, 3]) {
      client.sendPublish({ topic: 'a', qos: 2, packetId });
      await client.expect('pubrec', { messageId: packetId });
    }
    for (const packetId of [2, 3, 1]) {
      client.send(acknowledgement('pubrel', packetId));
      await client.expect('pubcomp', { messageId: packetId });
    }
  });

  it('sends PUBRELs in the order of the PUBRECs [MQTT-4.6.0-4]', async () => {
    const server = await startServer();
    const subscriber = await server.connect({ version });
    await subscriber.subscribe({ filter: 'a', qos: 2 });
    const ids: number[] = [];
    for (let i = 0; i < 3; i++) {
      server.broker.publish({ topic: 'a', payload: String(i), qos: 2 });
      ids.push((await subscriber.expect('publish', { payload: String(i) })).messageId ?? 0);
    }
    const order = [ids[2]!, ids[0]!, ids[1]!];
    subscriber.send(...order.map((id) => acknowledgement('pubrec', id)));
    for (const messageId of order) await subscriber.expect('pubrel', { messageId });
  });

  it('keeps its packet identifiers apart from those of the other direction', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    await client.subscribe({ filter: 'a', qos: 2 });
    server.broker.publish({ topic: 'a', payload: 'down', qos: 2 });
    const { messageId: packetId = 0 } = await client.expect('publish', { payload: 'down' });
    client.sendPublish({ topic: 'b', payload: 'up', qos: 2, packetId });
    await client.expect('pubrec', { messageId: packetId });
    client.send(acknowledgement('pubrec', packetId));
    await client.expect('pubrel', { messageId: packetId });
    client.send(acknowledgement('pubrel', packetId));
    await client.expect('pubcomp', { messageId: packetId });
    client.send(acknowledgement('pubcomp', packetId));
    await client.expectNothing();
  });
});

describe('a PUBREC of 5.0', () => {
  it('with an error ends the delivery, without PUBREL [MQTT-4.4.0-2]', async () => {
    const server = await startServer();
    const subscriber = await server.connect({ properties: { receiveMaximum: 1 } });
    await subscriber.subscribe({ filter: 'a', qos: 2 });
    const publisher = await server.connect();
    await publisher.publish({ topic: 'a', payload: '1', qos: 2 });
    await publisher.publish({ topic: 'a', payload: '2', qos: 2 });
    const { messageId = 0 } = await subscriber.expect('publish', { payload: '1' });
    subscriber.send(acknowledgement('pubrec', messageId, 0x80));
    await subscriber.take({ payload: '2' });
    await subscriber.expectNothing();
  });
});

describe('a QoS 2 message of 5.0 that expires amid its exchange', () => {
  const lasting = {
    clientId: 's',
    cleanStart: false,
    properties: { sessionExpiryInterval: 1000 },
  };

  it('is sent again and finished all the same once it was sent [MQTT-4.3.3-7]', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock });
    const first = await server.connect(lasting);
    await first.subscribe({ filter: 'a', qos: 2 });
    await (
      await server.connect()
    ).publish({ topic: 'a', payload: 'x', qos: 2, properties: { messageExpiryInterval: 5 } });
    const { messageId = 0 } = await first.expect('publish', { payload: 'x' });
    first.cut();
    clock.advance(60_000);
    const second = await server.connect(lasting);
    await second.expect('publish', { payload: 'x', messageId, dup: true });
    clock.advance(60_000);
    second.send(acknowledgement('pubrec', messageId));
    await second.expect('pubrel', { messageId });
  });

  it('is acknowledged to its end by the server as receiver [MQTT-4.3.3-13]', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock });
    const client = await server.connect();
    const properties = { messageExpiryInterval: 1 };
    client.sendPublish({ topic: 'a', qos: 2, packetId: 4, properties });
    await client.expect('pubrec', { messageId: 4, reasonCode: 0 });
    clock.advance(60_000);
    client.sendPublish({ topic: 'a', qos: 2, packetId: 4, dup: true, properties });
    await client.expect('pubrec', { messageId: 4, reasonCode: 0 });
    client.send(acknowledgement('pubrel', 4));
    await client.expect('pubcomp', { messageId: 4, reasonCode: 0 });
  });
});

describe.each(versions)('an acknowledgement of the wrong kind on MQTT $name', ({ version }) => {
  it.each([
    [1, 'pubrec'],
    [1, 'pubcomp'],
    [2, 'puback'],
    [2, 'pubcomp'],
  ] as const)('ends with who answers QoS %d by %s', async (qos, answer) => {
    const server = await startServer();
    const subscriber = await server.connect({ version });
    await subscriber.subscribe({ filter: 'a', qos });
    await (await server.connect()).publish({ topic: 'a', qos });
    const { messageId = 0 } = await subscriber.expect('publish', { qos });
    subscriber.send(acknowledgement(answer, messageId + 1));
    if (answer === 'pubrec') await subscriber.expect('pubrel', { messageId: messageId + 1 });
    await subscriber.expectNothing();
    subscriber.send(acknowledgement(answer, messageId));
    await subscriber.expectDisconnected(0x82);
  });
});
