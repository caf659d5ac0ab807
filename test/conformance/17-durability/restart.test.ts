// [MQTT-4.1.0-1] [MQTT-4.1.0-2] [MQTT-4.4.0-1] What a session keeps is there again after a crash of the broker.

import { acknowledgement, FakeClock, type ConnectFields } from '@hearth/testkit';
import type { Principal } from '@hearth/mqtt-broker';
import { CrashStorage } from '../support/crash-storage.js';
import { startServer, versions, type ServerOptions, type TestServer } from '../support/server.js';

interface Lives {
  server: TestServer;
  /** Kills the broker; the next one has what was committed. */
  crash(): Promise<void>;
  /** Stops the broker in good order and starts it again. */
  restart(): Promise<void>;
}

async function startLives(options: ServerOptions = {}): Promise<Lives> {
  let storage = new CrashStorage();
  const lives: Lives = {
    server: await startServer({ ...options, storage }),
    crash: async () => {
      storage = storage.crash();
      lives.server = await startServer({ ...options, storage });
    },
    restart: async () => {
      await lives.server.broker.stop();
      lives.server = await startServer({ ...options, storage });
    },
  };
  return lives;
}

describe.each(versions)('after a crash of the broker, on MQTT $name', ({ version }) => {
  const session: ConnectFields = {
    version,
    clientId: 's',
    cleanStart: false,
    ...(version === 5 && { properties: { sessionExpiryInterval: 1000 } }),
  };

  it('a session is present, with its subscriptions', async () => {
    const lives = await startLives();
    const before = await lives.server.connect(session);
    await before.subscribe([
      { filter: 'a/+', qos: 1 },
      { filter: 'gone', qos: 1 },
    ]);
    await before.unsubscribe('gone');
    before.cut();
    await lives.crash();
    const after = await lives.server.connect(session);
    // 3.1 has no such flag.
    expect(after.connack.sessionPresent).toBe(version > 3);
    const publisher = await lives.server.connect({ version });
    await publisher.publish({ topic: 'gone', qos: 1 });
    await publisher.publish({ topic: 'a/b', payload: 'x', qos: 1 });
    await after.take({ topic: 'a/b', payload: 'x', qos: 1 });
  });

  it('what waited for a session comes, in order, once', async () => {
    const lives = await startLives();
    const before = await lives.server.connect(session);
    await before.subscribe({ filter: 'a/#', qos: 2 });
    await before.disconnect();
    const publisher = await lives.server.connect({ version });
    for (let i = 0; i < 6; i++) {
      await publisher.publish({ topic: `a/${i}`, payload: String(i), qos: i % 2 === 0 ? 1 : 2 });
    }
    publisher.cut();
    await lives.crash();
    await lives.crash();
    const after = await lives.server.connect(session);
    for (let i = 0; i < 6; i++) {
      await after.expect('publish', { payload: String(i), qos: i % 2 === 0 ? 1 : 2, dup: false });
    }
    after.cut();
  });

  it('a QoS 1 message that was sent and not acknowledged comes again, as a duplicate with its identifier', async () => {
    const lives = await startLives();
    const before = await lives.server.connect(session);
    await before.subscribe({ filter: 'a', qos: 1 });
    await (await lives.server.connect()).publish({ topic: 'a', payload: '1', qos: 1 });
    const { messageId } = await before.expect('publish', { dup: false });
    before.cut();
    await lives.crash();
    const after = await lives.server.connect(session);
    await after.take({ payload: '1', dup: true, ...(messageId !== undefined && { messageId }) });
    await after.expectNothing();
    await after.disconnect();
    await lives.crash();
    await (await lives.server.connect(session)).expectNothing();
  });

  it('a QoS 2 message goes on where it stood: PUBLISH again, or only PUBREL', async () => {
    const lives = await startLives();
    const before = await lives.server.connect(session);
    await before.subscribe({ filter: 'a', qos: 2 });
    const publisher = await lives.server.connect();
    await publisher.publish({ topic: 'a', payload: '1', qos: 2 });
    await publisher.publish({ topic: 'a', payload: '2', qos: 2 });
    const first = await before.expect('publish', { payload: '1' });
    const second = await before.expect('publish', { payload: '2' });
    before.send(acknowledgement('pubrec', first.messageId ?? 0));
    await before.expect('pubrel', { messageId: first.messageId ?? 0 });
    before.cut();
    await lives.crash();
    const after = await lives.server.connect(session);
    await after.expect('pubrel', { messageId: first.messageId ?? 0 });
    await after.expect('publish', { payload: '2', dup: true, messageId: second.messageId ?? 0 });
    after.cut();
  });

  it('a QoS 2 message that it received is not taken for a new one, nor a new one for it', async () => {
    const lives = await startLives();
    const subscriber = { ...session, clientId: 'subscriber' };
    const listening = await lives.server.connect(subscriber);
    await listening.subscribe({ filter: 'a', qos: 2 });
    await listening.disconnect();
    const before = await lives.server.connect(session);
    before.sendPublish({ topic: 'a', payload: '1', qos: 2, packetId: 7 });
    await before.expect('pubrec', { messageId: 7 });
    before.cut();
    await lives.crash();
    const after = await lives.server.connect(session);
    after.sendPublish({ topic: 'a', payload: '1', qos: 2, packetId: 7, dup: true });
    await after.expect('pubrec', { messageId: 7 });
    after.send(acknowledgement('pubrel', 7));
    await after.expect('pubcomp', { messageId: 7 });
    after.cut();
    await lives.crash();
    const last = await lives.server.connect(session);
    last.sendPublish({ topic: 'a', payload: '2', qos: 2, packetId: 7 });
    await last.expect('pubrec', { messageId: 7 });
    last.cut();
    const got = await lives.server.connect(subscriber);
    await got.expect('publish', { payload: '1' });
    await got.expect('publish', { payload: '2' });
    await got.expectNothing();
  });

  it('retained messages are there, and those that were removed are not', async () => {
    const lives = await startLives();
    const publisher = await lives.server.connect({ version });
    await publisher.publish({ topic: 'r/1', payload: 'old', qos: 1, retain: true });
    await publisher.publish({ topic: 'r/1', payload: 'new', qos: 1, retain: true });
    await publisher.publish({ topic: 'r/2', payload: 'x', qos: 1, retain: true });
    await publisher.publish({ topic: 'r/2', payload: '', qos: 1, retain: true });
    publisher.cut();
    await lives.crash();
    const after = await lives.server.connect({ version });
    await after.subscribe({ filter: 'r/#', qos: 1 });
    await after.take({ topic: 'r/1', payload: 'new', retain: true });
    await after.expectNothing();
  });

  it('nothing is left of a session that was to end with its connection', async () => {
    const lives = await startLives();
    const before = await lives.server.connect({ version, clientId: 's', cleanStart: true });
    await before.subscribe({ filter: 'a', qos: 1 });
    before.cut();
    await lives.crash();
    expect(lives.server.broker.stats()).toMatchObject({ sessions: 0, subscriptions: 0 });
  });

  it('a clean start leaves nothing of the session before it', async () => {
    const lives = await startLives();
    const before = await lives.server.connect(session);
    await before.subscribe({ filter: 'a', qos: 1 });
    await before.disconnect();
    await (await lives.server.connect()).publish({ topic: 'a', qos: 1 });
    const clean = await lives.server.connect({ ...session, cleanStart: true });
    await clean.disconnect();
    await lives.crash();
    expect(lives.server.broker.stats()).toMatchObject({ subscriptions: 0, queuedMessages: 0 });
  });
});

