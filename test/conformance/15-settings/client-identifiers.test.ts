// [MQTT-3.1.3-6] [MQTT-3.1.3-8] [MQTT-3.2.2-16] [MQTT3-3.1.3-8] Which client identifiers a listener takes, and which it gives.
import { connect } from '@hearth/testkit';
import { startServer } from '../support/server.js';

const refusals = [
  { version: 5, notAuthorized: { reasonCode: 0x87 } },
  { version: 4, notAuthorized: { returnCode: 5 } },
] as const;

describe('allowZeroLengthClientId false', () => {
  it.each([
    { version: 5, shape: { reasonCode: 0x80 } },
    { version: 4, shape: { returnCode: 2 } },
  ] as const)('refuses a client without an identifier on $version', async ({ version, shape }) => {
    const server = await startServer({ settings: { allowZeroLengthClientId: false } });
    const client = await server.open({ version });
    client.send(connect({ version, clientId: '' }));
    await client.expect('connack', shape);
    await client.expectClosed();
  });
});

describe('assignedClientIdPrefix', () => {
  it('begins the identifiers that the broker gives', async () => {
    const server = await startServer({ settings: { assignedClientIdPrefix: 'guest-' } });
    const { connack } = await server.connect({ clientId: '' });
    expect(connack.properties?.assignedClientIdentifier).toMatch(/^guest-[0-9a-f-]{36}$/);
  });
});

describe('clientIdPrefixes', () => {
  it.each(refusals)('refuses other identifiers on $version', async ({ version, notAuthorized }) => {
    const server = await startServer({ settings: { clientIdPrefixes: ['s-', 't-'] } });
    await server.connect({ version, clientId: 't-1' });
    const client = await server.open({ version });
    client.send(connect({ version, clientId: 'x-1' }));
    await client.expect('connack', notAuthorized);
    await client.expectClosed();
  });
});

describe('useUsernameAsClientId', () => {
  it.each([5, 4] as const)('takes the user name for the identifier on %d', async (version) => {
    const server = await startServer({ settings: { useUsernameAsClientId: true } });
    const connected = server.next('connected');
    await server.connect({ version, clientId: 'other', username: 'alice', password: 'p' });
    expect(await connected).toMatchObject({ clientId: 'alice' });
  });

  it('tells a client without an identifier which one it got', async () => {
    const server = await startServer({ settings: { useUsernameAsClientId: true } });
    const { connack } = await server.connect({ clientId: '', username: 'alice', password: 'p' });
    expect(connack.properties?.assignedClientIdentifier).toBe('alice');
  });

  it.each(refusals)(
    'refuses who has no user name on $version',
    async ({ version, notAuthorized }) => {
      const server = await startServer({ settings: { useUsernameAsClientId: true } });
      const client = await server.open({ version });
      client.send(connect({ version, clientId: 'c' }));
      await client.expect('connack', notAuthorized);
      await client.expectClosed();
    },
  );

  it('holds a user name to the length of an identifier', async () => {
    const server = await startServer({
      settings: { useUsernameAsClientId: true },
      limits: { maxClientIdBytes: 8 },
    });
    const client = await server.open();
    client.send(connect({ clientId: 'c', username: 'much-too-long', password: 'p' }));
    await client.expect('connack', { reasonCode: 0x85 });
    await client.expectClosed();
  });
});
