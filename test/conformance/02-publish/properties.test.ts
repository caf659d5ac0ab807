// [MQTT-3.3.2-4] [MQTT-3.3.2-15] [MQTT-3.3.2-20] [MQTT-3.3.2-14] [MQTT-3.3.4-6] The properties of a PUBLISH that travel to the subscriber.
import { FakeClock, type Properties } from '@hearth/testkit';
import { startServer } from '../support/server.js';

describe('the properties of a PUBLISH on MQTT 5.0', () => {
  it('reach the subscriber unchanged [MQTT-3.3.2-16]', async () => {
    const server = await startServer();
    const client = await server.connect();
    await client.subscribe({ filter: 'a', qos: 1 });
    client.sendPublish({
      topic: 'a',
      payload: 'ü',
      properties: {
        payloadFormatIndicator: 1,
        contentType: 'text/plain',
        responseTopic: 'reply/here',
        correlationData: Buffer.of(0, 255, 1),
      },
    });
    const { properties } = await client.expect('publish');
    expect(properties).toEqual({
      payloadFormatIndicator: true,
      contentType: 'text/plain',
      responseTopic: 'reply/here',
      correlationData: Buffer.of(0, 255, 1),
    });
  });

  it('keep the order of the user properties, repeated names included [MQTT-3.3.2-17] [MQTT-3.3.2-18]', async () => {
    const server = await startServer();
    const client = await server.connect();
    await client.subscribe('a');
    client.send(`30 < "a" < 26 "b" "1" 26 "a" "2" 26 "b" "3" 26 "" "" > 'x' >`);
    const { bytes } = await client.expect('publish');
    expect(bytes.toString('latin1')).toContain(
      '\x26\0\x01b\0\x011\x26\0\x01a\0\x012\x26\0\x01b\0\x013\x26\0\0\0\0',
    );
  });

  it('stay with a retained message', async () => {
    const server = await startServer();
    const client = await server.connect();
    await client.publish({
      topic: 'a',
      payload: 'x',
      retain: true,
      properties: { contentType: 't', userProperties: [['k', 'v']], payloadFormatIndicator: 0 },
    });
    await client.subscribe('a');
    const { properties } = await client.expect('publish');
    expect(properties).toMatchObject({ contentType: 't', userProperties: { k: 'v' } });
  });

  it('are not sent to a subscriber on 3.1.1', async () => {
    const server = await startServer();
    const old = await server.connect({ version: 4 });
    await old.subscribe({ filter: 'a', qos: 1 });
    await (
      await server.connect()
    ).publish({
      topic: 'a',
      payload: 'x',
      qos: 1,
      properties: { contentType: 't', userProperties: [['k', 'v']] },
    });
    const { bytes } = await old.take({ payload: 'x' });
    expect(bytes).toHaveLength(2 + 3 + 2 + 1);
  });

  it('keep a byte order mark, as the topic and the payload do [MQTT-1.5.4-3]', async () => {
    const server = await startServer();
    const client = await server.connect();
    await client.subscribe('\ufeffa/\ufeff');
    client.sendPublish({
      topic: '\ufeffa/\ufeff',
      payload: '\ufeffx',
      properties: { contentType: '\ufefft', userProperties: [['\ufeffk', '\ufeffv']] },
    });
    await client.expect('publish', {
      topic: '\ufeffa/\ufeff',
      payload: '\ufeffx',
      properties: { contentType: '\ufefft', userProperties: { '\ufeffk': '\ufeffv' } },
    });
    client.sendPublish({ topic: 'a/\ufeff' });
    await client.expectNothing();
  });

  it.each([
    ['response topic', '08 0002 c328', '[MQTT-3.3.2-13]'],
    ['response topic with a surrogate', '08 0003 eda080', '[MQTT-3.3.2-13]'],
    ['content type', '03 0002 c328', '[MQTT-3.3.2-19]'],
    ['user property', '26 "k" 0001 ff', '[MQTT-1.5.7-1]'],
  ])('may not be a %s that is not UTF-8 (%s) %s', async (_what, property) => {
    const server = await startServer();
    const client = await server.connect();
    client.send(`30 < "a" < ${property} > 'x' >`);
    await client.expectDisconnected(0x81);
  });

  it.each<[string, Properties, number[]]>([
    ['a subscription identifier', { subscriptionIdentifier: 1 }, [0x82, 0x81]],
    ['a response topic with +', { responseTopic: 'a/+' }, [0x82, 0x90, 0x81]],
    ['a response topic with #', { responseTopic: '#' }, [0x82, 0x90, 0x81]],
    ['a payload format indicator of 2', { payloadFormatIndicator: 2 }, [0x82, 0x81]],
    ['a property of CONNECT', { receiveMaximum: 1 }, [0x82, 0x81]],
    ['a content type twice', '03 "a" 03 "b"', [0x82]],
  ])('may not be %s', async (_what, properties, reasonCodes) => {
    const server = await startServer();
    const client = await server.connect();
    client.sendPublish({ topic: 'a', payload: 'x', properties });
    await client.expectDisconnected(...reasonCodes);
  });
});

