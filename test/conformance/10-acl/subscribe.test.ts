// [MQTT-3.9.3-1] [MQTT-3.8.4-6] A client subscribes to what its principal may, and receives nothing else.
import type { ConnectOptions } from '@hearth/testkit';
import { startServer, versions, type TestServer } from '../support/server.js';
import type { Grants } from '../support/grants.js';

const house = (): Grants => ({
  alice: { password: 'p', publish: ['home/alice/#'], subscribe: ['home/alice/#', 'news'] },
  bob: { password: 'p', publish: ['home/bob/#'], subscribe: ['home/bob/#'] },
  guest: { password: 'p', subscribe: ['home/#'], receive: ['home/open/#'] },
  admin: { password: 'p', publish: ['#'], subscribe: ['#'] },
});

const as = (username: string, more: ConnectOptions = {}): ConnectOptions => ({
  username,
  password: 'p',
  ...more,
});

async function startHouse(grants = house()): Promise<TestServer> {
  return startServer({ grants });
}

describe.each(versions)('SUBSCRIBE on MQTT $name', ({ version }) => {
  const refused = version === 5 ? 0x87 : 0x80;

  it('is refused filter by filter [MQTT3-3.9.3-2] [MQTT-3.8.4-7]', async () => {
    const server = await startHouse();
    const alice = await server.connect(as('alice', { version }));
    const { granted } = await alice.subscribe([
      { filter: 'home/bob/#', qos: 1 },
      { filter: 'home/alice/#', qos: 1 },
      { filter: '#', qos: 1 },
      { filter: 'news', qos: 2 },
    ]);
    expect(granted).toEqual([refused, 1, refused, 2]);
    expect(server.heard('denied')).toMatchObject([
      { action: 'subscribe', topic: 'home/bob/#' },
      { action: 'subscribe', topic: '#' },
    ]);
    await (await server.connect(as('admin'))).publish({ topic: 'home/bob/x' });
    await alice.expectNothing();
  });

  it.each(['#', '+/+/#', 'home/+/x', 'home/#', '+/alice/#', '$SYS/#'])(
    'to a wider filter is refused: %s',
    async (filter) => {
      const server = await startHouse();
      const alice = await server.connect(as('alice', { version }));
      expect((await alice.subscribe(filter)).granted).toEqual([refused]);
      await (await server.connect(as('bob'))).publish({ topic: 'home/bob/x' });
      await alice.expectNothing();
    },
  );

  it('through $share is judged by the filter behind it', async () => {
    const server = await startHouse();
    const alice = await server.connect(as('alice', { version }));
    const { granted } = await alice.subscribe(['$share/g/home/bob/#', '$share/g/home/alice/#']);
    expect(granted).toEqual([refused, 0]);
    await (await server.connect(as('bob'))).publish({ topic: 'home/bob/x' });
    await alice.expectNothing();
  });

  it('that is refused brings no retained messages', async () => {
    const server = await startHouse();
    const bob = await server.connect(as('bob'));
    await bob.publish({ topic: 'home/bob/x', payload: 'secret', retain: true });
    const alice = await server.connect(as('alice', { version }));
    await alice.subscribe(['home/bob/#', '#', 'home/bob/x']);
    await alice.expectNothing();
  });
});

describe('canReceive', () => {
  it('is asked for live messages', async () => {
    const server = await startHouse();
    const guest = await server.connect(as('guest'));
    await guest.subscribe([{ filter: 'home/#', qos: 1 }]);
    const admin = await server.connect(as('admin'));
    for (const qos of [0, 1, 2]) {
      await admin.publish({ topic: 'home/bob/x', qos });
      await admin.publish({ topic: 'home/open/x', qos });
    }
    for (let i = 0; i < 3; i++) await guest.take({ topic: 'home/open/x' });
    await guest.expectNothing();
    expect(server.broker.stats().dropped['not-authorized']).toBe(3);
  });

  it('is asked for the chosen member of a shared subscription', async () => {
    const server = await startHouse();
    const guest = await server.connect(as('guest'));
    await guest.subscribe('$share/g/home/#');
    const admin = await server.connect(as('admin'));
    await admin.publish({ topic: 'home/bob/x' });
    await admin.publish({ topic: 'home/open/x' });
    await guest.expect('publish', { topic: 'home/open/x' });
    await guest.expectNothing();
  });

  it('is asked for retained messages', async () => {
    const server = await startHouse();
    const admin = await server.connect(as('admin'));
    for (const topic of ['home/bob/x', 'home/open/x']) {
      await admin.publish({ topic, payload: 'x', retain: true, qos: 1 });
    }
    const guest = await server.connect(as('guest'));
    await guest.subscribe({ filter: 'home/#', qos: 1 });
    await guest.take({ topic: 'home/open/x' });
    await guest.expectNothing();
  });

  it('is asked for queued messages', async () => {
    const server = await startHouse();
    const session = {
      clientId: 's',
      cleanStart: false,
      properties: { sessionExpiryInterval: 100 },
    };
    const guest = await server.connect(as('guest', session));
    await guest.subscribe({ filter: 'home/#', qos: 1 });
    await guest.disconnect();
    const admin = await server.connect(as('admin'));
    await admin.publish({ topic: 'home/bob/x', qos: 1 });
    await admin.publish({ topic: 'home/open/x', qos: 1 });
    const again = await server.connect(as('guest', session));
    await again.take({ topic: 'home/open/x' });
    await again.expectNothing();
  });
});

