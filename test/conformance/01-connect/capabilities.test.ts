// [MQTT-3.2.2-9] [MQTT-3.1.2-28] [MQTT-3.1.2-29] What a CONNACK of 5.0 says, and what it must not.
import { connect, subscribe } from '@hearth/testkit';
import { startServer } from '../support/server.js';

describe('the CONNACK of 5.0', () => {
  it('restricts nothing that the server can do', async () => {
    const server = await startServer();
    const { connack } = await server.connect();
    const { properties = {} } = connack;
    expect(properties).not.toHaveProperty('maximumQoS');
    for (const name of [
      'retainAvailable',
      'wildcardSubscriptionAvailable',
      'subscriptionIdentifiersAvailable',
      'sharedSubscriptionAvailable',
    ] as const) {
      expect(properties[name] ?? true).toBe(true);
    }
  });

  it('announces the limits [MQTT-4.12.0-6]', async () => {
    const server = await startServer({
      limits: { receiveMaximum: 11, maxPacketBytes: 12_345, topicAliasMaximum: 7 },
    });
    const { connack } = await server.connect();
    expect(connack.properties).toMatchObject({
      receiveMaximum: 11,
      maximumPacketSize: 12_345,
      topicAliasMaximum: 7,
    });
  });

  it.each([0, 1])('gives no response information, asked %d', async (requestResponseInformation) => {
    const server = await startServer();
    const { connack } = await server.connect({ properties: { requestResponseInformation } });
    expect(connack.properties?.responseInformation).toBeUndefined();
  });

  it('tells a session expiry that it cut', async () => {
    const server = await startServer({ limits: { maxSessionExpirySeconds: 100 } });
    const { connack } = await server.connect({ properties: { sessionExpiryInterval: 500 } });
    expect(connack.properties?.sessionExpiryInterval).toBe(100);
  });
});

describe('request problem information 0', () => {
  it('keeps reason strings and user properties from a SUBACK', async () => {
    const server = await startServer({
      grants: { alice: { password: 'p', subscribe: [] } },
    });
    const client = await server.connect({
      username: 'alice',
      password: 'p',
      properties: { requestProblemInformation: 0 },
    });
    client.send(subscribe(5, 1, ['a']));
    const { properties } = await client.expect('suback', { granted: [0x87] });
    expect(properties).toBeUndefined();
  });

  it.each([2, 255])('refuses the value %d', async (value) => {
    const server = await startServer();
    const client = await server.open();
    client.send(connect({ clientId: 'c', properties: { requestProblemInformation: value } }));
    await client.expect('connack', { reasonCode: 0x82 });
    await client.expectClosed();
  });
});

describe('an authentication method that the server does not know', () => {
  it('is refused with 0x8C [MQTT-4.12.0-1]', async () => {
    const server = await startServer();
    const client = await server.open();
    client.send(connect({ clientId: 'c', properties: { authenticationMethod: 'NO-SUCH' } }));
    await client.expect('connack', { reasonCode: 0x8c });
    await client.expectClosed();
  });

  it('cannot be brought up later by AUTH [MQTT-4.12.0-7]', async () => {
    const server = await startServer();
    const client = await server.connect();
    client.send('f0 < 19 < 15 "NO-SUCH" > >');
    await client.expectDisconnected(0x82, 0x8c);
  });
});
