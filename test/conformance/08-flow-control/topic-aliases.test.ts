// [MQTT-3.3.2-7] [MQTT-3.3.2-9] [MQTT-3.3.2-11] [MQTT-3.3.2-12] [MQTT-3.1.2-26] [MQTT-3.1.2-27] Topic aliases, in both directions.
import { publish } from '@hearth/testkit';
import { startServer } from '../support/server.js';

describe('a topic alias from a client', () => {
  it('stands for the topic that it was sent with', async () => {
    const server = await startServer();
    const watcher = await server.connect();
    await watcher.subscribe('#');
    const client = await server.connect();
    client.sendPublish({ topic: 'a/b', payload: '1', properties: { topicAlias: 1 } });
    client.sendPublish({ topic: '', payload: '2', properties: { topicAlias: 1 } });
    await watcher.expect('publish', { topic: 'a/b', payload: '1' });
    const { properties } = await watcher.expect('publish', { topic: 'a/b', payload: '2' });
    expect(properties).toBeUndefined();
  });

  it('may be given another topic', async () => {
    const server = await startServer();
    const watcher = await server.connect();
    await watcher.subscribe('#');
    const client = await server.connect();
    for (const topic of ['a', 'b', '']) {
      client.sendPublish({ topic, properties: { topicAlias: 1 } });
    }
    await watcher.expect('publish', { topic: 'a' });
    await watcher.expect('publish', { topic: 'b' });
    await watcher.expect('publish', { topic: 'b' });
  });

  it('may be any up to the announced maximum, each on its own [MQTT-3.3.2-12]', async () => {
    const server = await startServer({ limits: { topicAliasMaximum: 3 } });
    const watcher = await server.connect();
    await watcher.subscribe('#');
    const client = await server.connect();
    for (const alias of [1, 2, 3]) {
      client.sendPublish({ topic: `t/${alias}`, properties: { topicAlias: alias } });
      await watcher.expect('publish', { topic: `t/${alias}` });
    }
    for (const alias of [3, 1, 2]) {
      client.sendPublish({ topic: '', qos: 1, properties: { topicAlias: alias } });
      await client.expect('puback');
      await watcher.expect('publish', { topic: `t/${alias}` });
    }
  });

  it.each([
    ['0', 0, 'a', [0x94]],
    ['beyond the maximum', 4, 'a', [0x94]],
    ['that has no topic yet', 2, '', [0x82]],
  ])(
    '%s ends the connection [MQTT-3.2.2-17] [MQTT-3.3.2-8] [MQTT-3.3.2-9]',
    async (_what, topicAlias, topic, reasonCodes) => {
      const server = await startServer({ limits: { topicAliasMaximum: 3 } });
      const client = await server.connect();
      client.sendPublish({ topic, properties: { topicAlias } });
      await client.expectDisconnected(...reasonCodes);
    },
  );

  it('may not be used at all where none is announced [MQTT-3.2.2-18]', async () => {
    const server = await startServer({ limits: { topicAliasMaximum: 0 } });
    const client = await server.connect();
    expect(client.connack.properties?.topicAliasMaximum ?? 0).toBe(0);
    client.sendPublish({ topic: 'a', properties: { topicAlias: 1 } });
    await client.expectDisconnected(0x94);
  });

  it('is needed with an empty topic', async () => {
    const server = await startServer();
    const client = await server.connect();
    client.send(publish(5, { topic: '' }));
    await client.expectDisconnected(0x82);
  });

  it('ends with its connection, also when the session goes on [MQTT-3.3.2-7]', async () => {
    const server = await startServer();
    const session = {
      clientId: 's',
      cleanStart: false,
      properties: { sessionExpiryInterval: 100 },
    };
    const first = await server.connect(session);
    await first.publish({ topic: 'a', properties: { topicAlias: 1 } });
    await first.disconnect();
    const second = await server.connect(session);
    second.sendPublish({ topic: '', properties: { topicAlias: 1 } });
    await second.expectDisconnected(0x82);
  });

  it('is not shared with another connection', async () => {
    const server = await startServer();
    const first = await server.connect();
    await first.publish({ topic: 'a', properties: { topicAlias: 1 } });
    const second = await server.connect();
    second.sendPublish({ topic: '', properties: { topicAlias: 1 } });
    await second.expectDisconnected(0x82);
  });

  it('is authorised as the topic that it stands for', async () => {
    const server = await startServer({
      grants: { alice: { password: 'p', publish: ['mine/#'], subscribe: ['#'] } },
    });
    const client = await server.connect({ username: 'alice', password: 'p' });
    client.sendPublish({ topic: 'foreign', qos: 1, properties: { topicAlias: 1 } });
    await client.expect('puback', { reasonCode: 0x87 });
    client.sendPublish({ topic: '', qos: 1, properties: { topicAlias: 1 } });
    await client.expect('puback', { reasonCode: 0x87 });
    expect(server.heard('denied')).toHaveLength(2);
  });
});

describe('a topic alias to a client', () => {
  it('is not used without the permission of the client [MQTT-3.1.2-27]', async () => {
    const server = await startServer();
    const client = await server.connect();
    await client.subscribe('a');
    for (let i = 0; i < 5; i++) {
      client.sendPublish({ topic: 'a' });
      const { properties } = await client.expect('publish', { topic: 'a' });
      expect(properties).toBeUndefined();
    }
  });

  it('is at most what the client permits, and comes with its topic first [MQTT-3.3.2-11]', async () => {
    const server = await startServer();
    const client = await server.connect({ properties: { topicAliasMaximum: 2 } });
    await client.subscribe('#');
    const names = new Map<number, string>();
    const used = new Set<number>();
    for (let i = 0; i < 40; i++) {
      const topic = `t/${i % 4}`;
      client.sendPublish({ topic });
      const message = await client.expect('publish');
      const alias = message.properties?.topicAlias;
      if (alias !== undefined) used.add(alias);
      if (alias !== undefined && message.topic !== '') names.set(alias, message.topic);
      expect(message.topic === '' ? names.get(alias ?? 0) : message.topic).toBe(topic);
    }
    expect([...used].every((alias) => alias === 1 || alias === 2)).toBe(true);
  });

  it('is explained again on the next connection [MQTT-3.3.2-7]', async () => {
    const server = await startServer();
    const session = {
      clientId: 's',
      cleanStart: false,
      properties: { sessionExpiryInterval: 100, topicAliasMaximum: 5 },
    };
    const first = await server.connect(session);
    await first.subscribe({ filter: 'a', qos: 1 });
    for (let i = 0; i < 3; i++) {
      server.broker.publish({ topic: 'a', payload: 'x', qos: 1 });
      await first.take();
    }
    await first.disconnect();
    const second = await server.connect(session);
    server.broker.publish({ topic: 'a', payload: 'x', qos: 1 });
    await second.take({ topic: 'a' });
  });
});
