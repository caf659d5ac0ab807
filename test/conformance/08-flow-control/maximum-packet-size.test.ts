// [MQTT-3.1.2-24] [MQTT-3.1.2-25] [MQTT-3.2.2-15] Maximum Packet Size, in both directions.
import { connect, publish } from '@hearth/testkit';
import { startServer, versions } from '../support/server.js';

describe("a client's Maximum Packet Size", () => {
  it('keeps larger messages from being sent, and nothing else [MQTT-3.1.2-25]', async () => {
    const server = await startServer();
    const client = await server.connect({ properties: { maximumPacketSize: 100 } });
    await client.subscribe({ filter: 'a', qos: 1 });
    const publisher = await server.connect();
    const fits = (size: number): string => 'x'.repeat(size - 2 - 3 - 1);
    await publisher.publish({ topic: 'a', payload: fits(101) });
    await publisher.publish({ topic: 'a', payload: fits(200), qos: 1 });
    await publisher.publish({ topic: 'a', payload: fits(100) });
    const { bytes } = await client.expect('publish');
    expect(bytes).toHaveLength(100);
    await client.expectNothing();
    expect(server.broker.stats().dropped['packet-too-large']).toBe(2);
  });

  it('does not block the messages behind a larger one', async () => {
    const server = await startServer();
    const client = await server.connect({
      properties: { maximumPacketSize: 100, receiveMaximum: 1 },
    });
    await client.subscribe({ filter: 'a', qos: 1 });
    const publisher = await server.connect();
    for (const payload of ['1', 'x'.repeat(200), '2']) {
      await publisher.publish({ topic: 'a', payload, qos: 1 });
    }
    await client.take({ payload: '1' });
    await client.take({ payload: '2' });
  });

  it('holds for retained and queued messages', async () => {
    const server = await startServer();
    const session = {
      clientId: 's',
      cleanStart: false,
      properties: { maximumPacketSize: 100, sessionExpiryInterval: 100 },
    };
    const client = await server.connect(session);
    const publisher = await server.connect();
    await publisher.publish({ topic: 'a', payload: 'x'.repeat(200), retain: true });
    await client.subscribe({ filter: '#', qos: 1 });
    await client.expectNothing();
    await client.disconnect();
    await publisher.publish({ topic: 'b', payload: 'y'.repeat(200), qos: 1 });
    await publisher.publish({ topic: 'b', payload: 'short', qos: 1 });
    const again = await server.connect(session);
    await again.take({ payload: 'short' });
    await again.expectNothing();
  });

  it('of 0 is a protocol error', async () => {
    const server = await startServer();
    const client = await server.open();
    client.send(connect({ clientId: 'c', properties: { maximumPacketSize: 0 } }));
    await client.expect('connack', { reasonCode: 0x82 });
    await client.expectClosed();
  });
});

describe.each(versions)("the server's Maximum Packet Size on MQTT $name", ({ version }) => {
  it('lets a packet of that size pass', async () => {
    const server = await startServer({ limits: { maxPacketBytes: 1000 } });
    const client = await server.connect({ version });
    const overhead = publish(version, { topic: 'a', payload: 'x'.repeat(200) }).length - 200;
    const bytes = publish(version, { topic: 'a', payload: 'x'.repeat(1000 - overhead) });
    expect(bytes).toHaveLength(1000);
    client.send(bytes);
    await client.expectNothing();
  });

  it('ends a connection whose packet is larger, by its announcement [MQTT-3.2.2-15]', async () => {
    const server = await startServer({ limits: { maxPacketBytes: 1000 } });
    const client = await server.connect({ version });
    client.send('30 vbi:998');
    await client.expectDisconnected(0x95);
  });
});
