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
  it('is answered by one CONNACK and nothing else', async () => {
    const server = await startServer();
    const client = await server.connect({ version });
    expect(client.connack.sessionPresent).toBe(false);
    await client.expectNothing();
  });

  it('is refused the second time on one connection', async () => {
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

  it('accepts a client identifier of 23 letters and digits', async () => {
    const server = await startServer();
    await server.connect({ version, clientId: 'abcdefghijkLMNOP0123456' });
  });

  it('takes a user name of any length of text and a password of any bytes', async () => {
    const server = await startServer();
    const client = await server.open({ version });
    const password = wire('00 ff 80*100');
    client.send(connect({ version, clientId: 'c', username: 'ü'.repeat(100), password }));
    await client.expect('connack', version === 5 ? { reasonCode: 0 } : { returnCode: 0 });
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
