// [MQTT-4.8.2-3] [MQTT-4.8.2-4] [MQTT-4.8.2-5] [MQTT-4.8.2-6] A message for a shared subscription goes to one of its sessions.
import { acknowledgement, type ConnectedClient, type ConnectFields } from '@hearth/testkit';
import { startServer, type TestServer } from '../support/server.js';

/** How many of the messages each client got: all that came before the PINGRESP. */
async function countArrivals(client: ConnectedClient): Promise<number> {
  client.send('c000');
  let count = 0;
  for (
    let next = await client.expectAny();
    next.cmd === 'publish';
    next = await client.expectAny()
  ) {
    count++;
    if (next.qos === 1) client.send(acknowledgement('puback', next.messageId ?? 0));
  }
  return count;
}

async function publishMany(server: TestServer, topic: string, count: number, qos = 0) {
  const publisher = await server.connect();
  for (let i = 0; i < count; i++) await publisher.publish({ topic, payload: String(i), qos });
}

describe('a shared subscription', () => {
  it('shares the messages out, each to one member, nobody left out', async () => {
    const server = await startServer();
    const members = await Promise.all([1, 2, 3].map(() => server.connect()));
    for (const member of members) await member.subscribe('$share/g/a/+');
    await publishMany(server, 'a/b', 90);
    const counts = await Promise.all(members.map(countArrivals));
    expect(counts.reduce((a, b) => a + b)).toBe(90);
    expect(Math.min(...counts)).toBeGreaterThan(0);
  });

  it('exists also for clients on 3.1.1', async () => {
    const server = await startServer();
    const old = await server.connect({ version: 4 });
    const modern = await server.connect();
    await old.subscribe('$share/g/a');
    await modern.subscribe('$share/g/a');
    await publishMany(server, 'a', 20);
    expect((await countArrivals(old)) + (await countArrivals(modern))).toBe(20);
  });

  it('sends the topic as it was published', async () => {
    const server = await startServer();
    const member = await server.connect();
    await member.subscribe('$share/g/a/#');
    await publishMany(server, 'a/b/c', 1);
    await member.expect('publish', { topic: 'a/b/c' });
  });

  it('is one for each share name and filter', async () => {
    const server = await startServer();
    const filters = ['$share/g/a', '$share/h/a', '$share/g/+', 'a'];
    const members = await Promise.all(filters.map(() => server.connect()));
    for (const [i, member] of members.entries()) await member.subscribe(filters[i]!);
    await publishMany(server, 'a', 10);
    expect(await Promise.all(members.map(countArrivals))).toEqual([10, 10, 10, 10]);
  });

  it('comes besides an ordinary one of the same client', async () => {
    const server = await startServer();
    const client = await server.connect();
    await client.subscribe(['a', '$share/g/a']);
    await publishMany(server, 'a', 1);
    // The ordinary copy and the shared copy; as overlapping subscriptions they may be one.
    expect([1, 2]).toContain(await countArrivals(client));
  });

  it('gets no retained messages when it is made', async () => {
    const server = await startServer();
    const client = await server.connect();
    await client.publish({ topic: 'a', payload: 'kept', retain: true });
    await client.subscribe('$share/g/a');
    await client.expectNothing();
  });

  it('is left by UNSUBSCRIBE', async () => {
    const server = await startServer();
    const [first, second] = [await server.connect(), await server.connect()];
    await first.subscribe('$share/g/a');
    await second.subscribe('$share/g/a');
    expect((await first.unsubscribe('$share/g/a')).granted).toEqual([0]);
    await publishMany(server, 'a', 5);
    expect(await countArrivals(first)).toBe(0);
    expect(await countArrivals(second)).toBe(5);
  });

  it('is left by a member that goes, and nobody else misses a message', async () => {
    const server = await startServer();
    const [first, second] = [await server.connect(), await server.connect()];
    await first.subscribe('$share/g/a');
    await second.subscribe('$share/g/a');
    await first.disconnect();
    await publishMany(server, 'a', 5);
    expect(await countArrivals(second)).toBe(5);
  });

  it('prefers members that are connected', async () => {
    const server = await startServer();
    const sleeping: ConnectFields = {
      clientId: 'sleeper',
      cleanStart: false,
      properties: { sessionExpiryInterval: 100 },
    };
    const sleeper = await server.connect(sleeping);
    const awake = await server.connect();
    await sleeper.subscribe({ filter: '$share/g/a', qos: 1 });
    await awake.subscribe({ filter: '$share/g/a', qos: 1 });
    await sleeper.disconnect();
    await publishMany(server, 'a', 6, 1);
    expect(await countArrivals(awake)).toBe(6);
  });

  it('waits in the session of a member when none is connected', async () => {
    const server = await startServer();
    const sleeping: ConnectFields = {
      clientId: 'sleeper',
      cleanStart: false,
      properties: { sessionExpiryInterval: 100 },
    };
    const sleeper = await server.connect(sleeping);
    await sleeper.subscribe({ filter: '$share/g/a', qos: 1 });
    await sleeper.disconnect();
    await publishMany(server, 'a', 3, 1);
    expect(await countArrivals(await server.connect(sleeping))).toBe(3);
  });

  it('does not give a refused message to another member [MQTT-4.8.2-6]', async () => {
    const server = await startServer();
    const members = [await server.connect(), await server.connect()] as const;
    for (const member of members) await member.subscribe({ filter: '$share/g/a', qos: 1 });
    await publishMany(server, 'a', 1, 1);
    const inboxes = await Promise.all(
      members.map(async (member) => {
        member.send('c000');
        const first = await member.expectAny();
        if (first.cmd === 'publish') await member.expect('pingresp');
        return first;
      }),
    );
    const index = inboxes.findIndex(({ cmd }) => cmd === 'publish');
    const taker = members[index]!;
    taker.send(acknowledgement('puback', inboxes[index]!.messageId ?? 0, 0x83));
    await taker.roundTrip();
    for (const member of members) await member.expectNothing();
  });

  it('delivers at the QoS that the chosen member was granted [MQTT-4.8.2-3]', async () => {
    const server = await startServer();
    const member = await server.connect();
    await member.subscribe({ filter: '$share/g/a', qos: 1 });
    const publisher = await server.connect();
    await publisher.publish({ topic: 'a', qos: 2 });
    await member.take({ qos: 1 });
  });

  it('brings its subscription identifier [MQTT-3.3.4-5]', async () => {
    const server = await startServer();
    const member = await server.connect();
    await member.subscribe('$share/g/a', { subscriptionIdentifier: 7 });
    await publishMany(server, 'a', 1);
    await member.expect('publish', { properties: { subscriptionIdentifier: 7 } });
  });
});

