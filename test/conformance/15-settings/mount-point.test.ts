// mountPoint: clients of a listener live below a topic, and neither see it nor anything beside it.
import { startServer, versions, type ServerOptions, type TestServer } from '../support/server.js';

interface Houses extends TestServer {
  /** The port whose clients live below `house/`. */
  inside: number;
}

async function startHouses(options: ServerOptions = {}): Promise<Houses> {
  const server = await startServer({ others: [{ mountPoint: 'house/' }], ...options });
  return { ...server, broker: server.broker, inside: server.otherPorts[0] ?? 0 };
}

describe.each(versions)('a mount point on MQTT $name', ({ version }) => {
  it.each([0, 1, 2])('is put before the topic of a publish at QoS %d', async (qos) => {
    const server = await startHouses();
    const outside = await server.connect();
    await outside.subscribe('#');
    const inside = await server.connectTo(server.inside, { version });
    await inside.publish({ topic: 'lamp', payload: 'on', qos });
    await outside.expect('publish', { topic: 'house/lamp', payload: Buffer.from('on') });
  });

  it.each([0, 1, 2] as const)('is taken off what is delivered at QoS %d', async (qos) => {
    const server = await startHouses();
    const inside = await server.connectTo(server.inside, { version });
    await inside.subscribe({ filter: '#', qos });
    server.broker.publish({ topic: 'house/lamp', payload: 'on', qos: 2 });
    server.broker.publish({ topic: 'street/lamp', payload: 'on', qos: 2 });
    await inside.take({ topic: 'lamp', qos });
    await inside.expectNothing();
  });

  it('is taken off retained messages', async () => {
    const server = await startHouses();
    server.broker.publish({ topic: 'house/lamp', payload: 'on', retain: true });
    server.broker.publish({ topic: 'lamp', payload: 'off', retain: true });
    const inside = await server.connectTo(server.inside, { version });
    await inside.subscribe('lamp');
    await inside.expect('publish', { topic: 'lamp', payload: Buffer.from('on'), retain: true });
  });

  it('holds for wills', async () => {
    const server = await startHouses();
    const outside = await server.connect();
    await outside.subscribe('house/bye');
    const inside = await server.connectTo(server.inside, { version, will: { topic: 'bye' } });
    inside.cut();
    await outside.expect('publish', { topic: 'house/bye' });
  });

  it('holds for UNSUBSCRIBE', async () => {
    const server = await startHouses();
    const inside = await server.connectTo(server.inside, { version });
    await inside.subscribe('lamp');
    await inside.unsubscribe('lamp');
    server.broker.publish({ topic: 'house/lamp', payload: 'on' });
    await inside.expectNothing();
  });
});

describe('a mount point', () => {
  it('comes behind $share and the group, so that only its clients share', async () => {
    const server = await startHouses();
    const members = [await server.connectTo(server.inside), await server.connectTo(server.inside)];
    const outside = await server.connect();
    for (const member of [...members, outside]) await member.subscribe('$share/g/lamp');
    for (const topic of ['house/lamp', 'house/lamp', 'lamp'])
      server.broker.publish({ topic, payload: 'x' });
    for (const member of members) await member.expect('publish', { topic: 'lamp' });
    await outside.expect('publish', { topic: 'lamp' });
  });

  it('goes with topic aliases in both directions', async () => {
    const server = await startHouses();
    const properties = { topicAliasMaximum: 5 };
    const inside = await server.connectTo(server.inside, { properties });
    const outside = await server.connect();
    await inside.subscribe('back');
    await outside.subscribe('house/lamp');
    inside.sendPublish({ topic: 'lamp', properties: { topicAlias: 1 } });
    inside.sendPublish({ topic: '', properties: { topicAlias: 1 } });
    await outside.expect('publish', { topic: 'house/lamp' });
    await outside.expect('publish', { topic: 'house/lamp' });
    for (let n = 0; n < 2; n++) server.broker.publish({ topic: 'house/back', payload: 'x' });
    await inside.expect('publish', { topic: 'back', properties: { topicAlias: 1 } });
    await inside.expect('publish', { topic: '', properties: { topicAlias: 1 } });
  });

  it('stands in the names that rights and the acceptance are asked about', async () => {
    const asked: string[] = [];
    const server = await startHouses({
      grants: { alice: { password: 'p', publish: ['house/lamp'], subscribe: ['house/lamp'] } },
      accept: ({ topic }) => void asked.push(topic),
    });
    const inside = await server.connectTo(server.inside, { username: 'alice', password: 'p' });
    const { granted } = await inside.subscribe(['lamp', 'house/lamp']);
    expect(granted).toEqual([0, 0x87]);
    inside.sendPublish({ topic: 'lamp' });
    await inside.expect('publish', { topic: 'lamp' });
    expect(asked).toEqual(['house/lamp']);
  });

  it('lets nobody see or say anything of $SYS', async () => {
    const server = await startHouses();
    const inside = await server.connectTo(server.inside);
    const outside = await server.connect();
    await inside.subscribe(['$SYS/#', '#']);
    await outside.subscribe('$SYS/#');
    server.broker.publish({ topic: '$SYS/x', payload: 'secret', retain: true });
    await outside.expect('publish', { topic: '$SYS/x' });
    await inside.expectNothing();
  });

  it('hides topics whose rest begins with $ from wildcards [MQTT-4.7.2-1]', async () => {
    const server = await startHouses();
    const inside = await server.connectTo(server.inside);
    await inside.subscribe('#');
    server.broker.publish({ topic: 'house/$hidden', payload: 'x' });
    await inside.expectNothing();
  });

  it('keeps what a session brings along from another listener to itself', async () => {
    const server = await startHouses();
    const session = { clientId: 'c', cleanStart: false, properties: { sessionExpiryInterval: 60 } };
    const outside = await server.connect(session);
    await outside.subscribe({ filter: 'street', qos: 1 });
    await outside.disconnect();
    server.broker.publish({ topic: 'street', payload: 'x', qos: 1 });
    const inside = await server.connectTo(server.inside, session);
    await inside.expectNothing();
  });

  it('ends a client whose topic becomes too long with it', async () => {
    const server = await startHouses({ limits: { maxTopicBytes: 10 } });
    const inside = await server.connectTo(server.inside);
    inside.sendPublish({ topic: '12345' });
    inside.sendPublish({ topic: '1234' });
    await inside.expectDisconnected(0x90);
  });
});