describe('a stored session', () => {
  const session: ConnectFields = {
    clientId: 's',
    cleanStart: false,
    properties: { sessionExpiryInterval: 100 },
  };

  it('survives an orderly stop as well', async () => {
    const lives = await startLives();
    const before = await lives.server.connect(session);
    await before.subscribe({ filter: 'a', qos: 1 });
    await before.disconnect();
    const publisher = await lives.server.connect();
    await publisher.publish({ topic: 'a', payload: '1', qos: 1 });
    publisher.cut();
    await lives.restart();
    await (await lives.server.connect(session)).take({ payload: '1' });
  });

  it('expires at its time, counted from the end of its connection and through the crash', async () => {
    const clock = new FakeClock();
    const lives = await startLives({ clock });
    const before = await lives.server.connect(session);
    await before.disconnect();
    clock.advance(60_000);
    await lives.crash();
    clock.advance(39_000);
    expect(lives.server.broker.stats().sessions).toBe(1);
    clock.advance(1000);
    expect(lives.server.broker.stats().sessions).toBe(0);
    await lives.crash();
    expect(lives.server.broker.stats().sessions).toBe(0);
  });

  it('counts its expiry from the restart when its connection ended with the crash', async () => {
    const clock = new FakeClock();
    const lives = await startLives({ clock });
    const before = await lives.server.connect(session);
    clock.advance(60_000);
    before.cut();
    await lives.crash();
    clock.advance(99_000);
    expect(lives.server.broker.stats().sessions).toBe(1);
    clock.advance(1000);
    expect(lives.server.broker.stats().sessions).toBe(0);
  });

  it('keeps what is left of a message expiry', async () => {
    const clock = new FakeClock();
    const lives = await startLives({ clock });
    const before = await lives.server.connect(session);
    await before.subscribe({ filter: 'a', qos: 1 });
    await before.disconnect();
    const publisher = await lives.server.connect();
    const publish = (payload: string, messageExpiryInterval: number): Promise<void> =>
      publisher.publish({ topic: 'a', payload, qos: 1, properties: { messageExpiryInterval } });
    await publish('short', 10);
    await publish('long', 50);
    publisher.cut();
    await lives.crash();
    clock.advance(20_000);
    const after = await lives.server.connect(session);
    await after.take({ payload: 'long', properties: { messageExpiryInterval: 30 } });
    await after.expectNothing();
  });

  it('tells the embedding program of its own messages that it restored, and of their outcome', async () => {
    const lives = await startLives();
    const before = await lives.server.connect(session);
    await before.subscribe({ filter: '#', qos: 1 });
    await before.disconnect();
    const properties = { correlationData: Buffer.from('7') };
    const published = lives.server.broker.publish({ topic: 'a', payload: 'x', qos: 2, properties });
    await published.committed;
    await lives.crash();
    expect(lives.server.heard('restored')).toMatchObject([
      { clientId: 's', message: { topic: 'a', properties } },
    ]);
    const settled = lives.server.next('settled');
    const after = await lives.server.connect(session);
    await after.take({ topic: 'a' });
    expect(await settled).toMatchObject({
      message: { topic: 'a', properties },
      delivery: { clientId: 's', outcome: 'acknowledged' },
    });
    expect(lives.server.heard('settled')).toHaveLength(1);
    await after.disconnect();
  });

  it('is kept no longer once it is resumed to end with its connection', async () => {
    const lives = await startLives();
    const before = await lives.server.connect(session);
    await before.subscribe({ filter: 'a', qos: 1 });
    await before.disconnect();
    await (await lives.server.connect()).publish({ topic: 'a', payload: '1', qos: 1 });
    const last = await lives.server.connect({ clientId: 's', cleanStart: false });
    await last.take({ payload: '1' });
    last.cut();
    await lives.crash();
    expect(lives.server.broker.stats()).toMatchObject({ sessions: 0, queuedMessages: 0 });
  });

  it('is gone when its DISCONNECT said so', async () => {
    const lives = await startLives();
    const before = await lives.server.connect(session);
    await before.disconnect(0, { sessionExpiryInterval: 0 });
    await lives.crash();
    expect(lives.server.broker.stats().sessions).toBe(0);
  });

  it('loses what its principal may no longer have', async () => {
    const grants = { u: { password: 'p', publish: ['#'], subscribe: ['a', 'b'] } };
    const lives = await startLives({ grants });
    const user: ConnectFields = { ...session, username: 'u', password: 'p' };
    const before = await lives.server.connect(user);
    await before.subscribe([
      { filter: 'a', qos: 1 },
      { filter: 'b', qos: 1 },
    ]);
    await before.disconnect();
    const publisher = await lives.server.connect({ username: 'u', password: 'p' });
    await publisher.publish({ topic: 'a', qos: 1 });
    await publisher.publish({ topic: 'b', qos: 1 });
    publisher.cut();
    await lives.crash();
    grants.u.subscribe.splice(0, 1);
    const after = await lives.server.connect(user);
    await after.take({ topic: 'b' });
    await after.expectNothing();
  });
});