describe('the message expiry interval [MQTT-3.3.2-5] [MQTT-3.3.2-6]', () => {
  const properties = { sessionExpiryInterval: 1000 };

  it('is delivered less the time that the message waited', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock });
    const sleeper = await server.connect({ clientId: 's', cleanStart: false, properties });
    await sleeper.subscribe({ filter: 'a', qos: 1 });
    await sleeper.disconnect();
    await (
      await server.connect()
    ).publish({
      topic: 'a',
      qos: 1,
      properties: { messageExpiryInterval: 60 },
    });
    clock.advance(45_000);
    const awake = await server.connect({ clientId: 's', cleanStart: false, properties });
    await awake.take({ topic: 'a', properties: { messageExpiryInterval: 15 } });
  });

  it('keeps an expired message from being delivered', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock });
    const sleeper = await server.connect({ clientId: 's', cleanStart: false, properties });
    await sleeper.subscribe({ filter: '#', qos: 1 });
    await sleeper.disconnect();
    const publisher = await server.connect();
    await publisher.publish({ topic: 'a', qos: 1, properties: { messageExpiryInterval: 60 } });
    await publisher.publish({ topic: 'b', qos: 1, properties: { messageExpiryInterval: 70 } });
    clock.advance(61_000);
    const awake = await server.connect({ clientId: 's', cleanStart: false, properties });
    // The packet identifier of the other is passed over.
    await awake.take({ topic: 'b', messageId: 2 });
    await awake.expectNothing();
    expect(server.broker.stats().dropped.expired).toBe(1);
  });

  it('is unchanged for a message that did not wait', async () => {
    const server = await startServer({ clock: new FakeClock() });
    const client = await server.connect();
    await client.subscribe('a');
    client.sendPublish({ topic: 'a', properties: { messageExpiryInterval: 60 } });
    await client.expect('publish', { properties: { messageExpiryInterval: 60 } });
  });

  it('ends a retained message', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock });
    const client = await server.connect();
    await client.publish({
      topic: 'a',
      payload: 'x',
      retain: true,
      properties: { messageExpiryInterval: 10 },
    });
    clock.advance(4_000);
    await client.subscribe('a');
    await client.expect('publish', { properties: { messageExpiryInterval: 6 } });
    clock.advance(7_000);
    await client.subscribe('a');
    await client.expectNothing();
  });

  it('ends a message that waits for the send window of a connected client', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock });
    const slow = await server.connect({ properties: { receiveMaximum: 1 } });
    await slow.subscribe({ filter: 'a', qos: 1 });
    const publisher = await server.connect();
    await publisher.publish({ topic: 'a', payload: '1', qos: 1 });
    await publisher.publish({
      topic: 'a',
      payload: '2',
      qos: 1,
      properties: { messageExpiryInterval: 5 },
    });
    await publisher.publish({ topic: 'a', payload: '3', qos: 1 });
    const first = await slow.expect('publish', { payload: '1' });
    clock.advance(6_000);
    await slow.acknowledge(first);
    await slow.take({ payload: '3' });
  });
});
