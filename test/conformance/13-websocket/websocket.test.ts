// [MQTT-6.0.0-1] [MQTT-6.0.0-2] [MQTT-6.0.0-3] [MQTT-6.0.0-4] MQTT over WebSocket: binary frames, subprotocol mqtt, frames are not packets (CVE-2026-21888, CVE-2026-25627).
import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, openRaw, publish, within, wire } from '@hearth/testkit';
import { WebSocket } from 'ws';
import { afterwards, startServer, versions, type TestServer } from '../support/server.js';
import { openWebSocket, overWebSocket } from '../support/websocket.js';

const start = (limits = {}): Promise<TestServer> => startServer({ websocketPath: '/mqtt', limits });

describe.each(versions)('MQTT $name over WebSocket', ({ version }) => {
  it('connects, subscribes, publishes, is told apart by transport [MQTT-4.2.0-1]', async () => {
    const server = await start();
    const connected = server.next('connected');
    const client = await overWebSocket(await openWebSocket(server), { version }).connect({
      clientId: 'w',
    });
    expect(await connected).toMatchObject({ transport: 'websocket', address: '127.0.0.1' });
    await client.subscribe({ filter: 'a', qos: 2 });
    const tcp = await server.connect({ version });
    await tcp.publish({ topic: 'a', payload: 'from tcp', qos: 2 });
    await client.take({ payload: 'from tcp', qos: 2 });
    await tcp.subscribe('b');
    await client.publish({ topic: 'b', payload: 'from ws', qos: 2 });
    await tcp.expect('publish', { payload: 'from ws' });
    await client.disconnect();
  });

  it('reads packets that are cut into frames of one byte [MQTT-6.0.0-2]', async () => {
    const server = await start();
    const client = overWebSocket(await openWebSocket(server), { version });
    const bytes = Buffer.concat([
      connect({ version, clientId: 'w' }),
      publish(version, { topic: 'a', payload: 'x', qos: 1, packetId: 3 }),
    ]);
    for (const byte of bytes) client.send(Buffer.of(byte));
    await client.expect('connack');
    await client.expect('puback', { messageId: 3 });
  });

  it('reads many packets from one frame [MQTT-6.0.0-2]', async () => {
    const server = await start();
    const client = overWebSocket(await openWebSocket(server), { version });
    const publishes = Array.from({ length: 500 }, (_, i) =>
      publish(version, { topic: 'a', qos: 1, packetId: i + 1 }),
    );
    client.send(connect({ version, clientId: 'w' }), ...publishes, 'c000');
    await client.expect('connack');
    for (let messageId = 1; messageId <= 500; messageId++)
      await client.expect('puback', { messageId });
    await client.expect('pingresp');
  });

  it('does not hold a frame of many packets against the limit for one', async () => {
    const server = await start({ maxPacketBytes: 1000 });
    const client = await overWebSocket(await openWebSocket(server), { version }).connect({
      clientId: 'w',
    });
    const publishes = Array.from({ length: 30 }, () =>
      publish(version, { topic: 'a', payload: 'x'.repeat(500) }),
    );
    client.send(...publishes, 'c000');
    await client.expect('pingresp');
    expect(server.broker.stats().messagesIn[0]).toBe(30);
  });

  it('publishes the will when the WebSocket goes without a word', async () => {
    const server = await start();
    const watcher = await server.connect();
    await watcher.subscribe('w');
    const client = await overWebSocket(await openWebSocket(server), { version }).connect({
      clientId: 'w',
      will: { topic: 'w', payload: 'gone' },
    });
    client.cut();
    await watcher.expect('publish', { payload: 'gone' });
  });

  it('publishes the will also when the WebSocket is closed politely, but without DISCONNECT', async () => {
    const server = await start();
    const watcher = await server.connect();
    await watcher.subscribe('w');
    const socket = await openWebSocket(server);
    const client = await overWebSocket(socket, { version }).connect({
      clientId: 'w',
      will: { topic: 'w', payload: 'gone' },
    });
    socket.close();
    await watcher.expect('publish', { payload: 'gone' });
    await client.expectClosed();
  });

  it('ends a connection that breaks the protocol', async () => {
    const server = await start();
    const client = await overWebSocket(await openWebSocket(server), { version }).connect({
      clientId: 'w',
    });
    client.send('36 < "a" 0001 >');
    await client.expectDisconnected(0x81);
  });

  it('ends a connection whose packet is too large, by its announcement', async () => {
    const server = await start();
    const client = await overWebSocket(await openWebSocket(server), { version }).connect({
      clientId: 'w',
    });
    client.send('30 ff ff ff 7f');
    await client.expectDisconnected(0x95);
  });
});

