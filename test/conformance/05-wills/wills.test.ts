// [MQTT-3.1.2-7] [MQTT-3.1.2-8] [MQTT-3.1.2-10] [MQTT-3.1.2-14] [MQTT-3.1.2-15] The will of a client that goes without a word.
import { connect, FakeClock, wire } from '@hearth/testkit';
import { startServer, versions } from '../support/server.js';

const will = { topic: 'status', payload: 'offline' };

describe.each(versions)('a will on MQTT $name', ({ version }) => {
  it('is published when the connection is cut', async () => {
    const server = await startServer();
    const watcher = await server.connect({ version });
    await watcher.subscribe('status');
    const client = await server.connect({ version, will });
    client.cut();
    await watcher.expect('publish', { ...will, retain: false, qos: 0 });
    await watcher.expectNothing();
  });

  it('is not published after DISCONNECT [MQTT-3.14.4-3]', async () => {
    const server = await startServer();
    const watcher = await server.connect({ version });
    await watcher.subscribe('status');
    const client = await server.connect({ version, will });
    await client.disconnect();
    await watcher.expectNothing();
  });

  it('is none without the will flag [MQTT3-3.1.2-12]', async () => {
    const server = await startServer();
    const watcher = await server.connect({ version });
    await watcher.subscribe('#');
    const gone = server.next('disconnected');
    (await server.connect({ version })).cut();
    expect((await gone).cause).toBe('socket-closed');
    await watcher.expectNothing();
  });

  it('is published when the keep alive runs out', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock });
    const watcher = await server.connect({ version });
    await watcher.subscribe('status');
    const client = await server.connect({ version, will, keepAliveSeconds: 10 });
    clock.advance(17_000);
    await client.expectDisconnected(0x8d);
    await watcher.expect('publish', will);
  });

  it('is published when the client breaks the protocol', async () => {
    const server = await startServer();
    const watcher = await server.connect({ version });
    await watcher.subscribe('status');
    const client = await server.connect({ version, will });
    client.send('82 < 0000 >');
    await client.expectDisconnected(0x81, 0x82);
    await watcher.expect('publish', will);
  });

  it('is published when another connection takes over', async () => {
    const server = await startServer();
    const watcher = await server.connect({ version });
    await watcher.subscribe('status');
    const first = await server.connect({ version, will, clientId: 'same' });
    const second = await server.connect({ version, clientId: 'same' });
    await first.expectDisconnected(0x8e);
    await watcher.expect('publish', will);
    await second.expectNothing();
  });

  it.each([0, 1, 2] as const)('is published at QoS %d', async (qos) => {
    const server = await startServer();
    const watcher = await server.connect({ version });
    await watcher.subscribe({ filter: 'status', qos: 2 });
    const client = await server.connect({ version, will: { ...will, qos } });
    client.cut();
    await watcher.take({ ...will, qos });
  });

  it('is retained when it says so', async () => {
    const server = await startServer();
    const watcher = await server.connect({ version });
    await watcher.subscribe('status');
    const client = await server.connect({ version, will: { ...will, retain: true } });
    client.cut();
    await watcher.expect('publish', { ...will, retain: false });
    const late = await server.connect({ version });
    await late.subscribe('status');
    await late.expect('publish', { ...will, retain: true });
  });

  it('is not retained when it does not', async () => {
    const server = await startServer();
    const watcher = await server.connect({ version });
    await watcher.subscribe('status');
    const client = await server.connect({ version, will });
    client.cut();
    await watcher.expect('publish', will);
    await watcher.subscribe('status');
    await watcher.expectNothing();
  });

  it('with an empty payload removes a retained message', async () => {
    const server = await startServer();
    const watcher = await server.connect({ version });
    await watcher.publish({ topic: 'status', payload: 'online', retain: true });
    await watcher.subscribe('status');
    await watcher.expect('publish', { payload: 'online' });
    const client = await server.connect({
      version,
      will: { topic: 'status', payload: '', retain: true },
    });
    client.cut();
    await watcher.expect('publish', { payload: '' });
    await watcher.subscribe('status');
    await watcher.expectNothing();
  });

  it('may carry any bytes', async () => {
    const server = await startServer();
    const watcher = await server.connect({ version });
    await watcher.subscribe('status');
    const payload = wire('00 ff 80 0a');
    (await server.connect({ version, will: { topic: 'status', payload } })).cut();
    await watcher.expect('publish', { payload });
  });

  it('belongs to one connection, not to the next', async () => {
    const server = await startServer();
    const watcher = await server.connect({ version });
    await watcher.subscribe('status');
    const first = await server.connect({ version, will, clientId: 'c', cleanStart: false });
    first.cut();
    await watcher.expect('publish', will);
    const gone = server.next('disconnected');
    (await server.connect({ version, clientId: 'c', cleanStart: false })).cut();
    await gone;
    await watcher.expectNothing();
  });

  it('is announced to the embedding program and goes through accept', async () => {
    const accepted: string[] = [];
    const server = await startServer({
      accept: ({ kind, topic, payload }) =>
        void accepted.push(`${kind} ${topic} ${payload.toString()}`),
    });
    const published = server.next('will');
    (await server.connect({ version, clientId: 'c', will })).cut();
    expect(await published).toMatchObject({ clientId: 'c', topic: 'status' });
    expect(accepted).toEqual(['will status offline']);
  });

  it('is published when the server stops, to whoever is still there', async () => {
    const accepted: string[] = [];
    const server = await startServer({ accept: ({ topic }) => void accepted.push(topic) });
    const client = await server.connect({ version, will });
    await Promise.all([server.broker.stop(), client.expectDisconnected(0x8b)]);
    expect(accepted).toEqual(['status']);
  });
});

describe('a will on MQTT 5.0', () => {
  it('is published after DISCONNECT with will message (0x04)', async () => {
    const server = await startServer();
    const watcher = await server.connect();
    await watcher.subscribe('status');
    const client = await server.connect({ will });
    await client.disconnect(0x04);
    await watcher.expect('publish', will);
  });

  it('carries its properties [MQTT-3.1.3-10]', async () => {
    const server = await startServer();
    const watcher = await server.connect();
    await watcher.subscribe('status');
    const properties = {
      payloadFormatIndicator: 1,
      messageExpiryInterval: 60,
      contentType: 't',
      responseTopic: 'r',
      correlationData: 'c',
      userProperties: [['k', 'v']],
    } as const;
    (await server.connect({ will: { ...will, properties } })).cut();
    const message = await watcher.expect('publish', will);
    expect(message.properties).toEqual({
      payloadFormatIndicator: true,
      messageExpiryInterval: 60,
      contentType: 't',
      responseTopic: 'r',
      correlationData: Buffer.from('c'),
      userProperties: { k: 'v' },
    });
  });
});

describe('the response topic of a will on MQTT 5.0', () => {
  it.each(['a/+', '#', ''])('may not be %j [MQTT-3.3.2-14]', async (responseTopic) => {
    const server = await startServer();
    const client = await server.open();
    client.send(connect({ clientId: 'c', will: { ...will, properties: { responseTopic } } }));
    await client.expect('connack', { reasonCode: 0x82 });
    await client.expectClosed();
  });
});
