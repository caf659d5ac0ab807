// [MQTT-4.3.2-3] [MQTT-4.3.3-8] What a message leaves to be kept is durable before anybody is told that it was taken.

import { acknowledgement, publish, subscribe, type ConnectFields } from '@hearth/testkit';
import { CrashStorage } from '../support/crash-storage.js';
import { startServer, versions, type TestServer } from '../support/server.js';

async function startHeld(limits = {}): Promise<{ server: TestServer; storage: CrashStorage }> {
  const storage = new CrashStorage();
  return { server: await startServer({ storage, limits }), storage };
}

describe.each(versions)('while the storage has not committed, on MQTT $name', ({ version }) => {
  const session: ConnectFields = {
    version,
    clientId: 's',
    cleanStart: false,
    ...(version === 5 && { properties: { sessionExpiryInterval: 1000 } }),
  };

  it('PUBACK and PUBREC wait for what was queued; what nobody keeps is acknowledged at once', async () => {
    const { server, storage } = await startHeld();
    const sleeper = await server.connect(session);
    await sleeper.subscribe({ filter: 'a', qos: 2 });
    await sleeper.disconnect();
    storage.hold();
    const publisher = await server.connect({ version });
    await publisher.publish({ topic: 'nobody', qos: 1 });
    await publisher.publish({ topic: 'nobody', qos: 2 });
    publisher.sendPublish({ topic: 'a', qos: 1, packetId: 10 });
    publisher.sendPublish({ topic: 'a', qos: 2, packetId: 11 });
    await publisher.expectNothing();
    storage.release();
    await publisher.expect('puback', { messageId: 10 });
    await publisher.expect('pubrec', { messageId: 11 });
  });

  it('PUBACK waits for a retained message', async () => {
    const { server, storage } = await startHeld();
    const publisher = await server.connect({ version });
    storage.hold();
    publisher.sendPublish({ topic: 'r', payload: 'x', qos: 1, retain: true, packetId: 10 });
    await publisher.expectNothing();
    storage.release();
    await publisher.expect('puback', { messageId: 10 });
  });

  it('live deliveries of QoS 0 and 1 do not wait, one of QoS 2 to a session that is kept does', async () => {
    const { server, storage } = await startHeld();
    const kept = await server.connect(session);
    await kept.subscribe({ filter: '#', qos: 2 });
    const passing = await server.connect({ version });
    await passing.subscribe({ filter: '#', qos: 2 });
    const publisher = await server.connect({ version });
    storage.hold();
    publisher.sendPublish({ topic: '0', qos: 0 });
    publisher.sendPublish({ topic: '1', qos: 1 });
    publisher.sendPublish({ topic: '2', qos: 2 });
    await publisher.expectNothing();
    for (const topic of ['0', '1', '2']) await passing.expect('publish', { topic });
    await kept.expect('publish', { topic: '0' });
    await kept.expect('publish', { topic: '1' });
    await kept.expectNothing();
    storage.release();
    await kept.expect('publish', { topic: '2', dup: false });
    await publisher.expect('puback');
    await publisher.expect('pubrec');
  });

  it('SUBACK and UNSUBACK of a session that is kept wait', async () => {
    const { server, storage } = await startHeld();
    const client = await server.connect(session);
    storage.hold();
    client.send(subscribe(version, 1, [{ filter: 'a', qos: 1 }]));
    await client.expectNothing();
    storage.release();
    await client.expect('suback', { messageId: 1 });
  });

  it('PUBREL waits for the PUBREC that it answers, PUBCOMP for the PUBREL', async () => {
    const { server, storage } = await startHeld();
    const receiver = await server.connect(session);
    await receiver.subscribe({ filter: 'a', qos: 2 });
    const publisher = await server.connect({ ...session, clientId: 'publisher' });
    publisher.sendPublish({ topic: 'a', qos: 2, packetId: 9 });
    await publisher.expect('pubrec', { messageId: 9 });
    const { messageId = 0 } = await receiver.expect('publish', { topic: 'a' });
    storage.hold();
    receiver.send(acknowledgement('pubrec', messageId));
    publisher.send(acknowledgement('pubrel', 9));
    await receiver.expectNothing();
    await publisher.expectNothing();
    storage.release();
    await receiver.expect('pubrel', { messageId });
    await publisher.expect('pubcomp', { messageId: 9 });
  });

  it('a publisher that was not acknowledged sends again after the crash, and nothing is there twice', async () => {
    const { server, storage } = await startHeld();
    const sleeper = await server.connect(session);
    await sleeper.subscribe({ filter: 'a', qos: 2 });
    await sleeper.disconnect();
    const publisher: ConnectFields = { ...session, clientId: 'publisher' };
    const before = await server.connect(publisher);
    await before.roundTrip();
    storage.hold();
    before.sendPublish({ topic: 'a', payload: '1', qos: 2, packetId: 3 });
    await before.expectNothing();
    const next = await startServer({ storage: storage.crash() });
    before.cut();
    const after = await next.connect(publisher);
    after.sendPublish({ topic: 'a', payload: '1', qos: 2, packetId: 3, dup: true });
    await after.expect('pubrec', { messageId: 3 });
    after.cut();
    const awake = await next.connect(session);
    await awake.take({ payload: '1' });
    await awake.expectNothing();
  });
});

it('refuses QoS 1 and 2 beyond maxUncommittedBytes, and takes them again afterwards', async () => {
  const { server, storage } = await startHeld({ maxUncommittedBytes: 3000 });
  const publisher = await server.connect();
  storage.hold();
  const payload = 'x'.repeat(1500);
  for (let packetId = 1; packetId <= 3; packetId++) {
    publisher.send(publish(5, { topic: `r/${packetId}`, payload, qos: 1, retain: true, packetId }));
  }
  await publisher.expectNothing();
  storage.release();
  await publisher.expect('puback', { messageId: 1, reasonCode: 0 });
  await publisher.expect('puback', { messageId: 2, reasonCode: 0 });
  await publisher.expect('puback', { messageId: 3, reasonCode: 0x97 });
  await publisher.publish({ topic: 'r/4', payload, qos: 1, retain: true });
});
