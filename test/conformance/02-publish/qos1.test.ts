// [MQTT-4.3.2-1] [MQTT-4.3.2-2] [MQTT-4.3.2-3] [MQTT-4.3.2-4] [MQTT-4.3.2-5] [MQTT-3.3.1-1] [MQTT-3.3.1-3] QoS 1: at least once, acknowledged by PUBACK.
import { acknowledgement } from '@hearth/testkit';
import { startServer, versions } from '../support/server.js';

describe.each(versions)('PUBLISH at QoS 1 on MQTT $name', ({ version }) => {
  it('is acknowledged with its packet identifier [MQTT-2.2.1-5] [MQTT-4.3.2-4]', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    for (const packetId of [1, 258, 65_535]) {
      client.sendPublish({ topic: 'a', qos: 1, packetId });
      await client.expect('puback', { messageId: packetId });
    }
  });

  it('is acknowledged in the order of arrival [MQTT-4.6.0-2]', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    const ids = [5, 3, 9, 1, 200];
    for (const packetId of ids) client.sendPublish({ topic: 'a', qos: 1, packetId });
    for (const messageId of ids) await client.expect('puback', { messageId });
  });

  it('is delivered with a packet identifier of the server [MQTT-4.3.2-2]', async () => {
    const server = await startServer();
    const subscriber = await server.connect({ version });
    await subscriber.subscribe({ filter: 'a', qos: 1 });
    const publisher = await server.connect({ version });
    await publisher.publish({ topic: 'a', payload: 'x', qos: 1, packetId: 4711 });
    const received = await subscriber.take({ payload: 'x', qos: 1, dup: false });
    expect(received.messageId).toBeGreaterThan(0);
    await subscriber.expectNothing();
  });

  it('uses different packet identifiers for what is under way [MQTT-2.2.1-4] [MQTT-4.3.2-1]', async () => {
    const server = await startServer();
    const subscriber = await server.connect({ version });
    await subscriber.subscribe({ filter: 'a', qos: 1 });
    const publisher = await server.connect({ version });
    for (let i = 0; i < 20; i++) await publisher.publish({ topic: 'a', qos: 1 });
    const ids = new Set<number | undefined>();
    for (let i = 0; i < 20; i++) ids.add((await subscriber.expect('publish')).messageId);
    expect(ids.size).toBe(20);
  });

  it('is not sent again while the connection lasts [MQTT-4.3.2-3] [MQTT-4.4.0-1]', async () => {
    const server = await startServer();
    const subscriber = await server.connect({ version });
    await subscriber.subscribe({ filter: 'a', qos: 1 });
    await (await server.connect()).publish({ topic: 'a', qos: 1 });
    await subscriber.expect('publish');
    await subscriber.expectNothing();
  });

  it('passes a DUP flag of the publisher on to nobody [MQTT-3.3.1-3]', async () => {
    const server = await startServer();
    const subscriber = await server.connect({ version });
    await subscriber.subscribe({ filter: 'a', qos: 1 });
    const publisher = await server.connect({ version });
    publisher.sendPublish({ topic: 'a', payload: 'again', qos: 1, dup: true, packetId: 1 });
    await publisher.expect('puback', { messageId: 1 });
    await subscriber.take({ payload: 'again', dup: false });
  });

  it('is a new message when its packet identifier is used again [MQTT-4.3.2-5]', async () => {
    const server = await startServer();
    const subscriber = await server.connect({ version });
    await subscriber.subscribe({ filter: 'a', qos: 1 });
    const publisher = await server.connect({ version });
    await publisher.publish({ topic: 'a', payload: '1', qos: 1, packetId: 7 });
    await publisher.publish({ topic: 'a', payload: '2', qos: 1, packetId: 7 });
    await subscriber.take({ payload: '1' });
    await subscriber.take({ payload: '2' });
  });

  it('survives a PUBACK that nobody asked for', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    client.send(acknowledgement('puback', 99));
    await client.expectNothing();
  });

  it('keeps the order of five hundred messages [MQTT-4.6.0-5] [MQTT-4.6.0-6]', async () => {
    const server = await startServer();
    const subscriber = await server.connect({ version });
    await subscriber.subscribe({ filter: 'a', qos: 1 });
    const publisher = await server.connect({ version });
    for (let i = 0; i < 500; i++) publisher.sendPublish({ topic: 'a', payload: String(i), qos: 1 });
    for (let i = 0; i < 500; i++) await subscriber.take({ payload: String(i) });
    for (let i = 1; i <= 500; i++) await publisher.expect('puback', { messageId: i });
  });
});

describe('a PUBACK of 5.0', () => {
  it('with an error ends the delivery [MQTT-4.4.0-2]', async () => {
    const server = await startServer();
    const subscriber = await server.connect({
      clientId: 's',
      cleanStart: false,
      properties: { sessionExpiryInterval: 100, receiveMaximum: 1 },
    });
    await subscriber.subscribe({ filter: 'a', qos: 1 });
    const publisher = await server.connect();
    await publisher.publish({ topic: 'a', payload: '1', qos: 1 });
    await publisher.publish({ topic: 'a', payload: '2', qos: 1 });
    const { messageId = 0 } = await subscriber.expect('publish', { payload: '1' });
    subscriber.send(acknowledgement('puback', messageId, 0x97));
    await subscriber.take({ payload: '2' });
    await subscriber.expectNothing();
  });
});
