// Messages from and to the program that embeds the broker. [MQTT-4.3.2-2] [MQTT-4.3.3-2] hold for them as well.
import type { DeliveryOutcome, Message } from '@hearth/mqtt-broker';
import { acknowledgement } from '@hearth/testkit';
import { startServer } from '../support/server.js';

describe('broker.publish', () => {
  it.each([0, 1, 2] as const)('reaches subscribers at QoS %d', async (qos) => {
    const server = await startServer();
    const client = await server.connect();
    await client.subscribe({ filter: 'a/+', qos: 2 });
    const publication = server.broker.publish({
      topic: 'a/b',
      payload: 'x',
      qos,
      properties: { contentType: 't', responseTopic: 'r', correlationData: Buffer.from('c') },
    });
    expect(publication).toEqual({ matched: 1, sent: 1, queued: 0 });
    await client.take({
      topic: 'a/b',
      qos,
      properties: { contentType: 't', responseTopic: 'r', correlationData: 'c' },
    });
  });

  it.each([
    [1, 'puback'],
    [2, 'pubcomp'],
  ] as const)('tells that a QoS %d delivery was acknowledged, after %s', async (qos, _last) => {
    const server = await startServer();
    const outcomes: DeliveryOutcome[] = [];
    const client = await server.connect({ clientId: 'c' });
    await client.subscribe({ filter: 'a', qos: 2 });
    server.broker.publish({ topic: 'a', payload: 'x', qos, onDelivery: (o) => outcomes.push(o) });
    const received = await client.expect('publish');
    await client.roundTrip();
    expect(outcomes).toEqual([]);
    await client.acknowledge(received);
    await client.roundTrip();
    expect(outcomes).toMatchObject([{ clientId: 'c', outcome: 'acknowledged', reasonCode: 0 }]);
  });

  it('tells that a receiver refused', async () => {
    const server = await startServer();
    const outcomes: DeliveryOutcome[] = [];
    const client = await server.connect();
    await client.subscribe({ filter: 'a', qos: 1 });
    server.broker.publish({
      topic: 'a',
      payload: 'x',
      qos: 1,
      onDelivery: (o) => outcomes.push(o),
    });
    const { messageId = 0 } = await client.expect('publish');
    client.send(acknowledgement('puback', messageId, 0x87));
    await client.roundTrip();
    expect(outcomes).toMatchObject([{ outcome: 'refused', reasonCode: 0x87 }]);
  });

  it('counts the sessions that get it later', async () => {
    const server = await startServer();
    const sleeper = await server.connect({ version: 4, clientId: 's', cleanStart: false });
    await sleeper.subscribe({ filter: 'a', qos: 1 });
    await sleeper.disconnect();
    expect(server.broker.publish({ topic: 'a', payload: 'x', qos: 1 })).toEqual({
      matched: 1,
      sent: 0,
      queued: 1,
    });
    const awake = await server.connect({ version: 4, clientId: 's', cleanStart: false });
    await awake.take({ payload: 'x' });
  });

  it.each(['', 'a/+', '#', 'a\0b'])('refuses the topic %j', async (topic) => {
    const server = await startServer();
    expect(() => server.broker.publish({ topic, payload: 'x' })).toThrow(RangeError);
  });
});

describe('broker.subscribe', () => {
  it('hears what clients publish', async () => {
    const server = await startServer();
    const heard: [string, string][] = [];
    const stop = server.broker.subscribe('a/#', ({ topic, payload }: Message) => {
      heard.push([topic, payload.toString()]);
    });
    const client = await server.connect();
    await client.publish({ topic: 'a/b', payload: '1', qos: 2 });
    await client.publish({ topic: 'b', payload: '2' });
    stop();
    await client.publish({ topic: 'a/b', payload: '3' });
    expect(heard).toEqual([['a/b', '1']]);
  });

  it('hears retained messages when asked to', async () => {
    const server = await startServer();
    const client = await server.connect();
    await client.publish({ topic: 'a', payload: 'kept', retain: true });
    const heard: boolean[] = [];
    server.broker.subscribe('a', ({ retain }) => void heard.push(retain), { retained: true });
    server.broker.subscribe('a', () => void heard.push(false));
    expect(heard).toEqual([true]);
  });
});
