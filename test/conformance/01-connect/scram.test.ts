// [MQTT-4.12.0-2] [MQTT-4.12.0-4] [MQTT-4.12.0-5] [MQTT-4.12.1-1] SCRAM-SHA-256 (RFC 5802, RFC 7677) as an authentication method.
import { connect as connectMqttJs } from 'mqtt';
import { auth, connect, within, type Properties, type RawClient } from '@hearth/testkit';
import { scramCredentials, scramSha256 } from '@hearth/mqtt-broker';
import { scramLogin } from '../support/scram-client.js';
import { everything } from '../support/scripted-authenticator.js';
import { startServer, type TestServer } from '../support/server.js';

const method = 'SCRAM-SHA-256';
const says = (data: string): Properties => ({
  authenticationMethod: method,
  authenticationData: data,
});

async function start(): Promise<TestServer> {
  const credentials = await scramCredentials('pencil');
  const find = (name: string) =>
    name === 'alice' ? { credentials, principal: everything } : undefined;
  return startServer({ enhancedAuthenticators: [scramSha256({ find })], authenticator: 'default' });
}

/** Answers the server's challenge and tells what its last data must be. */
async function prove(client: RawClient, login: ReturnType<typeof scramLogin>): Promise<string> {
  const { properties } = await client.expect('auth', { reasonCode: 0x18 });
  const { message, verifier } = login.final(String(properties?.authenticationData));
  client.send(auth(0x18, says(message)));
  return verifier;
}

describe(method, () => {
  it('lets in with the right password, proves the server, and does so again', async () => {
    const server = await start();
    const client = await server.open();
    const login = scramLogin('alice', 'pencil');
    client.send(connect({ clientId: 'c', properties: says(login.first) }));
    const verifier = await prove(client, login);
    const { properties } = await client.expect('connack', { reasonCode: 0 });
    expect(String(properties?.authenticationData)).toBe(verifier);
    const again = scramLogin('alice', 'pencil');
    client.send(auth(0x19, says(again.first)));
    const nextVerifier = await prove(client, again);
    const done = await client.expect('auth', { reasonCode: 0 });
    expect(String(done.properties?.authenticationData)).toBe(nextVerifier);
  });

  it.each([
    ['a wrong password', 'alice', 'pen'],
    ['an unknown user', 'mallory', 'pencil'],
  ])('refuses %s, and tells them not apart', async (_what, name, password) => {
    const server = await start();
    const client = await server.open();
    const login = scramLogin(name, password);
    client.send(connect({ clientId: 'c', properties: says(login.first) }));
    await prove(client, login);
    await client.expect('connack', {
      reasonCode: 0x87,
      properties: { reasonString: 'e=invalid-proof' },
    });
    await client.expectClosed();
  });

  it('disconnects a re-authentication with a wrong password', async () => {
    const server = await start();
    const client = await server.open();
    const login = scramLogin('alice', 'pencil');
    client.send(connect({ clientId: 'c', properties: says(login.first) }));
    await prove(client, login);
    await client.expect('connack', { reasonCode: 0 });
    const again = scramLogin('alice', 'pen');
    client.send(auth(0x19, says(again.first)));
    await prove(client, again);
    await client.expectDisconnected(0x87);
  });

  it('is spoken with MQTT.js', async () => {
    const server = await start();
    const login = scramLogin('alice', 'pencil');
    const properties = {
      authenticationMethod: method,
      authenticationData: Buffer.from(login.first),
    };
    const client = connectMqttJs(`mqtt://127.0.0.1:${server.port}`, {
      protocolVersion: 5,
      reconnectPeriod: 0,
      clientId: 'js',
      properties,
    });
    client.handleAuth = (packet, answer) => {
      const { message } = login.final(String(packet.properties?.authenticationData));
      const authenticationData = Buffer.from(message);
      answer(undefined, {
        cmd: 'auth',
        reasonCode: 0x18,
        properties: { authenticationMethod: method, authenticationData },
      });
    };
    const accepted = new Promise((resolve, reject) => {
      client.once('connect', resolve);
      client.once('error', reject);
    });
    try {
      await within(8000, 'MQTT.js is let in', accepted);
      await client.subscribeAsync('a', { qos: 1 });
    } finally {
      await client.endAsync(true);
    }
  });
});
