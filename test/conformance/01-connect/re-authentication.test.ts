// [MQTT-4.12.0-5] [MQTT-4.12.1-1] [MQTT-4.12.1-2] AUTH on an open connection.
import { auth, connect, FakeClock, type Properties } from '@hearth/testkit';
import type { Principal } from '@hearth/mqtt-broker';
import {
  everything,
  scripted,
  type ScriptedAuthenticator,
} from '../support/scripted-authenticator.js';
import { startServer, type ServerOptions, type TestServer } from '../support/server.js';

const method = 'TEST';
const says = (data: string): Properties => ({
  authenticationMethod: method,
  authenticationData: data,
});

async function start(
  options: ServerOptions = {},
  authenticator = scripted(),
): Promise<{ server: TestServer; authenticator: ScriptedAuthenticator }> {
  const server = await startServer({ ...options, enhancedAuthenticators: [authenticator] });
  return { server, authenticator };
}

describe('re-authentication', () => {
  it('ends in an AUTH with success, method and data', async () => {
    const { server, authenticator } = await start();
    const announced = server.next('reauthenticated');
    const client = await server.connect({
      clientId: 'c',
      username: 'u',
      password: 'p',
      properties: says('ok'),
    });
    client.send(auth(0x19, says('ask one')));
    await client.expect('auth', {
      reasonCode: 0x18,
      properties: { authenticationMethod: method, authenticationData: Buffer.from('one') },
    });
    client.send(auth(0x18, says('ok two')));
    await client.expect('auth', {
      reasonCode: 0,
      properties: { authenticationMethod: method, authenticationData: Buffer.from('two') },
    });
    await client.publish({ topic: 'a', qos: 1 });
    const [, again] = authenticator.begun;
    expect(again).toMatchObject({ clientId: 'c', username: 'u', reauthenticates: { id: 'alice' } });
    expect(again).not.toHaveProperty('password');
    expect(await announced).toMatchObject({ clientId: 'c', principal: { id: 'alice' } });
  });

  it('may happen again and again', async () => {
    const { server } = await start();
    const client = await server.connect({ properties: says('ok') });
    for (let i = 0; i < 3; i++) {
      client.send(auth(0x19, says('ok')));
      await client.expect('auth', { reasonCode: 0 });
    }
  });

  it('lets other packets flow meanwhile', async () => {
    let go = (): void => {};
    let thought = Promise.resolve();
    const { server } = await start(
      {},
      scripted('TEST', () => thought),
    );
    const client = await server.connect({ properties: says('ok') });
    thought = new Promise((resolve) => (go = resolve));
    client.send(auth(0x19, says('ok')));
    await client.subscribe({ filter: 'a', qos: 1 });
    await client.roundTrip();
    server.broker.publish({ topic: 'a', payload: 'x', qos: 1 });
    await client.take({ topic: 'a' });
    go();
    await client.expect('auth', { reasonCode: 0 });
  });

  it.each([
    ['no 87', 0x87],
    ['no 97', 0x97],
    // What a DISCONNECT cannot say is said as 0x87.
    ['no 86', 0x87],
    ['no 8C', 0x87],
    ['fail', 0x87],
  ])('that ends in "%s" disconnects, with the will published', async (said, reasonCode) => {
    const { server } = await start();
    const watcher = await server.connect({ properties: says('ok') });
    await watcher.subscribe('will');
    const disconnected = server.next('disconnected');
    const client = await server.connect({ properties: says('ok'), will: { topic: 'will' } });
    client.send(auth(0x19, says(said)));
    await client.expectDisconnected(reasonCode);
    await watcher.take({ topic: 'will' });
    expect(await disconnected).toMatchObject({ cause: 'not-authorized', reasonCode });
  });

  it('as somebody else disconnects', async () => {
    const { server, authenticator } = await start();
    const client = await server.connect({ properties: says('ok') });
    authenticator.principal = { ...everything, id: 'bob' };
    client.send(auth(0x19, says('ok')));
    await client.expectDisconnected(0x87);
  });

  it('that is not completed in time disconnects', async () => {
    const clock = new FakeClock();
    const { server } = await start({ clock });
    const client = await server.connect({ properties: says('ok') });
    client.send(auth(0x19, says('ask')));
    await client.expect('auth');
    clock.advance(10_000);
    await client.expectDisconnected(0x87);
  });

  it('that was completed has no timeout left behind', async () => {
    const clock = new FakeClock();
    const { server } = await start({ clock });
    const client = await server.connect({ properties: says('ok') });
    client.send(auth(0x19, says('ok')));
    await client.expect('auth', { reasonCode: 0 });
    clock.advance(10_000);
    await client.expectNothing();
  });

  it.each<[string, Buffer[]]>([
    ['with another method', [auth(0x19, { authenticationMethod: 'OTHER' })]],
    ['without a method', [auth(0x19)]],
    ['that nobody began', [auth(0x18, says('ok'))]],
    ['that says success', [auth(0x00, says('ok'))]],
    ['amid another', [auth(0x19, says('wait')), auth(0x19, says('ok'))]],
    ['that goes on before it was answered', [auth(0x19, says('wait')), auth(0x18, says('ok'))]],
  ])('%s is a protocol error', async (_what, packets) => {
    let held = 0;
    // The second answer, to "wait", never comes.
    const hold = (): Promise<void> =>
      held++ === 0 ? Promise.resolve() : new Promise(() => undefined);
    const { server } = await start({}, scripted('TEST', hold));
    const client = await server.connect({ properties: says('ok') });
    client.send(...packets);
    await client.expectDisconnected(0x82);
  });

  it('amid which the connection ends is forgotten', async () => {
    let go = (): void => {};
    let thought = Promise.resolve();
    const { server } = await start(
      {},
      scripted('TEST', () => thought),
    );
    const client = await server.connect({ clientId: 'c', properties: says('ok') });
    thought = new Promise((resolve) => (go = resolve));
    client.send(auth(0x19, says('ok')));
    await client.disconnect();
    go();
    const next = await server.open();
    next.send(connect({ clientId: 'c', properties: says('ok') }));
    await next.expect('connack', { reasonCode: 0 });
    expect(server.heard('reauthenticated')).toEqual([]);
  });
});

