// [MQTT-4.8.2-4] [MQTT-4.8.2-5] (4.8.2) What a member of a shared subscription has not acknowledged goes to another when it
// leaves, but for QoS 2 messages under way.

import { FakeClock, type ConnectedClient, type ConnectFields } from '@hearth/testkit';
import { startServer, type TestServer } from '../support/server.js';

const filter = '$share/g/a/#';
const persistent = (clientId: string): ConnectFields => ({
  clientId,
  cleanStart: false,
  properties: { sessionExpiryInterval: 100 },
});

/** A member with room for one unacknowledged message, which is taken up by the topic `a/1`; more waits behind it. */
async function aBusyMember(server: TestServer, qos: 1 | 2): Promise<ConnectedClient> {
  const properties = { sessionExpiryInterval: 100, receiveMaximum: 1 };
  const busy = await server.connect({ ...persistent('busy'), properties });
  await busy.subscribe({ filter, qos });
  const publisher = await server.connect();
  for (const payload of ['1', '2', '3']) {
    await publisher.publish({ topic: `a/${payload}`, payload, qos });
  }
  await busy.expect('publish', { payload: '1' });
  return busy;
}

describe('when a member of a shared subscription loses its connection', () => {
  it('a connected member gets its QoS 1 messages: the one under way and those that wait', async () => {
    const server = await startServer();
    const busy = await aBusyMember(server, 1);
    const other = await server.connect(persistent('other'));
    await other.subscribe({ filter, qos: 1 });
    busy.cut();
    for (const payload of ['1', '2', '3']) await other.take({ payload, dup: false });
    const back = await server.connect(persistent('busy'));
    await back.expectNothing();
  });

  it('a connected member gets the QoS 2 messages that wait; the one under way waits for its member', async () => {
    const server = await startServer();
    const busy = await aBusyMember(server, 2);
    const other = await server.connect(persistent('other'));
    await other.subscribe({ filter, qos: 2 });
    busy.cut();
    for (const payload of ['2', '3']) await other.expect('publish', { payload });
    const back = await server.connect(persistent('busy'));
    await back.take({ payload: '1', dup: true });
    other.cut();
  });

  it('they stay with it while no other member is connected', async () => {
    const server = await startServer();
    const absent = await server.connect(persistent('absent'));
    const busy = await aBusyMember(server, 1);
    await absent.subscribe({ filter, qos: 1 });
    await absent.disconnect();
    busy.cut();
    await server.next('disconnected');
    const back = await server.connect(persistent('absent'));
    await back.expectNothing();
    const again = await server.connect(persistent('busy'));
    for (const payload of ['1', '2', '3']) await again.expect('publish', { payload });
    again.cut();
  });

  it('a take-over by the same client moves nothing', async () => {
    const server = await startServer();
    const busy = await aBusyMember(server, 1);
    const other = await server.connect();
    await other.subscribe({ filter, qos: 1 });
    const successor = await server.connect(persistent('busy'));
    await busy.expectDisconnected(0x8e);
    for (const payload of ['1', '2', '3']) await successor.expect('publish', { payload });
    await other.expectNothing();
    successor.cut();
  });
});

describe('when the session of a member ends', () => {
  it('another member gets what it had not acknowledged, also one that is away', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock });
    const busy = await aBusyMember(server, 1);
    busy.cut();
    await server.next('disconnected');
    const absent = await server.connect({
      ...persistent('absent'),
      properties: { sessionExpiryInterval: 1000 },
    });
    await absent.subscribe({ filter, qos: 1 });
    await absent.disconnect();
    clock.advance(100_000);
    const back = await server.connect(persistent('absent'));
    for (const payload of ['1', '2', '3']) await back.take({ payload });
  });

  it('a message waits in no session that is full while another has room', async () => {
    const server = await startServer({ limits: { maxQueuedMessages: 2 } });
    const members = ['m1', 'm2'];
    for (const name of members) {
      const member = await server.connect(persistent(name));
      await member.subscribe({ filter, qos: 1 });
      await member.disconnect();
    }
    const publisher = await server.connect();
    for (const payload of ['1', '2', '3', '4']) {
      await publisher.publish({ topic: 'a', payload, qos: 1 });
    }
    const first = await server.connect(persistent('m1'));
    const got = [await first.take(), await first.take()];
    await first.disconnect();
    for (const payload of ['5', '6']) await publisher.publish({ topic: 'a', payload, qos: 1 });
    const second = await server.connect(persistent('m2'));
    got.push(await second.take(), await second.take());
    const again = await server.connect(persistent('m1'));
    got.push(await again.take(), await again.take());
    expect(got.map(({ payload }) => payload.toString()).sort()).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
    ]);
    expect(server.broker.stats().dropped['queue-full']).toBe(0);
  });
});
