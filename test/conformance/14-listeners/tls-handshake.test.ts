// MQTT over TLS (section 4.2): which handshakes lead to a CONNECT, and what becomes of all others.
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { Duplex } from 'node:stream';
import { FakeClock, openRaw, within } from '@hearth/testkit';
import { afterwards, startServer, versions, type TestServer } from '../support/server.js';
import { openTls, openTlsSocket, overTls, portOf } from '../support/tls.js';

describe.each(versions)('MQTT $name over TLS', ({ version }) => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'connects and exchanges messages over %s',
    async (tls) => {
      const server = await startServer({ listeners: [overTls()] });
      const connected = server.next('connected');
      const client = await openTls(portOf(server, 'tls'), { version, maxVersion: tls });
      await client.connect({ version, clientId: 't' });
      expect(await connected).toMatchObject({ transport: 'tls', address: '127.0.0.1' });
      await client.subscribe({ filter: 'a', qos: 2 });
      const payload = 'x'.repeat(100_000);
      await client.publish({ topic: 'b', payload, qos: 2 });
      const tcp = await server.connect({ version });
      await tcp.publish({ topic: 'a', payload, qos: 2 });
      await client.take({ payload, qos: 2 });
      await client.disconnect();
    },
  );
});

describe('a TLS listener', () => {
  it('speaks mqtt in ALPN', async () => {
    const server = await startServer({ listeners: [overTls()] });
    const socket = await openTlsSocket(portOf(server, 'tls'), { ALPNProtocols: ['h2', 'mqtt'] });
    expect(socket.alpnProtocol).toBe('mqtt');
  });

  it('tells the authenticator its name', async () => {
    const names: (string | undefined)[] = [];
    const server = await startServer({
      listeners: [overTls({}, 'outside')],
      authenticator: {
        authenticate: ({ listener }) => {
          names.push(listener);
          return { id: 'x', canPublish: () => true, canSubscribe: () => true };
        },
      },
    });
    const client = await openTls(portOf(server, 'outside'));
    await client.connect({ clientId: 't' });
    await server.connect();
    expect(names).toEqual(['outside', undefined]);
  });

  it('does not renegotiate', async () => {
    const server = await startServer({ listeners: [overTls()] });
    const socket = await openTlsSocket(portOf(server, 'tls'), { maxVersion: 'TLSv1.2' });
    const failed = new Promise<Error>((resolve) => {
      socket.on('error', resolve);
      socket.renegotiate({}, (error) => error !== null && resolve(error));
    });
    expect(await within(8000, 'the answer', failed)).toMatchObject({
      code: 'ERR_SSL_NO_RENEGOTIATION',
    });
    await (await server.connect()).roundTrip();
  });
});

