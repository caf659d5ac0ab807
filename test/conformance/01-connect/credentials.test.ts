// [MQTT-3.1.4-2] [MQTT-3.1.4-6] [MQTT-3.2.2-6] [MQTT-3.2.2-7] Refused credentials: CONNACK, then the end.
import { connect, publish, type ConnectFields } from '@hearth/testkit';
import { startServer, versions, type TestServer } from '../support/server.js';

const grants = { alice: { password: 'right', publish: ['#'], subscribe: ['#'] } };

const wrong: [string, ConnectFields][] = [
  ['a wrong password', { username: 'alice', password: 'wrong' }],
  ['an unknown user', { username: 'mallory', password: 'right' }],
  ['a user name in other letters', { username: 'Alice', password: 'right' }],
  ['no password', { username: 'alice' }],
  ['an empty password', { username: 'alice', password: '' }],
  ['nothing', {}],
];

describe.each(versions)('credentials on MQTT $name', ({ version }) => {
  const expectRefused = async (server: TestServer, fields: ConnectFields): Promise<void> => {
    const client = await server.open({ version });
    client.send(connect({ version, clientId: 'c', ...fields }));
    await client.expect('connack', {
      ...(version === 5 ? { reasonCode: 0x86 } : { returnCode: 4 }),
      sessionPresent: false,
    });
    await client.expectClosed();
  };

  it('let in with the right password [MQTT-3.1.2-19] [MQTT-3.1.4-5]', async () => {
    const server = await startServer({ grants });
    await server.connect({ version, username: 'alice', password: 'right' });
  });

  it.each(wrong)('refuse %s', async (_what, fields) => {
    const server = await startServer({ grants });
    await expectRefused(server, fields);
  });

  it('keep what follows a refused CONNECT from being processed [MQTT-3.1.4-6]', async () => {
    const server = await startServer({ grants });
    const watcher = await server.connect({ username: 'alice', password: 'right' });
    await watcher.subscribe('a');
    const client = await server.open({ version });
    client.send(
      connect({ version, clientId: 'c' }),
      publish(version, { topic: 'a', payload: 'x' }),
    );
    await client.expect('connack');
    await client.expectClosed();
    await watcher.expectNothing();
  });

  it('do not take a session over before they are right [MQTT-3.1.4-2]', async () => {
    const server = await startServer({ grants });
    const owner = await server.connect({
      version,
      clientId: 'c',
      username: 'alice',
      password: 'right',
    });
    await expectRefused(server, { clientId: 'c', username: 'alice', password: 'wrong' });
    await owner.expectNothing();
  });

  it('are announced as refused, without a connection', async () => {
    const server = await startServer({ grants });
    const refused = server.next('refused');
    await expectRefused(server, { username: 'alice', password: 'wrong' });
    expect(await refused).toMatchObject({ clientId: 'c', username: 'alice', reasonCode: 0x86 });
    expect(server.heard('connected')).toEqual([]);
    expect(server.broker.clients()).toEqual([]);
  });
});

describe.each([
  ['refuses with 0x87', 0x87, 5],
  ['refuses with 0x88', 0x88, 3],
  ['refuses with 0x97', 0x97, 3],
])('an authenticator that %s', (_what, reasonCode, returnCode) => {
  it.each(versions)('is heard on MQTT $name', async ({ version }) => {
    const server = await startServer({
      authenticator: { authenticate: async () => ({ refused: true, reasonCode }) },
    });
    const client = await server.open({ version });
    client.send(connect({ version, clientId: 'c' }));
    await client.expect('connack', version === 5 ? { reasonCode } : { returnCode });
    await client.expectClosed();
  });
});
