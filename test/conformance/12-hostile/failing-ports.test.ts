// CVE-2018-12550, CVE-2018-12551 and rejected promises: what fails inside refuses, and never lets in or ends the process.
import { connect, FakeClock } from '@hearth/testkit';
import type { Authenticator, Principal } from '@hearth/mqtt-broker';
import { startServer, versions } from '../support/server.js';

const anyone: Principal = { id: 'anyone', canPublish: () => true, canSubscribe: () => true };

describe('a broker that nobody configured', () => {
  it.each(versions)('lets nobody in on MQTT $name', async ({ version }) => {
    const server = await startServer({ authenticator: 'default' });
    const client = await server.open({ version });
    client.send(connect({ version, clientId: 'c', username: 'u', password: 'p' }));
    await client.expect('connack', version === 5 ? { reasonCode: 0x87 } : { returnCode: 5 });
    await client.expectClosed();
  });
});

describe('an authenticator that fails', () => {
  it.each([
    ['rejects', () => Promise.reject(new Error('database away'))],
    [
      'throws',
      () => {
        throw new Error('database away');
      },
    ],
    ['rejects with nothing', () => Promise.reject(undefined)],
  ])('%s: the CONNECT is refused with 0x88', async (_how, authenticate) => {
    const server = await startServer({ authenticator: { authenticate } });
    const modern = await server.open();
    modern.send(connect({ clientId: 'c' }));
    await modern.expect('connack', { reasonCode: 0x88 });
    await modern.expectClosed();
    const old = await server.open({ version: 4 });
    old.send(connect({ version: 4, clientId: 'c' }));
    await old.expect('connack', { returnCode: 3 });
    await old.expectClosed();
  });

  it('never answers: the connection ends after connectTimeoutMs', async () => {
    const clock = new FakeClock();
    let asked = (): void => {};
    const wasAsked = new Promise<void>((resolve) => (asked = resolve));
    const server = await startServer({
      clock,
      limits: { connectTimeoutMs: 5000 },
      authenticator: {
        authenticate: () => {
          asked();
          return new Promise(() => {});
        },
      },
    });
    const client = await server.open();
    client.send(connect({ clientId: 'c' }));
    await wasAsked;
    clock.advance(5001);
    await client.expectEnd();
    expect(server.broker.clients()).toEqual([]);
  });

  it('answers when the client is gone: nobody is connected', async () => {
    const asked: (() => void)[] = [];
    const server = await startServer({
      authenticator: {
        authenticate: () => new Promise((resolve) => asked.push(() => resolve(anyone))),
      },
    });
    const client = await server.open();
    client.send(connect({ clientId: 'c', will: { topic: 'w' } }));
    while (asked.length < 1) await new Promise(setImmediate);
    const refused = server.next('refused');
    client.cut();
    // A paused socket may learn of its end only when it is read again: after the answer, at the latest.
    asked[0]!();
    await Promise.race([refused, server.next('disconnected')]);
    const witness = await server.open();
    witness.send(connect({ clientId: 'witness' }));
    while (asked.length < 2) await new Promise(setImmediate);
    asked[1]!();
    await witness.expect('connack', { reasonCode: 0 });
    expect(server.broker.clients().map(({ clientId }) => clientId)).toEqual(['witness']);
  });
});

describe('an authenticator that answers nonsense', () => {
  const answers: [string, unknown][] = [
    ['undefined', undefined],
    ['null', null],
    ['true', true],
    ['an empty object', {}],
    ['a principal without an id', { ...anyone, id: undefined }],
    ['a principal without checks', { id: 'anyone' }],
    ['a promise of undefined', Promise.resolve(undefined)],
    ['a promise of true', Promise.resolve(true)],
    ['a promise of an empty object', Promise.resolve({})],
    ['a refusal without a reason code', { refused: true }],
    ['a refusal with the reason code of success', { refused: true, reasonCode: 0 }],
    ['a refusal with a reason code of no byte', { refused: true, reasonCode: 256 }],
    ['a refusal that says it is none', { ...anyone, refused: false }],
  ];

  it.each(answers)('%s lets nobody in', async (_what, answer) => {
    const server = await startServer({
      authenticator: { authenticate: () => answer } as Authenticator,
      tolerateBugs: true,
    });
    for (const version of [4, 5] as const) {
      const client = await server.open({ version });
      client.send(connect({ version, clientId: 'c', will: { topic: 'w' } }));
      const connack = await client.expect('connack');
      expect((version === 5 ? connack.reasonCode : connack.returnCode) ?? 0).toBeGreaterThan(0);
      await client.expectClosed();
    }
    expect(server.broker.stats()).toMatchObject({ connectedClients: 0, sessions: 0 });
  });
});

