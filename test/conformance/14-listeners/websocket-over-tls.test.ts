// [MQTT-6.0.0-1] MQTT over WebSocket over TLS, and which pages may open a WebSocket.
import { once } from 'node:events';
import { connect } from 'node:net';
import { FakeClock, openRaw, within } from '@hearth/testkit';
import type { ClientCertificate, ListenerOptions } from '@hearth/mqtt-broker';
import { WebSocket, type ClientOptions } from 'ws';
import { afterwards, startServer, versions, type TestServer } from '../support/server.js';
import { authority, identity, openTlsSocket, portOf, SERVER_NAME } from '../support/tls.js';
import { overWebSocket } from '../support/websocket.js';

const secure: ListenerOptions = {
  transport: 'wss',
  port: 0,
  host: '127.0.0.1',
  path: '/mqtt',
  tls: { key: identity.key, cert: identity.cert },
};

async function open(server: TestServer, options: ClientOptions = {}): Promise<WebSocket> {
  const [scheme, transport] = server.broker.addresses.some((one) => one.transport === 'wss')
    ? ['wss', 'wss']
    : ['ws', 'websocket'];
  const trust = { ca: authority.ca, servername: SERVER_NAME };
  const url = `${scheme}://127.0.0.1:${portOf(server, transport)}/mqtt`;
  const socket = new WebSocket(url, ['mqtt'], { ...trust, ...options });
  afterwards(async () => socket.terminate());
  await within(8000, 'the WebSocket handshake', once(socket, 'open'));
  return socket;
}

describe.each(versions)('MQTT $name over WebSocket over TLS', ({ version }) => {
  it('connects and exchanges messages', async () => {
    const server = await startServer({ listeners: [secure] });
    const connected = server.next('connected');
    const client = await overWebSocket(await open(server), { version }).connect({ clientId: 'w' });
    expect(await connected).toMatchObject({ transport: 'wss', address: '127.0.0.1' });
    await client.subscribe({ filter: 'a', qos: 2 });
    const tcp = await server.connect({ version });
    await tcp.publish({ topic: 'a', payload: 'x'.repeat(100_000), qos: 2 });
    await client.take({ payload: 'x'.repeat(100_000), qos: 2 });
    await client.disconnect();
  });
});

describe('a wss listener', () => {
  it('knows the client certificate', async () => {
    const certificates: (ClientCertificate | undefined)[] = [];
    const tls = { ...secure.tls, requestCertificate: 'required', ca: authority.ca } as const;
    const server = await startServer({
      listeners: [{ ...secure, tls, name: 'pages' }],
      authenticator: {
        authenticate: ({ certificate, listener }) => {
          certificates.push(certificate);
          expect(listener).toBe('pages');
          return { id: 'x', canPublish: () => true, canSubscribe: () => true };
        },
      },
    });
    const { cert, key } = authority.issue('browser');
    await overWebSocket(await open(server, { cert, key })).connect();
    expect(certificates).toMatchObject([{ commonName: 'browser' }]);
    await expect(open(server)).rejects.toThrow(/certificate required|hang up|ECONNRESET/);
  });

  it.each<[string, (port: number) => Promise<unknown>, string]>([
    [
      'HTTP in plain text',
      async (port) =>
        connect(port, '127.0.0.1')
          .on('error', () => undefined)
          .write('GET / HTTP/1.1\r\n\r\n'),
      'no TLS on a TLS port: plain HTTP',
    ],
    [
      'something else than HTTP',
      async (port) => (await openTlsSocket(port)).write(Buffer.from('c000', 'hex')),
      'no HTTP request',
    ],
    [
      'plain HTTP over TLS',
      async (port) => (await openTlsSocket(port)).write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
      'this port speaks MQTT over WebSocket',
    ],
    [
      'a client that says nothing and goes',
      async (port) => (await openTlsSocket(port)).end(),
      'connection closed before its upgrade',
    ],
  ])('turns away %s', async (_what, act, cause) => {
    const server = await startServer({ listeners: [secure] });
    const refused = server.next('refused');
    await act(portOf(server, 'wss'));
    expect(await refused).toMatchObject({ transport: 'wss', cause });
  });

  it('gives TLS and upgrade handshakeTimeoutMs together', async () => {
    const clock = new FakeClock();
    const server = await startServer({
      listeners: [secure],
      limits: { handshakeTimeoutMs: 5000, maxConnections: 1 },
      clock,
    });
    const socket = await openTlsSocket(portOf(server, 'wss'));
    socket.write('GET /mqtt HTTP/1.1\r\n');
    const second = await openRaw(server.port);
    await second.expectClosed();
    const refused = server.next('refused');
    const closed = once(socket.resume(), 'close');
    clock.advance(5000);
    expect(await refused).toMatchObject({ cause: 'handshake not finished in time' });
    await within(8000, 'the end', closed);
    await overWebSocket(await open(server)).connect();
  });
});

describe('origins', () => {
  const listener: ListenerOptions = {
    transport: 'websocket',
    port: 0,
    host: '127.0.0.1',
    path: '/mqtt',
    origins: ['https://Home.example', 'http://localhost:3000'],
  };

  it.each(['https://home.example', 'http://localhost:3000', undefined])(
    'let pages of %s in',
    async (origin) => {
      const server = await startServer({ listeners: [listener] });
      const socket = await open(server, origin === undefined ? {} : { origin });
      await overWebSocket(socket).connect();
    },
  );

  it.each([
    'https://home.example.evil',
    'http://home.example',
    'http://localhost:3001',
    'null',
    '',
  ])('refuse pages of %j with 403', async (origin) => {
    const server = await startServer({ listeners: [listener] });
    const refused = server.next('refused');
    await expect(open(server, { headers: { origin } })).rejects.toThrow('403');
    expect(await refused).toMatchObject({ transport: 'websocket', reasonCode: 0x87 });
  });

  it('are any without the option', async () => {
    const { origins: _, ...rest } = listener;
    const server = await startServer({ listeners: [rest] });
    await overWebSocket(await open(server, { origin: 'https://evil.example' })).connect();
  });
});

describe('X-Forwarded-For', () => {
  it('is not believed', async () => {
    const server = await startServer({ listeners: [secure] });
    const connected = server.next('connected');
    const headers = { 'x-forwarded-for': '192.0.2.1' };
    await overWebSocket(await open(server, { headers })).connect();
    expect(await connected).toMatchObject({ address: '127.0.0.1' });
  });
});