describe('revocation (CVE-2018-12546, CVE-2021-34434, CVE-2026-6564)', () => {
  const session: ConnectOptions = {
    clientId: 's',
    cleanStart: false,
    properties: { sessionExpiryInterval: 100 },
  };

  it('takes subscriptions and queued messages out of a session that is resumed', async () => {
    const grants = house();
    const server = await startHouse(grants);
    const alice = await server.connect(as('alice', session));
    await alice.subscribe([
      { filter: 'home/alice/#', qos: 1 },
      { filter: 'news', qos: 1 },
    ]);
    await alice.disconnect();
    const admin = await server.connect(as('admin'));
    await admin.publish({ topic: 'home/alice/x', payload: 'secret', qos: 1 });
    await admin.publish({ topic: 'news', payload: 'public', qos: 1 });
    grants['alice']!.subscribe = ['news'];
    const again = await server.connect(as('alice', session));
    expect(again.connack.sessionPresent).toBe(true);
    await again.take({ topic: 'news' });
    await again.expectNothing();
    await admin.publish({ topic: 'home/alice/x', qos: 1 });
    await again.expectNothing();
  });

  it('takes messages that were under way out of a session that is resumed', async () => {
    const grants = house();
    const server = await startHouse(grants);
    const alice = await server.connect(as('alice', session));
    await alice.subscribe({ filter: 'home/alice/#', qos: 1 });
    await (await server.connect(as('admin'))).publish({ topic: 'home/alice/x', qos: 1 });
    await alice.expect('publish');
    await alice.disconnect();
    grants['alice']!.subscribe = [];
    await (await server.connect(as('alice', session))).expectNothing();
  });

  it('keeps the will of a principal from being published that lost the right', async () => {
    const grants = house();
    const server = await startHouse(grants);
    const admin = await server.connect(as('admin'));
    await admin.subscribe('#');
    const will = { topic: 'home/alice/status', payload: 'offline' };
    const alice = await server.connect(as('alice', { will }));
    grants['alice']!.publish = [];
    const gone = server.next('disconnected');
    alice.cut();
    await gone;
    await admin.expectNothing();
    expect(server.heard('denied')).toMatchObject([{ action: 'will', topic: will.topic }]);
  });

  it('ends connections and sessions of a principal at once', async () => {
    const server = await startHouse();
    const first = await server.connect(as('alice', session));
    const second = await server.connect(as('alice', { version: 4 }));
    const bob = await server.connect(as('bob', session));
    expect(server.broker.disconnectPrincipal('alice', 0x87, { deleteSession: true })).toBe(2);
    await first.expectDisconnected(0x87);
    await second.expectClosed();
    await bob.expectNothing();
    const again = await server.connect(as('alice', session));
    expect(again.connack.sessionPresent).toBe(false);
  });

  it('without deleteSession keeps the sessions', async () => {
    const server = await startHouse();
    const first = await server.connect(as('alice', session));
    expect(server.broker.disconnectPrincipal('alice')).toBe(1);
    await first.expectDisconnected(0x98);
    const again = await server.connect(as('alice', session));
    expect(again.connack.sessionPresent).toBe(true);
  });
});

describe('a will to a topic that is not allowed', () => {
  it.each(versions)(
    'does not refuse the CONNECT, and is never published on MQTT $name',
    async ({ version }) => {
      const server = await startHouse();
      const admin = await server.connect(as('admin'));
      await admin.subscribe('#');
      const will = { topic: 'home/bob/status', payload: 'offline', retain: true };
      const alice = await server.connect(as('alice', { version, will }));
      expect(server.heard('denied')).toMatchObject([{ action: 'will', topic: 'home/bob/status' }]);
      const gone = server.next('disconnected');
      alice.cut();
      await gone;
      await admin.expectNothing();
      expect(server.broker.stats()).toMatchObject({ retainedMessages: 0, denied: { will: 1 } });
    },
  );
});

describe('sessions of two principals with one client identifier', () => {
  const session: ConnectOptions = {
    clientId: 'same',
    cleanStart: false,
    properties: { sessionExpiryInterval: 100 },
  };

  it('are two: neither inherits from, ends or blocks the other', async () => {
    const server = await startHouse();
    const alice = await server.connect(as('alice', session));
    await alice.subscribe({ filter: 'home/alice/#', qos: 1 });
    const bob = await server.connect(as('bob', session));
    expect(bob.connack.sessionPresent).toBe(false);
    await alice.expectNothing();
    await (await server.connect(as('admin'))).publish({ topic: 'home/alice/x', qos: 1 });
    await alice.take({ topic: 'home/alice/x' });
    await bob.expectNothing();
    await bob.disconnect();
    await alice.disconnect();
    expect((await server.connect(as('alice', session))).connack.sessionPresent).toBe(true);
  });
});