describe('the WebSocket handshake', () => {
  it('chooses the subprotocol mqtt among those offered', async () => {
    const server = await start();
    const socket = await openWebSocket(server, { subprotocols: ['other', 'mqtt'] });
    expect(socket.protocol).toBe('mqtt');
  });

  it('takes the older mqttv3.1', async () => {
    const server = await start();
    const socket = await openWebSocket(server, { subprotocols: ['mqttv3.1'] });
    expect(socket.protocol).toBe('mqttv3.1');
  });

  it.each([
    ['without a subprotocol', { subprotocols: [] }],
    ['with a subprotocol that is not mqtt', { subprotocols: ['soap'] }],
    ['on another path', { path: '/other' }],
  ])('is refused %s [MQTT-6.0.0-3]', async (_what, options) => {
    const server = await start();
    await expect(openWebSocket(server, options)).rejects.toThrow(
      /Unexpected server response: 4\d\d/,
    );
  });

  it('answers plain HTTP with a plain word', async () => {
    const server = await start();
    const call = request({ port: server.websocketPort, host: '127.0.0.1', path: '/mqtt' }).end();
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(426);
    response.resume();
  });

  it('that is broken harms nobody', async () => {
    const server = await start();
    for (const head of [
      `'GET /mqtt HTTP/1.1' 0d0a 'Upgrade: websocket' 0d0a 'Connection: Upgrade' 0d0a 'Host: x' 0d0a 0d0a`,
      `'GET /mqtt HTTP/9.9' 0d0a 0d0a`,
      `'\0'`,
    ]) {
      const client = await openRaw(server.websocketPort);
      client.send(head);
      await within(
        8000,
        'the end',
        client.expectEnd().catch(() => undefined),
      );
      client.cut();
    }
    await (await server.connect()).roundTrip();
  });
});

describe('WebSocket frames', () => {
  it('of text end the connection [MQTT-6.0.0-1]', async () => {
    const server = await start();
    const socket = await openWebSocket(server);
    const closed = once(socket, 'close');
    socket.send('10 text');
    const [code] = await within(8000, 'the close', closed);
    expect(code).toBe(1003);
  });

  it('that announce gigabytes end the connection', async () => {
    const server = await start();
    const client = await openRaw(server.websocketPort);
    client.send(
      wire(
        `'GET /mqtt HTTP/1.1' 0d0a 'Host: x' 0d0a 'Upgrade: websocket' 0d0a 'Connection: Upgrade' 0d0a
         'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' 0d0a 'Sec-WebSocket-Version: 13' 0d0a
         'Sec-WebSocket-Protocol: mqtt' 0d0a 0d0a
         82 ff 0000 0002 0000 0000 01020304 'abc'`,
      ),
    );
    await within(
      8000,
      'the end',
      client.expectEnd().catch(() => undefined),
    );
    client.cut();
    expect(server.broker.clients()).toEqual([]);
    await (await server.connect()).roundTrip();
  });

  it('that ping are answered and are no MQTT', async () => {
    const server = await start();
    const socket = await openWebSocket(server);
    const client = await overWebSocket(socket).connect();
    const pong = once(socket, 'pong');
    socket.ping('hello');
    expect(String((await within(8000, 'the pong', pong))[0])).toBe('hello');
    await client.expectNothing();
  });

  it('without CONNECT end after connectTimeoutMs', async () => {
    const server = await start({ connectTimeoutMs: 50 });
    const client = overWebSocket(await openWebSocket(server));
    await client.expectClosed();
  });
});

describe('handleUpgrade', () => {
  it("takes MQTT over WebSocket from the embedding program's own HTTP server", async () => {
    const server = await startServer();
    const http = createServer();
    http.on('upgrade', (call, socket, head) => {
      if (call.url === '/mqtt') server.broker.handleUpgrade(call, socket, head);
      else socket.destroy();
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    afterwards(async () => void http.close());
    const socket = await openWebSocket({
      ...server,
      websocketPort: (http.address() as AddressInfo).port,
    });
    expect(socket.readyState).toBe(WebSocket.OPEN);
    const client = await overWebSocket(socket).connect();
    await client.subscribe('a');
    client.sendPublish({ topic: 'a', payload: 'x' });
    await client.expect('publish', { payload: 'x' });
    await client.disconnect();
  });
});
