// [MQTT-3.8.3-3] [MQTT-3.8.3-4] [MQTT-3.3.1-12] [MQTT-3.3.1-13] Subscription options of 5.0: no local, retain as published.
import { startServer } from '../support/server.js';

describe('no local', () => {
  it('keeps a client from its own messages, and only from these', async () => {
    const server = await startServer();
    const client = await server.connect();
    await client.subscribe({ filter: 'a', noLocal: true });
    await client.publish({ topic: 'a', payload: 'own' });
    await (await server.connect()).publish({ topic: 'a', payload: 'foreign' });
    await client.expect('publish', { payload: 'foreign' });
    await client.expectNothing();
  });

  it('does not keep it from a message that another subscription of its own matches', async () => {
    const server = await startServer();
    const client = await server.connect();
    await client.subscribe([{ filter: 'a/#', noLocal: true }, { filter: 'a/b' }]);
    client.sendPublish({ topic: 'a/b', payload: 'own' });
    await client.expect('publish', { payload: 'own' });
    await client.publish({ topic: 'a/c', payload: 'own' });
  });

  it('may not be set on a shared subscription', async () => {
    const server = await startServer();
    const client = await server.connect();
    client.send('82 < 0001 <> "$share/g/a" 04 >');
    await client.expectDisconnected(0x82);
  });
});

describe('retain as published', () => {
  it('keeps the RETAIN flag as it was sent', async () => {
    const server = await startServer();
    const client = await server.connect();
    await client.subscribe({ filter: 'a', retainAsPublished: true });
    client.sendPublish({ topic: 'a', payload: '1', retain: true });
    await client.expect('publish', { payload: '1', retain: true });
    client.sendPublish({ topic: 'a', payload: '2', retain: false });
    await client.expect('publish', { payload: '2', retain: false });
  });

  it('is off by default: the RETAIN flag is cleared', async () => {
    const server = await startServer();
    const client = await server.connect();
    await client.subscribe('a');
    client.sendPublish({ topic: 'a', payload: '1', retain: true });
    await client.expect('publish', { payload: '1', retain: false });
  });
});
