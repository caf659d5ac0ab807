import { createServer } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { connectRaw } from '@hearth/testkit';
import { WebSocket } from 'ws';
import { allowAll } from './auth/allow-all.js';
import type { Broker } from './broker.js';
import { createBroker } from './create-broker.js';
import { ListenFailed } from './errors.js';
import type { BrokerOptions } from './options.js';

const disposals: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const dispose of disposals.splice(0).reverse()) await dispose();
});

async function started(
  options: Partial<BrokerOptions> = {},
): Promise<{ broker: Broker; port: number }> {
  const broker = createBroker({
    listeners: [{ transport: 'tcp', port: 0, host: '127.0.0.1' }],
    authenticator: allowAll(),
    ...options,
  });
  await broker.start();
  disposals.push(() => broker.stop());
  return { broker, port: broker.addresses.at(0)?.port ?? 0 };
}

describe(createBroker.name, () => {
  it('rejects a taken port with an error that names it, and listens nowhere', async () => {
    const { port } = await started();
    const broker = createBroker({
      listeners: [
        { transport: 'tcp', port: 0, host: '127.0.0.1' },
        { transport: 'tcp', port, host: '127.0.0.1' },
      ],
    });
    await expect(broker.start()).rejects.toThrow(ListenFailed);
    await expect(broker.start()).rejects.toMatchObject({ port, code: 'EADDRINUSE' });
    expect(broker.addresses).toEqual([]);
  });

  it('refuses everybody without an authenticator', async () => {
    const broker = createBroker({ listeners: [{ transport: 'tcp', port: 0, host: '127.0.0.1' }] });
    await broker.start();
    disposals.push(() => broker.stop());
    const refused = new Promise((resolve) => {
      broker.on('refused', resolve);
    });
    const socket = connect(broker.addresses.at(0)?.port ?? 0, '127.0.0.1');
    socket.write(Buffer.from('100d00044d5154540402003c000161', 'hex'));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString('hex')).toBe('20020005');
    expect(await refused).toMatchObject({ clientId: 'a', reasonCode: 0x87 });
    socket.destroy();
  });

  it('counts what its own messages reached', async () => {
    const { broker, port } = await started();
    const outcomes: string[] = [];
    const client = await connectRaw({ port }, { version: 5, clientId: 'c' });
    await client.subscribe({ filter: 'a', qos: 1 });
    const onDelivery = ({ clientId, outcome }: { clientId: string; outcome: string }): void =>
      void outcomes.push(`${clientId} ${outcome}`);
    expect(broker.publish({ topic: 'a', payload: 'x', qos: 1, onDelivery })).toEqual({
      matched: 1,
      sent: 1,
      queued: 0,
    });
    expect(broker.publish({ topic: 'b', payload: 'x' })).toEqual({
      matched: 0,
      sent: 0,
      queued: 0,
    });
    await client.acknowledge(await client.expect('publish', { payload: 'x' }));
    await client.roundTrip();
    expect(outcomes).toEqual(['c acknowledged']);
    client.cut();
  });

  it.each(['', 'a/+', 'a\u0000'])('publishes nothing to %j', async (topic) => {
    const { broker } = await started();
    expect(() => broker.publish({ topic, payload: '' })).toThrow(RangeError);
  });

  it('survives a handler that throws, and reports it', async () => {
    const errors: unknown[] = [];
    const { broker } = await started({ onError: (error) => errors.push(error) });
    broker.subscribe('#', () => {
      throw new Error('handler');
    });
    const heard: string[] = [];
    const stop = broker.subscribe('a/#', ({ topic }) => heard.push(topic));
    broker.publish({ topic: 'a/b', payload: 'x', retain: true });
    stop();
    broker.publish({ topic: 'a/b', payload: 'x' });
    broker.subscribe('a/+', ({ payload }) => heard.push(payload.toString()), { retained: true });
    expect(heard).toEqual(['a/b', 'x']);
    expect(errors).toHaveLength(2);
  });
});

describe('MQTT over WebSocket', () => {
  async function open(url: string, protocol?: string): Promise<WebSocket> {
    const socket = new WebSocket(url, protocol === undefined ? [] : [protocol]);
    disposals.push(() => Promise.resolve(socket.terminate()));
    await once(socket, 'open');
    return socket;
  }

  it('takes a byte stream cut into frames anywhere', async () => {
    const { port } = await started({
      listeners: [{ transport: 'websocket', port: 0, host: '127.0.0.1' }],
    });
    const socket = await open(`ws://127.0.0.1:${port}/`, 'mqtt');
    for (const byte of Buffer.from('100d00044d5154540402003c000161c000', 'hex')) {
      socket.send(Buffer.from([byte]));
    }
    const answers: Buffer[] = [];
    socket.on('message', (data: Buffer) => answers.push(data));
    while (Buffer.concat(answers).length < 6) await once(socket, 'message');
    expect(Buffer.concat(answers).toString('hex')).toBe('20020000d000');
  });

  it('cuts a stranger who sends more than a CONNECT may have', async () => {
    const broker = createBroker({ listeners: [], authenticator: allowAll() });
    const server = createServer();
    server.on('upgrade', broker.handleUpgrade);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    disposals.push(() => broker.stop());
    disposals.push(() => Promise.resolve(server.close()));
    const { port } = server.address() as { port: number };
    const socket = await open(`ws://127.0.0.1:${port}/mqtt`, 'mqtt');
    socket.on('error', () => undefined);
    socket.send(Buffer.alloc(100_000));
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(1006);
  });

  it('refuses an upgrade without the subprotocol', async () => {
    const broker = createBroker({
      listeners: [{ transport: 'websocket', port: 0, host: '127.0.0.1', path: '/mqtt' }],
    });
    await broker.start();
    disposals.push(() => broker.stop());
    const base = `ws://127.0.0.1:${broker.addresses.at(0)?.port}`;
    await expect(open(`${base}/mqtt`)).rejects.toThrow('400');
    await expect(open(`${base}/other`, 'mqtt')).rejects.toThrow('404');
  });
});