describe('a principal whose checks answer promises', () => {
  it.each(versions)('may do nothing on MQTT $name', async ({ version }) => {
    const later = (() => Promise.resolve(true)) as unknown as () => boolean;
    const careless: Principal = { id: 'p', canPublish: later, canSubscribe: later };
    const server = await startServer({
      authenticator: {
        authenticate: ({ clientId }) => (clientId === 'careless' ? careless : anyone),
      },
    });
    const witness = await server.connect();
    await witness.subscribe('#');
    const client = await server.connect({ version, clientId: 'careless', will: { topic: 'w' } });
    const { granted } = await client.subscribe('#');
    expect(granted).toEqual([version === 5 ? 0x87 : 0x80]);
    client.sendPublish({ topic: 'a' });
    await client.expectNothing();
    client.cut();
    await witness.expectNothing();
    expect(server.broker.stats().denied).toEqual({ publish: 1, subscribe: 1, will: 1 });
  });
});

describe('take-over races (CVE-2025-59946, CVE-2026-22040)', () => {
  it('leave one connection and one session, whatever order the answers come in', async () => {
    const asked: (() => void)[] = [];
    const server = await startServer({
      authenticator: {
        authenticate: () => new Promise((resolve) => asked.push(() => resolve(anyone))),
      },
    });
    const racers = await Promise.all(Array.from({ length: 6 }, () => server.open()));
    for (const racer of racers) {
      racer.send(
        connect({
          clientId: 'same',
          cleanStart: false,
          properties: { sessionExpiryInterval: 100 },
        }),
      );
    }
    while (asked.length < 6) await new Promise(setImmediate);
    for (const i of [3, 0, 5, 1, 4, 2]) asked[i]!();
    const ends = await Promise.all(
      racers.map(async (racer) => {
        await racer.expect('connack', { reasonCode: 0 });
        racer.send('c000');
        const next = await racer.expectAny();
        if (next.cmd === 'disconnect') await racer.expectClosed();
        return next.cmd;
      }),
    );
    expect(ends.filter((cmd) => cmd === 'pingresp')).toHaveLength(1);
    expect(server.broker.clients()).toHaveLength(1);
    expect(server.broker.stats().sessions).toBe(1);
  });

  it('publish no will of the connection that won', async () => {
    const server = await startServer();
    const watcher = await server.connect();
    await watcher.subscribe('will/#');
    const names = ['a', 'b', 'c', 'd'];
    const racers = await Promise.all(
      names.map(async (name) => {
        const racer = await server.open({ name });
        racer.send(connect({ clientId: 'same', will: { topic: `will/${name}` } }));
        return racer;
      }),
    );
    for (const racer of racers) await racer.expect('connack', { reasonCode: 0 });
    const topics = new Set<string>();
    for (let i = 0; i < 3; i++) topics.add((await watcher.expect('publish')).topic);
    await watcher.expectNothing();
    expect(topics.size).toBe(3);
    for (const [i, racer] of racers.entries()) {
      if (topics.has(`will/${names[i]}`)) await racer.expectDisconnected(0x8e);
      else await racer.expectNothing();
    }
  });
});

describe('a principal whose checks throw', () => {
  it.each([
    ['canPublish', { canPublish: () => fail() }],
    ['canSubscribe', { canSubscribe: () => fail() }],
  ])(
    '%s: the client is not let through, the server goes on [MQTT3-4.8.0-2]',
    async (_name, broken) => {
      const server = await startServer({
        authenticator: {
          authenticate: ({ clientId }) =>
            clientId === 'victim' ? { ...anyone, ...broken } : anyone,
        },
        tolerateBugs: true,
      });
      const witness = await server.connect();
      await witness.subscribe('#');
      const victim = await server.connect({ clientId: 'victim' });
      if ('canPublish' in broken) victim.sendPublish({ topic: 'a', qos: 1 });
      else victim.send('82 < 0001 <> "a" 00 >');
      await victim.expectDisconnected(0x80, 0x83);
      await witness.expectNothing();
      expect(server.bugs).toHaveLength(1);
    },
  );

  function fail(): never {
    throw new Error('bug in the embedding program');
  }
});

describe('a handler of the embedding program that throws', () => {
  it('is reported, and stops neither routing nor other handlers', async () => {
    const server = await startServer({ tolerateBugs: true });
    const heard: string[] = [];
    server.broker.subscribe('a', () => {
      throw new Error('bug');
    });
    server.broker.subscribe('a', ({ topic }) => void heard.push(topic));
    server.broker.on('subscribed', () => {
      throw new Error('bug');
    });
    const client = await server.connect();
    await client.subscribe('a');
    client.sendPublish({ topic: 'a', payload: 'x' });
    await client.expect('publish', { payload: 'x' });
    expect(heard).toEqual(['a']);
    expect(server.bugs).toHaveLength(2);
  });

  it('as a delivery callback is reported, and the client stays', async () => {
    const server = await startServer({ tolerateBugs: true });
    const client = await server.connect();
    await client.subscribe({ filter: 'a', qos: 1 });
    server.broker.publish({
      topic: 'a',
      payload: 'x',
      qos: 1,
      onDelivery: () => {
        throw new Error('bug');
      },
    });
    await client.take({ payload: 'x' });
    await client.expectNothing();
    expect(server.bugs).toHaveLength(1);
  });
});
