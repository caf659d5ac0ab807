// Listeners that differ in what their clients get.
import { allowAll, denyAll } from '@hearth/mqtt-broker';
import { connect, openRaw } from '@hearth/testkit';
import { startServer } from '../support/server.js';

describe('a listener', () => {
  it('has an authenticator of its own', async () => {
    const server = await startServer({
      authenticator: denyAll(),
      others: [{ authenticator: allowAll() }],
    });
    await server.connectTo(server.otherPorts[0] ?? 0);
    const refused = await server.open();
    refused.send(connect({ clientId: 'c' }));
    await refused.expect('connack', { reasonCode: 0x87 });
    await refused.expectClosed();
  });

  it('goes before the settings of the broker, and those before its limits', async () => {
    const server = await startServer({
      limits: { receiveMaximum: 1, topicAliasMaximum: 2 },
      settings: { receiveMaximum: 3 },
      others: [{ receiveMaximum: 4 }],
    });
    const announced = { receiveMaximum: 3, topicAliasMaximum: 2 };
    const first = await server.connect();
    const second = await server.connectTo(server.otherPorts[0] ?? 0);
    expect(first.connack.properties).toMatchObject(announced);
    expect(second.connack.properties).toMatchObject({ ...announced, receiveMaximum: 4 });
  });
});

describe('maxConnections', () => {
  it('closes more connections of one listener at once, and none of another', async () => {
    const server = await startServer({ others: [{ maxConnections: 1 }] });
    const port = server.otherPorts[0] ?? 0;
    const first = await server.connectTo(port);
    await (await openRaw(port)).expectClosed();
    await server.connect();
    await first.disconnect();
    let answer;
    // The broker sees the end a little later than the client.
    for (let tries = 0; answer === undefined && tries < 100; tries++) {
      const next = await openRaw(port);
      next.send(connect({ clientId: 'next' }));
      answer = await next.expectAnyOrEnd();
    }
    expect(answer).toMatchObject({ cmd: 'connack', reasonCode: 0 });
  });

  it('has room for who comes in the moment that another leaves', async () => {
    const server = await startServer({ others: [{ maxConnections: 1 }] });
    const port = server.otherPorts[0] ?? 0;
    for (let round = 0; round < 20; round++) {
      const client = await server.connectTo(port);
      client.cut();
    }
    await server.connectTo(port);
  });
});

describe('maxConnectedClients', () => {
  it('refuses one more client with 0x97, but not one that comes back', async () => {
    const server = await startServer({ limits: { maxConnectedClients: 1 } });
    const first = await server.connect({ clientId: 'a' });
    const refused = await server.open();
    refused.send(connect({ clientId: 'b' }));
    await refused.expect('connack', { reasonCode: 0x97 });
    await refused.expectClosed();
    await server.connect({ clientId: 'a' });
    await first.expectDisconnected(0x8e);
  });
});

describe('protocolVersions', () => {
  it.each([
    { version: 5, shape: { reasonCode: 0x84 } },
    { version: 4, shape: { returnCode: 1 } },
    { version: 3, shape: { returnCode: 1 } },
  ] as const)('refuses version $version when it is not among them', async ({ version, shape }) => {
    const others = ([3, 4, 5] as const).filter((one) => one !== version);
    const server = await startServer({ settings: { protocolVersions: others } });
    const client = await server.open({ version });
    client.send(connect({ version, clientId: 'c' }));
    await client.expect('connack', shape);
    await client.expectClosed();
    for (const one of others) await server.connect({ version: one });
  });
});

describe('maxKeepAliveSeconds', () => {
  it.each([0, 61])('refuses a 3.1.1 client with a keep alive of %d', async (keepAliveSeconds) => {
    const server = await startServer({ settings: { maxKeepAliveSeconds: 60 } });
    const client = await server.open({ version: 4 });
    client.send(connect({ version: 4, clientId: 'c', keepAliveSeconds }));
    await client.expect('connack', { returnCode: 2 });
    await client.expectClosed();
  });

  it('lets in a 3.1.1 client with just as much', async () => {
    const server = await startServer({ settings: { maxKeepAliveSeconds: 60 } });
    await server.connect({ version: 4, keepAliveSeconds: 60 });
  });
});

describe('maxSessionExpirySeconds', () => {
  it('cuts what one listener lets sessions live', async () => {
    const server = await startServer({ others: [{ maxSessionExpirySeconds: 5 }] });
    const properties = { sessionExpiryInterval: 10 };
    const { connack } = await server.connectTo(server.otherPorts[0] ?? 0, { properties });
    expect(connack.properties?.sessionExpiryInterval).toBe(5);
  });
});

describe('maxPacketBytes', () => {
  it('of a listener is announced and enforced', async () => {
    const server = await startServer({ others: [{ maxPacketBytes: 64 }] });
    const client = await server.connectTo(server.otherPorts[0] ?? 0);
    expect(client.connack.properties?.maximumPacketSize).toBe(64);
    client.sendPublish({ topic: 'a', payload: 'x'.repeat(70) });
    await client.expectDisconnected(0x95);
  });
});

describe('topicAliasMaximum', () => {
  it('of a listener is announced and enforced', async () => {
    const server = await startServer({ others: [{ topicAliasMaximum: 1 }] });
    const client = await server.connectTo(server.otherPorts[0] ?? 0);
    expect(client.connack.properties?.topicAliasMaximum).toBe(1);
    client.sendPublish({ topic: 'a', properties: { topicAlias: 2 } });
    await client.expectDisconnected(0x94);
  });
});

describe('maxOutgoingTopicAliases 0', () => {
  it('of a listener sends no alias to a client that would take some', async () => {
    const server = await startServer({ others: [{ maxOutgoingTopicAliases: 0 }] });
    const properties = { topicAliasMaximum: 5 };
    const client = await server.connectTo(server.otherPorts[0] ?? 0, { properties });
    await client.subscribe('a');
    server.broker.publish({ topic: 'a', payload: 'x' });
    const { properties: received } = await client.expect('publish', { topic: 'a' });
    expect(received?.topicAlias).toBeUndefined();
  });
});

describe('reasonStrings false', () => {
  it('leaves refusals and disconnections without words', async () => {
    const server = await startServer({ settings: { reasonStrings: false, maximumQos: 0 } });
    const refused = await server.open();
    refused.send(connect({ clientId: 'c', will: { topic: 'w', qos: 1 } }));
    const connack = await refused.expect('connack', { reasonCode: 0x9b });
    expect(connack.properties).toBeUndefined();
    await refused.expectClosed();
    const client = await server.connect();
    client.sendPublish({ topic: 'a', qos: 1 });
    const disconnect = await client.expect('disconnect', { reasonCode: 0x9b });
    expect(disconnect.properties).toBeUndefined();
    await client.expectClosed();
  });
});
