// [MQTT-3.1.2-30] [MQTT-3.15.1-1] [MQTT-3.15.2-1] [MQTT-4.12.0-1] [MQTT-4.12.0-2] [MQTT-4.12.0-3] [MQTT-4.12.0-4] [MQTT-4.12.0-5] [MQTT-4.12.0-6] [MQTT-4.12.0-7]
// An exchange of AUTH packets between CONNECT and CONNACK.
import { auth, connect, disconnect, FakeClock, pingreq, publish, wire } from '@hearth/testkit';
import type { ConnectFields, Properties, RawClient } from '@hearth/testkit';
import type { AuthAnswer } from '@hearth/mqtt-broker';
import { everything, scripted } from '../support/scripted-authenticator.js';
import { startServer, type TestServer } from '../support/server.js';

const method = 'TEST';
const says = (data: string): Properties => ({
  authenticationMethod: method,
  authenticationData: data,
});

async function begin(
  server: TestServer,
  data: string | undefined,
  fields: ConnectFields = {},
): Promise<RawClient> {
  const client = await server.open();
  const properties = data === undefined ? { authenticationMethod: method } : says(data);
  client.send(connect({ clientId: 'c', properties, ...fields }));
  return client;
}

describe('enhanced authentication', () => {
  it('ends in a CONNACK with the method and the last data', async () => {
    const authenticator = scripted();
    const server = await startServer({ enhancedAuthenticators: [authenticator] });
    const client = await begin(server, 'ask one', { username: 'u', password: 'p' });
    await client.expect('auth', {
      reasonCode: 0x18,
      properties: { authenticationMethod: method, authenticationData: Buffer.from('one') },
    });
    client.send(auth(0x18, says('ask two')));
    await client.expect('auth', { reasonCode: 0x18 });
    client.send(auth(0x18, says('ok welcome')));
    await client.expect('connack', {
      reasonCode: 0,
      properties: { authenticationMethod: method, authenticationData: Buffer.from('welcome') },
    });
    await client.publish({ topic: 'a', qos: 1 });
    expect(authenticator.heard).toEqual(['ask one', 'ask two', 'ok welcome']);
    expect(authenticator.begun).toMatchObject([
      { clientId: 'c', username: 'u', password: Buffer.from('p'), transport: 'tcp' },
    ]);
    expect(server.broker.clients()).toMatchObject([{ clientId: 'c', principal: { id: 'alice' } }]);
  });

  it('may end with the data of the CONNECT', async () => {
    const server = await startServer({ enhancedAuthenticators: [scripted()] });
    const client = await begin(server, 'ok');
    const { properties } = await client.expect('connack', { reasonCode: 0 });
    expect(properties).toMatchObject({ authenticationMethod: method });
    expect(properties).not.toHaveProperty('authenticationData');
  });

  it('begins without data when the CONNECT has none', async () => {
    const authenticator = scripted();
    const server = await startServer({ enhancedAuthenticators: [authenticator] });
    const client = await begin(server, undefined);
    const { properties } = await client.expect('auth', { reasonCode: 0x18 });
    expect(properties).not.toHaveProperty('authenticationData');
    client.send(auth(0x18, says('ok')));
    await client.expect('connack', { reasonCode: 0 });
    expect(authenticator.heard).toEqual([undefined, 'ok']);
  });

  it('assigns a client identifier to a client that gave none', async () => {
    const authenticator = scripted();
    const server = await startServer({ enhancedAuthenticators: [authenticator] });
    const client = await begin(server, 'ok', { clientId: '' });
    const { properties } = await client.expect('connack', { reasonCode: 0 });
    expect(properties?.assignedClientIdentifier).toBe(authenticator.begun[0]?.clientId);
  });

  it('picks the authenticator by method', async () => {
    const [one, two] = [scripted('ONE'), scripted('TWO')];
    const server = await startServer({ enhancedAuthenticators: [one, two] });
    const properties = { authenticationMethod: 'TWO', authenticationData: 'ok' };
    await server.connect({ properties });
    expect(one.heard).toEqual([]);
    expect(two.heard).toEqual(['ok']);
  });

  it.each([
    ['an unknown method', 'test'],
    ['an empty method', ''],
  ])('refuses %s with 0x8C', async (_what, authenticationMethod) => {
    const server = await startServer({ enhancedAuthenticators: [scripted()] });
    const client = await begin(server, undefined, { properties: { authenticationMethod } });
    await client.expect('connack', { reasonCode: 0x8c });
    await client.expectClosed();
  });

  it.each(['no 87', 'no 86', 'no 8A', 'ask more'])('may refuse after "%s"', async (first) => {
    const server = await startServer({ enhancedAuthenticators: [scripted()] });
    const refused = server.next('refused');
    const client = await begin(server, first);
    if (first === 'ask more') {
      await client.expect('auth', { reasonCode: 0x18 });
      client.send(auth(0x18, says('no 87')));
    }
    const reasonCode = first === 'ask more' ? 0x87 : Number.parseInt(first.slice(3), 16);
    await client.expect('connack', { reasonCode, sessionPresent: false });
    await client.expectClosed();
    expect(await refused).toMatchObject({ clientId: 'c', reasonCode, cause: 'as you wished' });
  });

  it('refuses with 0x88 when the authenticator fails', async () => {
    for (const hold of [undefined, () => Promise.resolve()]) {
      const server = await startServer({ enhancedAuthenticators: [scripted('TEST', hold)] });
      const client = await begin(server, 'fail');
      await client.expect('connack', { reasonCode: 0x88 });
      await client.expectClosed();
    }
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['no kind', {}],
    ['an unknown kind', { kind: 'maybe', principal: everything }],
    ['a success without a principal', { kind: 'success' }],
    ['a success of no principal', { kind: 'success', principal: { id: 'alice' } }],
    ['data that are no bytes', { kind: 'success', principal: everything, data: 'text' }],
    ['data longer than a field', { kind: 'continue', data: new Uint8Array(65_536) }],
  ])('refuses with 0x88 when the authenticator answers %s', async (_what, answer) => {
    const next = (): AuthAnswer => answer as AuthAnswer;
    const server = await startServer({
      enhancedAuthenticators: [{ method, begin: () => ({ next }) }],
      tolerateBugs: true,
    });
    const client = await begin(server, 'ask');
    await client.expect('connack', { reasonCode: 0x88 });
    await client.expectClosed();
    expect(server.bugs).toHaveLength(1);
  });

  it('refuses at once when the new principal cannot be asked', async () => {
    const authenticator = scripted('TEST', () => Promise.resolve());
    const canPublish = (): never => {
      throw new Error('no such table');
    };
    authenticator.principal = { ...everything, canPublish };
    const server = await startServer({
      enhancedAuthenticators: [authenticator],
      authenticator: { authenticate: async () => authenticator.principal },
      tolerateBugs: true,
    });
    const will = { topic: 'gone' };
    const exchanging = await begin(server, 'ok', { will });
    await exchanging.expect('connack', { reasonCode: 0x80 });
    await exchanging.expectClosed();
    const plain = await begin(server, undefined, { will, properties: {} });
    await plain.expect('connack', { reasonCode: 0x80 });
    await plain.expectClosed();
    expect(server.bugs).toHaveLength(2);
  });

  it('does not take a session over before it succeeded', async () => {
    const server = await startServer({ enhancedAuthenticators: [scripted()] });
    const owner = await server.connect({ clientId: 'c', properties: says('ok') });
    const other = await begin(server, 'ask');
    await other.expect('auth');
    await owner.expectNothing();
    other.send(auth(0x18, says('ok')));
    await other.expect('connack', { reasonCode: 0 });
    await owner.expectDisconnected(0x8e);
  });

  it('reads nothing more while the authenticator thinks', async () => {
    let go = (): void => {};
    const thought = new Promise<void>((resolve) => (go = resolve));
    const authenticator = scripted('TEST', () => thought);
    const server = await startServer({ enhancedAuthenticators: [authenticator] });
    const client = await begin(server, 'ask');
    client.send(auth(0x18, says('ok')));
    const witness = await server.open();
    witness.send(connect({ version: 4, clientId: 'w' }));
    await witness.expect('connack');
    expect(authenticator.heard).toEqual(['ask']);
    go();
    await client.expect('auth', { reasonCode: 0x18 });
    await client.expect('connack', { reasonCode: 0 });
  });

  it('ends with the connect timeout, however often the client goes on', async () => {
    const clock = new FakeClock();
    const server = await startServer({ enhancedAuthenticators: [scripted()], clock });
    const client = await begin(server, 'ask');
    await client.expect('auth');
    clock.advance(9_000);
    client.send(auth(0x18, says('ask')));
    await client.expect('auth');
    clock.advance(1_000);
    await client.expect('connack', { reasonCode: 0x80 });
    await client.expectClosed();
  });

  it('ends with the connect timeout while the authenticator thinks', async () => {
    const clock = new FakeClock();
    const authenticator = scripted('TEST', () => new Promise(() => undefined));
    const server = await startServer({ enhancedAuthenticators: [authenticator], clock });
    const client = await begin(server, 'ok');
    while (authenticator.heard.length === 0) await new Promise(setImmediate);
    clock.advance(10_000);
    await client.expect('connack', { reasonCode: 0x80 });
    await client.expectClosed();
  });

  it('is left by a DISCONNECT, which nothing answers', async () => {
    const server = await startServer({ enhancedAuthenticators: [scripted()] });
    const refused = server.next('refused');
    const client = await begin(server, 'ask');
    await client.expect('auth');
    client.send(disconnect());
    await client.expectClosed();
    expect(await refused).toMatchObject({ clientId: 'c' });
  });

  it('sends no AUTH that the client has no room for [MQTT-3.15.2-2] [MQTT-3.15.2-3]', async () => {
    const server = await startServer({ enhancedAuthenticators: [scripted()] });
    const properties = {
      authenticationMethod: method,
      authenticationData: `ask ${'x'.repeat(60)}`,
      maximumPacketSize: 50,
    };
    const client = await begin(server, undefined, { properties });
    await client.expect('connack', { reasonCode: 0x95 });
    await client.expectClosed();
  });

  it('bounds the packets of the exchange like a CONNECT', async () => {
    const server = await startServer({
      enhancedAuthenticators: [scripted()],
      limits: { maxConnectPacketBytes: 200 },
    });
    const client = await begin(server, 'ask');
    await client.expect('auth');
    client.send(wire('f0 ac02'));
    await client.expect('connack', { reasonCode: 0x95 });
    await client.expectClosed();
  });

  it.each<[string, number, Buffer]>([
    ['a PUBLISH', 0x82, publish(5, { topic: 'a' })],
    ['a PINGREQ', 0x82, pingreq()],
    ['a second CONNECT', 0x82, connect({ clientId: 'c' })],
    ['an AUTH with another method', 0x82, auth(0x18, { authenticationMethod: 'OTHER' })],
    ['an AUTH without a method', 0x82, auth(0x18)],
    ['an AUTH of nothing', 0x82, wire('f0 00')],
    ['an AUTH that says success', 0x82, auth(0x00, says('ok'))],
    ['an AUTH that re-authenticates', 0x82, auth(0x19, says('ok'))],
    ['an AUTH with an unknown reason', 0x82, auth(0x01, says('ok'))],
    ['an AUTH with flags', 0x81, wire('f1 00')],
  ])('takes no %s before the CONNACK', async (_what, reasonCode, bytes) => {
    const authenticator = scripted();
    const server = await startServer({ enhancedAuthenticators: [authenticator] });
    const client = await begin(server, 'ask');
    await client.expect('auth');
    client.send(bytes);
    await client.expect('connack', { reasonCode });
    await client.expectClosed();
    expect(authenticator.heard).toEqual(['ask']);
  });
});

describe('a client without an authentication method', () => {
  it('gets no AUTH and no method, and may not send AUTH', async () => {
    const server = await startServer({ enhancedAuthenticators: [scripted()] });
    const client = await server.connect();
    expect(client.connack.properties).not.toHaveProperty('authenticationMethod');
    client.send(auth(0x19, says('ok')));
    await client.expectDisconnected(0x82);
  });

  it('may not send AUTH first', async () => {
    const server = await startServer({ enhancedAuthenticators: [scripted()] });
    const client = await server.open();
    client.send(auth(0x18, says('ok')));
    await client.expectClosed();
  });

  it('may not send authentication data', async () => {
    const server = await startServer({ enhancedAuthenticators: [scripted()] });
    const client = await begin(server, undefined, { properties: { authenticationData: 'ok' } });
    await client.expect('connack', { reasonCode: 0x82 });
    await client.expectClosed();
  });

  it('has no AUTH at all on MQTT 3.1.1', async () => {
    const authenticator = scripted();
    const server = await startServer({ enhancedAuthenticators: [authenticator] });
    const client = await server.connect({ version: 4 });
    client.send(auth(0x18, says('ok')));
    await client.expectClosed();
    expect(authenticator.begun).toEqual([]);
  });
});
