// CVE-2017-7651, CVE-2023-0809, CVE-2021-33175: memory does not grow by what a stranger announces or sends before CONNECT.
import { connect, FakeClock, openRaw, wire } from '@hearth/testkit';
import { startServer, versions } from '../support/server.js';

const MIB = 1024 * 1024;

/** Memory of all buffers of this process, also of those that nobody has written to yet. */
function bufferMib(): number {
  return process.memoryUsage().arrayBuffers / MIB;
}

describe('a stranger', () => {
  it('that announces a CONNECT of 256 MiB is let go at once', async () => {
    const server = await startServer();
    const client = await server.open();
    client.send('10 ff ff ff 7f');
    await client.expectClosed();
    expect(server.heard('refused')).toHaveLength(1);
  });

  it('that sends a CONNECT beyond maxConnectPacketBytes is let go, one below is not', async () => {
    const server = await startServer({ limits: { maxConnectPacketBytes: 2000 } });
    const fitting = await server.open();
    fitting.send(connect({ clientId: 'c', username: 'u', password: 'x'.repeat(1900) }));
    await fitting.expect('connack', { reasonCode: 0 });
    const larger = await server.open();
    larger.send(connect({ clientId: 'd', username: 'u', password: 'x'.repeat(2000) }));
    await larger.expectEnd();
  });

  it('that sends half a CONNECT is let go after connectTimeoutMs', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock, limits: { connectTimeoutMs: 5000 } });
    const witness = await server.connect();
    const client = await server.open();
    client.send('10 vbi:29 "MQTT" 05 02 0000 <> 0010');
    await witness.roundTrip();
    clock.advance(5001);
    await client.expectClosed();
  });

  it('that trickles bytes without an end gains no time by it', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock, limits: { connectTimeoutMs: 5000 } });
    const witness = await server.connect();
    const client = await server.open();
    const bytes = connect({ clientId: 'x'.repeat(100) });
    for (let i = 0; i < 10; i++) {
      client.send(bytes.subarray(i, i + 1));
      await witness.roundTrip();
      clock.advance(600);
    }
    await client.expectClosed();
  });

  it('multiplied by two hundred, each announcing 16 KiB, cost little memory', async () => {
    const server = await startServer();
    const before = bufferMib();
    const strangers = await Promise.all(Array.from({ length: 200 }, () => server.open()));
    for (const stranger of strangers) stranger.send('10 vbi:16000 "MQTT"');
    await (await server.connect()).roundTrip();
    expect(bufferMib() - before).toBeLessThan(20);
    for (const stranger of strangers) stranger.cut();
  });

  it('cannot make the broker hold what it sends while its credentials are looked up', async () => {
    const asked: (() => void)[] = [];
    const server = await startServer({
      authenticator: {
        authenticate: () =>
          new Promise((resolve) => asked.push(() => resolve({ refused: true, reasonCode: 0x87 }))),
      },
    });
    const stranger = await server.open();
    stranger.send(connect({ clientId: 'c' }));
    // 64 MiB: beyond what the kernel takes, the stranger has to keep them itself.
    const chunk = Buffer.alloc(MIB, '0');
    for (let i = 0; i < 64; i++) stranger.send(chunk);
    while (asked.length === 0) await new Promise(setImmediate);
    const witness = await server.open();
    witness.cut();
    expect(server.broker.stats().bytesIn).toBeLessThan(4 * MIB);
    asked[0]!();
    stranger.cut();
  });
});

describe.each(versions)('a known client on MQTT $name', ({ version }) => {
  it('that announces 300 MB is disconnected before it sends them', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    client.send('30 ff ff ff 7f');
    await client.expectDisconnected(0x95);
  });

  it('that announces a megabyte and sends nothing holds no megabyte', async () => {
    const server = await startServer();
    const clients = await Promise.all(
      Array.from({ length: 100 }, () => server.connect({ version })),
    );
    const before = bufferMib();
    for (const client of clients) client.send('30 vbi:1000000 "a"');
    await (await server.connect()).roundTrip();
    expect(bufferMib() - before).toBeLessThan(30);
  });
});

describe('maxConnections', () => {
  it('lets further connections go, and takes new ones when there is room', async () => {
    const server = await startServer({ limits: { maxConnections: 3 } });
    const clients = [await server.connect(), await server.connect(), await server.connect()];
    const further = await openRaw(server.port);
    await further.expectClosed();
    const gone = server.next('disconnected');
    clients[0]!.cut();
    await gone;
    await server.connect();
  });
});

describe('maxSessions', () => {
  it('refuses a CONNECT that needs one more with 0x97', async () => {
    const server = await startServer({ limits: { maxSessions: 2 } });
    const session = { cleanStart: false, properties: { sessionExpiryInterval: 100 } };
    await server.connect({ ...session, clientId: 'a' });
    await (await server.connect({ ...session, clientId: 'b' })).disconnect();
    const third = await server.open();
    third.send(connect({ ...session, clientId: 'c' }));
    await third.expect('connack', { reasonCode: 0x97 });
    await third.expectClosed();
    const back = await server.connect({ ...session, clientId: 'b' });
    expect(back.connack.sessionPresent).toBe(true);
  });
});

describe('random bytes', () => {
  it('end connections, and nothing else', async () => {
    const server = await startServer();
    const witness = await server.connect();
    let seed = 42;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % below;
    };
    const good = [
      connect({ clientId: 'f', will: { topic: 'w' }, username: 'u', password: 'p' }),
      wire(`32 < "a/b" 0001 < 01 01 02 00000009 23 0001 26 "k" "v" > 'payload' >`),
      wire('82 < 0001 < 0b 05 > "a/#" 01 "b" 02 >'),
      wire('62 02 0001'),
      wire('e0 < 00 < 11 00000001 > >'),
    ];
    for (let round = 0; round < 150; round++) {
      const client = await server.open();
      if (round % 2 === 0) await client.connect({ clientId: 'fuzz' });
      for (let packet = 0; packet < 4; packet++) {
        const bytes = Buffer.from(good[random(good.length)]!);
        for (let flip = random(4); flip >= 0; flip--) bytes[random(bytes.length)] = random(256);
        client.send(bytes);
      }
      client.send('c000');
      await witness.roundTrip();
      client.cut();
    }
    await witness.roundTrip();
    // A shuffled CONNECT may leave a will, a shuffled PUBLISH a message; nothing may stay behind otherwise.
    expect(server.broker.clients().length).toBeLessThanOrEqual(2);
  });
});