describe('a TLS handshake fails, and the refusal says why,', () => {
  const turnedAway = async (
    server: TestServer,
    act: (port: number) => void,
  ): Promise<Record<string, unknown>> => {
    const refused = server.next('refused');
    act(portOf(server, 'tls'));
    return { ...(await refused) };
  };
  const raw = (port: number, bytes: string | Buffer): Socket => {
    const socket = connectTcp(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(bytes);
    afterwards(async () => void socket.destroy());
    return socket;
  };
  const attempt = (port: number, options: object): void => {
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
    socket.on('error', () => undefined);
    afterwards(async () => void socket.destroy());
  };

  it.each<[string, string, (port: number) => void]>([
    [
      'MQTT in plain text',
      'no TLS on a TLS port',
      (port) => raw(port, Buffer.from('100d00044d5154540402003c000161', 'hex')),
    ],
    [
      'plain HTTP',
      'no TLS on a TLS port: plain HTTP',
      (port) => raw(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
    ],
    [
      'a version that is too old',
      'no common TLS version',
      (port) =>
        attempt(port, {
          minVersion: 'TLSv1',
          maxVersion: 'TLSv1.1',
          ciphers: 'DEFAULT@SECLEVEL=0',
        }),
    ],
    [
      'no cipher in common',
      'no common TLS cipher',
      (port) => attempt(port, { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' }),
    ],
    [
      'another protocol in ALPN',
      'no common ALPN protocol',
      (port) => attempt(port, { ALPNProtocols: ['h2'] }),
    ],
    [
      'a client that does not trust us',
      'the client does not trust the certificate of this listener',
      (port) =>
        void clientHello({ maxVersion: 'TLSv1.2' }).then((hello) => {
          const unknownCa = Buffer.from('15030300020230', 'hex');
          raw(port, Buffer.concat([hello, unknownCa]));
        }),
    ],
    [
      'a client that hangs up',
      'connection closed during the TLS handshake',
      (port) => raw(port, Buffer.from('1603010200', 'hex')).end(),
    ],
    [
      'a client that resets',
      'connection closed during the TLS handshake',
      (port) => {
        const socket = raw(port, Buffer.from('1603010200', 'hex'));
        socket.once('connect', () => setImmediate(() => socket.resetAndDestroy()));
      },
    ],
  ])('on %s', async (_what, cause, act) => {
    const server = await startServer({ listeners: [overTls()] });
    expect(await turnedAway(server, act)).toMatchObject({
      transport: 'tls',
      address: '127.0.0.1',
      clientId: undefined,
      cause,
    });
    expect(server.broker.stats().connectionsOpened).toBe(0);
  });

  it('wherever it is cut', async () => {
    const server = await startServer({ listeners: [overTls()], limits: { maxConnections: 1 } });
    const hello = await clientHello();
    const lengths = [0, 1, 4, 5, 6, 9, 43, 44, hello.length - 1, hello.length];
    for (const length of lengths) {
      const refused = await turnedAway(server, (port) =>
        raw(port, hello.subarray(0, length)).end(),
      );
      expect(refused['cause']).toBe('connection closed during the TLS handshake');
    }
    // Each of them gave its place back.
    const client = await openTls(portOf(server, 'tls'));
    await client.connect({ clientId: 'after' });
  });
});

describe('handshakeTimeoutMs', () => {
  it('ends a handshake that goes on and on, however slowly', async () => {
    const clock = new FakeClock();
    const limits = { handshakeTimeoutMs: 5000, maxConnections: 1 };
    const server = await startServer({ listeners: [overTls()], limits, clock });
    const stranger = await openRaw(portOf(server, 'tls'));
    const hello = await clientHello();
    stranger.send(hello.subarray(0, 10));
    // It has the only place: whoever comes behind it is cut.
    const second = await openRaw(server.port);
    await second.expectClosed();
    clock.advance(4999);
    stranger.send(hello.subarray(10, 20));
    const refused = server.next('refused');
    clock.advance(1);
    expect(await refused).toMatchObject({ cause: 'handshake not finished in time' });
    await stranger.expectClosed();
    const client = await openTls(portOf(server, 'tls'));
    await client.connect({ clientId: 'after' });
  });

  it('is over when the handshake is', async () => {
    const clock = new FakeClock();
    const limits = { handshakeTimeoutMs: 5000 };
    const server = await startServer({ listeners: [overTls()], limits, clock });
    const client = await openTls(portOf(server, 'tls'));
    await client.connect({ clientId: 'c', keepAliveSeconds: 0 });
    expect(clock.pending).toBe(0);
    clock.advance(5001);
    await client.roundTrip();
  });
});

describe('stop', () => {
  it('ends handshakes that are under way', async () => {
    const server = await startServer({ listeners: [overTls()] });
    const stranger = await openRaw(portOf(server, 'tls'));
    stranger.send((await clientHello()).subarray(0, 10));
    // Taken by now, because one that came later was served.
    await (await openTls(portOf(server, 'tls'))).connect({ clientId: 'c' }).then((c) => c.cut());
    await server.broker.stop();
    await stranger.expectClosed();
  });
});

/** The first flight of a client. */
async function clientHello(options: ConnectionOptions = {}): Promise<Buffer> {
  const flights: Buffer[] = [];
  const wire = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      flights.push(chunk);
      done();
    },
  });
  const socket = connectTls({ ...options, socket: wire });
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    const look = (): void => void (flights.length > 0 ? resolve() : setImmediate(look));
    look();
  });
  socket.destroy();
  return Buffer.concat(flights);
}