describe('the will of a client whose connection ended with the crash', () => {
  const session: ConnectFields = {
    clientId: 's',
    cleanStart: false,
    properties: { sessionExpiryInterval: 100 },
  };
  const will = (willDelayInterval: number): NonNullable<ConnectFields['will']> => ({
    topic: 'will',
    payload: 'offline',
    qos: 1,
    properties: { willDelayInterval },
  });

  async function crashWith(
    delay: number,
    recall?: (id: string) => Principal | undefined,
  ): Promise<[TestServer, FakeClock]> {
    const clock = new FakeClock();
    const anyone: Principal = { id: 'x', canPublish: () => true, canSubscribe: () => true };
    const authenticator = { authenticate: () => anyone, ...(recall && { recall }) };
    const lives = await startLives({ clock, authenticator });
    (await lives.server.connect({ ...session, will: will(delay) })).cut();
    await lives.crash();
    return [lives.server, clock];
  }
  const anyone: Principal = { id: 'x', canPublish: () => true, canSubscribe: () => true };

  it('is published after its delay', async () => {
    const [server, clock] = await crashWith(10, () => anyone);
    const watcher = await server.connect();
    await watcher.subscribe({ filter: 'will', qos: 1 });
    clock.advance(9999);
    await watcher.expectNothing();
    clock.advance(1);
    await watcher.take({ topic: 'will', payload: 'offline' });
  });

  it('is not published when the client is back in time', async () => {
    const [server, clock] = await crashWith(10, () => anyone);
    const watcher = await server.connect();
    await watcher.subscribe({ filter: 'will', qos: 1 });
    const back = await server.connect(session);
    clock.advance(20_000);
    await watcher.expectNothing();
    await back.disconnect();
  });

  it('is not published for a principal that is no more, nor for one that may not publish it', async () => {
    for (const recalled of [undefined, { ...anyone, canPublish: () => false }]) {
      const [server, clock] = await crashWith(1, () => recalled);
      const watcher = await server.connect();
      await watcher.subscribe({ filter: 'will', qos: 1 });
      clock.advance(5000);
      await watcher.expectNothing();
    }
  });

  it('is published once, whatever crashes follow', async () => {
    const clock = new FakeClock();
    const authenticator = { authenticate: () => anyone, recall: () => anyone };
    const lives = await startLives({ clock, authenticator });
    const watcher: ConnectFields = { ...session, clientId: 'watcher' };
    const first = await lives.server.connect(watcher);
    await first.subscribe({ filter: 'will', qos: 1 });
    await first.disconnect();
    (await lives.server.connect({ ...session, will: will(1) })).cut();
    await lives.crash();
    const published = lives.server.next('will');
    clock.advance(1000);
    await published;
    await lives.crash();
    clock.advance(5000);
    const again = await lives.server.connect(watcher);
    await again.take({ topic: 'will' });
    await again.expectNothing();
  });
});