describe('what a client may do after a re-authentication', () => {
  const only = (topic: string): Principal => ({
    id: 'alice',
    canPublish: (name) => name === topic,
    canSubscribe: (filter) => filter === topic,
  });

  it('is what the new principal says', async () => {
    const { server, authenticator } = await start();
    const client = await server.connect({ properties: says('ok'), will: { topic: 'old' } });
    const watcher = await server.connect({ properties: says('ok') });
    await watcher.subscribe('#');
    authenticator.principal = only('new');
    client.send(auth(0x19, says('ok')));
    await client.expect('auth', { reasonCode: 0 });
    const old = client.sendPublish({ topic: 'old', qos: 1 });
    await client.expect('puback', { messageId: old, reasonCode: 0x87 });
    await client.publish({ topic: 'new', qos: 1 });
    await watcher.take({ topic: 'new' });
    expect((await client.subscribe('old')).granted).toEqual([0x87]);
    client.cut();
    await server.next('disconnected');
    expect(server.heard('denied').map(({ action }) => action)).toContain('will');
    await watcher.expectNothing();
  });

  it('takes the subscriptions away that it may no longer have', async () => {
    const { server, authenticator } = await start();
    const client = await server.connect({ properties: says('ok') });
    await client.subscribe(['old', 'new']);
    authenticator.principal = only('new');
    client.send(auth(0x19, says('ok')));
    await client.expect('auth', { reasonCode: 0 });
    server.broker.publish({ topic: 'old', payload: 'x' });
    server.broker.publish({ topic: 'new', payload: 'y' });
    await client.take({ topic: 'new' });
    expect(server.broker.clients()).toMatchObject([{ subscriptions: 1 }]);
  });

  it('is asked of the new principal for each delivery', async () => {
    const { server, authenticator } = await start();
    const client = await server.connect({ properties: says('ok') });
    await client.subscribe('#');
    authenticator.principal = { ...everything, canReceive: (topic) => topic === 'new' };
    client.send(auth(0x19, says('ok')));
    await client.expect('auth', { reasonCode: 0 });
    server.broker.publish({ topic: 'old', payload: 'x' });
    server.broker.publish({ topic: 'new', payload: 'y' });
    await client.take({ topic: 'new' });
  });

  it.each([
    ['at once', undefined],
    ['later', () => Promise.resolve()],
  ])(
    'ends with the connection when the new principal, known %s, cannot be asked',
    async (_when, hold) => {
      const { server, authenticator } = await start({ tolerateBugs: true }, scripted('TEST', hold));
      const client = await server.connect({ properties: says('ok') });
      await client.subscribe('a');
      const canSubscribe = (): never => {
        throw new Error('no such table');
      };
      authenticator.principal = { ...everything, canSubscribe };
      client.send(auth(0x19, says('ok')));
      await client.expectDisconnected(0x80);
      expect(server.bugs).toHaveLength(1);
    },
  );

  it('takes what waits away, and lets what was sent complete', async () => {
    const { server, authenticator } = await start();
    const client = await server.connect({
      properties: {
        authenticationMethod: method,
        authenticationData: 'ok',
        receiveMaximum: 1,
        sessionExpiryInterval: 60,
      },
    });
    await client.subscribe([
      { filter: 'old', qos: 2 },
      { filter: 'new', qos: 2 },
    ]);
    server.broker.publish({ topic: 'old', payload: 'sent', qos: 2 });
    server.broker.publish({ topic: 'old', payload: 'waiting', qos: 2 });
    server.broker.publish({ topic: 'new', payload: 'allowed', qos: 2 });
    const sent = await client.expect('publish', { topic: 'old', payload: Buffer.from('sent') });
    authenticator.principal = only('new');
    client.send(auth(0x19, says('ok')));
    await client.expect('auth', { reasonCode: 0 });
    await client.acknowledge(sent);
    await client.take({ topic: 'new', payload: Buffer.from('allowed') });
    expect(server.broker.stats().dropped['not-authorized']).toBe(1);
  });
});
