// [MQTT-3.2.2-8] [MQTT-3.4.2-1] [MQTT-3.5.2-1] [MQTT-3.14.2-1] No packet says a reason code that is not in its table, whatever the embedding program asks for.
import { acknowledgement, connect } from '@hearth/testkit';
import { AcceptRefused } from '@hearth/mqtt-broker';
import { startServer } from '../support/server.js';

describe('a reason code that the packet does not know', () => {
  it.each([
    [0x86, 0x86],
    [0x9f, 0x9f],
    [0x8e, 0x80],
    [0x93, 0x80],
    [0xff, 0x80],
  ])('of an authenticator, %d, is CONNACK %d', async (reasonCode, wanted) => {
    const server = await startServer({
      authenticator: { authenticate: () => ({ refused: true, reasonCode }) },
    });
    const client = await server.open();
    client.send(connect({ clientId: 'c' }));
    await client.expect('connack', { reasonCode: wanted, sessionPresent: false });
    await client.expectClosed();
  });

  it.each([
    [0x87, 0x87],
    [0x99, 0x99],
    [0x8a, 0x83],
    [0x92, 0x83],
    [0x00, 0x83],
  ])('of accept, %d, is PUBACK and PUBREC %d', async (reasonCode, wanted) => {
    const server = await startServer({
      accept: () => {
        throw new AcceptRefused(reasonCode);
      },
    });
    const client = await server.connect();
    client.sendPublish({ topic: 'a', qos: 1, packetId: 1 });
    await client.expect('puback', { messageId: 1, reasonCode: wanted });
    client.sendPublish({ topic: 'a', qos: 2, packetId: 2 });
    await client.expect('pubrec', { messageId: 2, reasonCode: wanted });
    client.send(acknowledgement('pubrel', 2));
    await client.expect('pubcomp', { messageId: 2, reasonCode: 0x92 });
  });

  it.each([
    [0x9d, 0x9d],
    [0x04, 0x80],
    [0x84, 0x80],
    [0x91, 0x80],
  ])('of broker.disconnect, %d, is DISCONNECT %d', async (reasonCode, wanted) => {
    const server = await startServer();
    const client = await server.connect({ clientId: 'c' });
    server.broker.disconnect('c', reasonCode);
    await client.expectDisconnected(wanted);
  });
});