describe('a QoS 2 message under way to a member that goes', () => {
  async function startDelivery() {
    const server = await startServer();
    const clients = await Promise.all(
      ['m1', 'm2'].map((clientId) =>
        server.connect({
          clientId,
          cleanStart: false,
          properties: { sessionExpiryInterval: 1000 },
        }),
      ),
    );
    for (const client of clients) await client.subscribe({ filter: '$share/g/a', qos: 2 });
    server.broker.publish({ topic: 'a', payload: 'x', qos: 2 });
    const counts = await Promise.all(
      clients.map(async (client) => {
        client.send('c000');
        const first = await client.expectAny();
        if (first.cmd === 'publish') await client.expect('pingresp');
        return first;
      }),
    );
    const index = counts.findIndex(({ cmd }) => cmd === 'publish');
    const gone = server.next('disconnected');
    clients[index]!.cut();
    await gone;
    const other = clients[1 - index]!;
    return { server, other, taker: `m${index + 1}`, messageId: counts[index]!.messageId };
  }

  it('waits for that member to come back [MQTT-4.8.2-4]', async () => {
    const { server, other, taker, messageId } = await startDelivery();
    await other.expectNothing();
    const back = await server.connect({ clientId: taker, cleanStart: false });
    await back.take({ payload: 'x', qos: 2, dup: true, messageId });
    await other.expectNothing();
  });

  it('goes to nobody else when the session of that member ends [MQTT-4.8.2-5]', async () => {
    const { server, other, taker } = await startDelivery();
    const back = await server.connect({ clientId: taker, cleanStart: true });
    await back.expectNothing();
    await other.expectNothing();
  });
});
