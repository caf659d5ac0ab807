// [MQTT-3.14.4-1] [MQTT-3.14.4-2] [MQTT-3.14.2-1] A client says DISCONNECT and is let go.
import { disconnect, publish } from '@hearth/testkit';
import { startServer, versions } from '../support/server.js';

describe.each(versions)('DISCONNECT on MQTT $name', ({ version }) => {
  it('closes the connection', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    await client.disconnect();
  });

  it('is the last packet that counts', async () => {
    const server = await startServer();
    const watcher = await server.connect();
    await watcher.subscribe('a');
    const client = await server.connect({ version });
    client.send(disconnect(), publish(version, { topic: 'a', payload: 'late' }));
    await client.expectClosed();
    await watcher.expectNothing();
  });

  it('is told to the embedding program, once', async () => {
    const server = await startServer();
    const client = await server.connect({ version, clientId: 'c' });
    const disconnected = server.next('disconnected');
    await client.disconnect();
    expect(await disconnected).toMatchObject({ clientId: 'c', cause: 'client-disconnect' });
    await (await server.connect()).roundTrip();
    expect(server.heard('disconnected')).toHaveLength(1);
  });

  it('differs from a cut connection', async () => {
    const server = await startServer();
    const client = await server.connect({ version, clientId: 'c' });
    const disconnected = server.next('disconnected');
    client.cut();
    expect(await disconnected).toMatchObject({ clientId: 'c', cause: 'socket-closed' });
  });
});

describe('DISCONNECT on MQTT 5.0', () => {
  it('may not give a session an expiry that its CONNECT did not', async () => {
    const server = await startServer();
    const client = await server.connect({ properties: { sessionExpiryInterval: 0 } });
    client.send(disconnect(0, { sessionExpiryInterval: 10 }));
    await client.expectDisconnected(0x82);
  });

  it('may say why', async () => {
    const server = await startServer();
    const client = await server.connect();
    await client.disconnect(0x80, { reasonString: 'broken', userProperties: [['a', 'b']] });
  });
});

describe('the server says DISCONNECT', () => {
  it('with 0x8B when it stops', async () => {
    const server = await startServer();
    const modern = await server.connect({ version: 5 });
    const old = await server.connect({ version: 4 });
    await Promise.all([server.broker.stop(), modern.expectDisconnected(0x8b), old.expectClosed()]);
  });

  it('with the reason code that the embedding program gives', async () => {
    const server = await startServer();
    const client = await server.connect({ clientId: 'c' });
    expect(server.broker.disconnect('c', 0x98)).toBe(true);
    await client.expectDisconnected(0x98);
    expect(server.broker.disconnect('c')).toBe(false);
  });
});

describe("a server's DISCONNECT", () => {
  it('says nothing of the session expiry [MQTT-3.14.2-2]', async () => {
    const server = await startServer();
    const client = await server.connect({
      clientId: 'c',
      properties: { sessionExpiryInterval: 100 },
    });
    server.broker.disconnect('c', 0x98);
    const { properties } = await client.expect('disconnect', { reasonCode: 0x98 });
    expect(properties?.sessionExpiryInterval).toBeUndefined();
    await client.expectClosed();
  });

  it('is not sent before the CONNACK [MQTT-3.14.0-1]', async () => {
    const server = await startServer();
    const client = await server.open();
    const refused = server.next('refused');
    client.send('10 < "MQTT" 05 01 0000 <> "c" >');
    await client.expect('connack', { reasonCode: 0x81, sessionPresent: false });
    await client.expectClosed();
    await refused;
  });
});
