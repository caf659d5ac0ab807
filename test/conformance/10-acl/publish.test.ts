// [MQTT3-3.3.5-2] [MQTT-3.4.2-1] A client publishes what its principal may, and nothing else.
import { acknowledgement, type ConnectOptions } from '@hearth/testkit';
import { startServer, versions, type TestServer } from '../support/server.js';

const accepted: string[] = [];

async function startHouse(deniedPublish3?: 'disconnect'): Promise<TestServer> {
  accepted.length = 0;
  return startServer({
    grants: {
      alice: { password: 'p', publish: ['home/alice/#'], subscribe: ['home/alice/#'] },
      admin: { password: 'p', publish: ['#'], subscribe: ['#'] },
    },
    accept: ({ topic }) => void accepted.push(topic),
    ...(deniedPublish3 && { deniedPublish3 }),
  });
}

const as = (username: string, more: ConnectOptions = {}): ConnectOptions => ({
  username,
  password: 'p',
  ...more,
});

describe.each(versions)('PUBLISH to a topic on MQTT $name', ({ version }) => {
  it.each([0, 1, 2])('that is allowed is routed at QoS %d', async (qos) => {
    const server = await startHouse();
    const admin = await server.connect(as('admin'));
    await admin.subscribe('#');
    const alice = await server.connect(as('alice', { version }));
    await alice.publish({ topic: 'home/alice/a', payload: 'x', qos });
    await admin.expect('publish', { topic: 'home/alice/a' });
    expect(accepted).toEqual(['home/alice/a']);
  });

  it.each([
    'home/bob/a',
    'home/alic',
    'home/alice2/a',
    'home',
    '/home/alice/a',
    'home//alice/a',
    'HOME/alice/a',
    '$SYS/broker/version',
    '$share/home/alice/a',
  ])('that is not allowed reaches nobody, is not accepted, not retained: %s', async (topic) => {
    const server = await startHouse();
    const admin = await server.connect(as('admin'));
    await admin.subscribe(['#', '$SYS/#', '+/+/+', '$share/g/#']);
    const alice = await server.connect(as('alice', { version }));
    alice.sendPublish({ topic, payload: 'x', retain: true });
    alice.sendPublish({ topic, payload: 'x', retain: true, qos: 1, packetId: 1 });
    const puback = await alice.expect('puback', { messageId: 1 });
    expect(puback.reasonCode).toBe(version === 5 ? 0x87 : undefined);
    alice.sendPublish({ topic, payload: 'x', retain: true, qos: 2, packetId: 2 });
    const pubrec = await alice.expect('pubrec', { messageId: 2 });
    expect(pubrec.reasonCode).toBe(version === 5 ? 0x87 : undefined);
    await alice.roundTrip();
    await admin.expectNothing();
    await (await server.connect(as('admin', { clientId: 'late' }))).subscribe('#');
    expect(server.broker.stats()).toMatchObject({ retainedMessages: 0, denied: { publish: 3 } });
    expect(server.heard('denied')).toMatchObject([
      { action: 'publish', topic },
      { action: 'publish', topic },
      { action: 'publish', topic },
    ]);
    expect(accepted).toEqual([]);
  });
});

describe('a denied QoS 2 PUBLISH', () => {
  it('leaves its packet identifier free on 5.0 [MQTT-4.3.3-9]', async () => {
    const server = await startHouse();
    const alice = await server.connect(as('alice'));
    alice.sendPublish({ topic: 'foreign', qos: 2, packetId: 5 });
    await alice.expect('pubrec', { messageId: 5, reasonCode: 0x87 });
    await alice.publish({ topic: 'home/alice/a', qos: 2, packetId: 5 });
    expect(accepted).toEqual(['home/alice/a']);
  });

  it('completes its exchange on 3.1.1 [MQTT3-3.3.5-2]', async () => {
    const server = await startHouse();
    const alice = await server.connect(as('alice', { version: 4 }));
    alice.sendPublish({ topic: 'foreign', qos: 2, packetId: 5 });
    await alice.expect('pubrec', { messageId: 5 });
    alice.send(acknowledgement('pubrel', 5));
    await alice.expect('pubcomp', { messageId: 5 });
    expect(accepted).toEqual([]);
  });
});

describe('deniedPublish3: disconnect', () => {
  it.each([0, 1, 2])('ends a 3.1.1 connection at QoS %d [MQTT3-3.3.5-2]', async (qos) => {
    const server = await startHouse('disconnect');
    const alice = await server.connect(as('alice', { version: 4 }));
    alice.sendPublish({ topic: 'foreign', qos });
    await alice.expectClosed();
  });

  it('does not end a 5.0 connection', async () => {
    const server = await startHouse('disconnect');
    const alice = await server.connect(as('alice'));
    alice.sendPublish({ topic: 'foreign', qos: 1, packetId: 1 });
    await alice.expect('puback', { reasonCode: 0x87 });
    await alice.expectNothing();
  });
});
