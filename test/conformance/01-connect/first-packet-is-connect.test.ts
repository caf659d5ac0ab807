// [MQTT-3.1.0-1] [MQTT-3.1.0-2] [MQTT-3.2.0-1] [MQTT-3.2.0-2] A connection begins with one CONNECT and one CONNACK.
import { connect, pingreq, publish, wire } from '@hearth/testkit';
import { startServer, versions } from '../support/server.js';

describe('a connection that does not begin with CONNECT', () => {
  it.each([
    ['PINGREQ', 'c000'],
    ['PUBLISH', `30 < "a" 'x' >`],
    ['SUBSCRIBE', '82 < 0001 "a" 00 >'],
    ['DISCONNECT', 'e000'],
    ['AUTH', 'f000'],
    ['CONNACK', '20020000'],
    ['packet type 0', '0000'],
    ['HTTP', `'GET / HTTP/1.1' 0d0a 0d0a`],
    ['TLS', '1603010200010001fc0303'],
  ])('is closed without an answer: %s', async (_name, bytes) => {
    const server = await startServer();
    const client = await server.open();
    client.send(bytes);
    await client.expectClosed();
  });
});

describe.each(versions)('CONNECT on MQTT $name', ({ version }) => {
  it('is answered by one CONNACK and nothing else [MQTT-3.2.0-1] [MQTT-3.2.0-2] [MQTT-3.2.2-1]', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    expect(client.connack.bytes[2]).toBe(0);
    await client.expectNothing();
  });

  it('is refused the second time on one connection [MQTT-3.1.0-2] [MQTT-4.13.2-1]', async () => {
    const server = await startServer();
    const client = await server.connect({ version, clientId: 'again' });
    client.send(connect({ version, clientId: 'again' }));
    await client.expectDisconnected(0x82);
  });

  it('may come byte by byte', async () => {
    const server = await startServer();
    const client = await server.open({ version });
    for (const byte of connect({ version, clientId: 'slow' })) client.send(Buffer.of(byte));
    await client.expect('connack', version === 5 ? { reasonCode: 0 } : { returnCode: 0 });
  });

  it('may be followed by other packets before the CONNACK', async () => {
    const server = await startServer();
    const client = await server.open({ version });
    client.send(
      connect({ version, clientId: 'eager' }),
      publish(version, { topic: 'a', qos: 1, packetId: 7 }),
      pingreq(),
    );
    await client.expect('connack');
    await client.expect('puback', { messageId: 7 });
    await client.expect('pingresp');
  });

  it('accepts a client identifier of 23 letters and digits [MQTT-3.1.3-5]', async () => {
    const server = await startServer();
    await server.connect({ version, clientId: 'abcdefghijkLMNOP0123456' });
  });

  it('takes a user name of any length of text and a password of any bytes [MQTT-3.1.2-17]', async () => {
    const server = await startServer();
    const client = await server.open({ version });
    const password = wire('00 ff 80*100');
    client.send(connect({ version, clientId: 'c', username: 'ü'.repeat(100), password }));
    await client.expect('connack', version === 5 ? { reasonCode: 0 } : { returnCode: 0 });
  });
});

describe('the fields of a CONNECT', () => {
  it('are read in their order [MQTT-3.1.3-1]', async () => {
    const seen: unknown[] = [];
    const server = await startServer({
      authenticator: {
        authenticate: ({ clientId, username, password }) => {
          seen.push(clientId, username, password?.toString());
          return { id: 'p', canPublish: () => true, canSubscribe: () => true };
        },
      },
    });
    const watcher = await server.connect({ clientId: 'w' });
    await watcher.subscribe('will/topic');
    const client = await server.open();
    client.send('10 < "MQTT" 05 c6 0000 <> "id" <> "will/topic" "payload" "user" "password" >');
    await client.expect('connack', { reasonCode: 0 });
    expect(seen.slice(3)).toEqual(['id', 'user', 'password']);
    client.cut();
    await watcher.expect('publish', { topic: 'will/topic', payload: 'payload' });
  });

  it('need not be a user name where there is a password, on 5.0 [MQTT-3.1.2-16] [MQTT-3.1.2-19]', async () => {
    const server = await startServer();
    const client = await server.open();
    client.send('10 < "MQTT" 05 42 0000 <> "c" "password" >');
    await client.expect('connack', { reasonCode: 0 });
  });

  it('need a user name where there is a password, on 3.x [MQTT3-3.1.2-22] [MQTT3-3.2.2-6]', async () => {
    const server = await startServer();
    for (const start of ['"MQTT" 04', '"MQIsdp" 03']) {
      const client = await server.open({ version: 4 });
      client.send(`10 < ${start} 42 0000 "c" "password" >`);
      await client.expectClosed();
    }
  });
});

describe('CONNECT on MQTT 3.1', () => {
  it('is accepted with the protocol name MQIsdp and level 3', async () => {
    const server = await startServer();
    const client = await server.connect({ version: 3 });
    await client.subscribe({ filter: 'a', qos: 1 });
    client.sendPublish({ topic: 'a', payload: 'x', qos: 1 });
    const first = await client.expectAny();
    const second = await client.expectAny();
    expect([first.cmd, second.cmd].sort()).toEqual(['puback', 'publish']);
  });
});
