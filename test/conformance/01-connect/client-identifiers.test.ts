// [MQTT-3.1.3-6] [MQTT-3.1.3-7] [MQTT-3.1.3-8] [MQTT-3.2.2-16] The zero-length client identifier.
import { connect } from '@hearth/testkit';
import { startServer } from '../support/server.js';

describe('an empty client identifier', () => {
  it('gets an assigned one on 5.0, different for each client', async () => {
    const server = await startServer();
    const first = await server.connect({ clientId: '' });
    const second = await server.connect({ clientId: '' });
    const ids = [first, second].map(
      ({ connack }) => connack.properties?.assignedClientIdentifier ?? '',
    );
    expect(new Set(ids).size).toBe(2);
    expect(ids.every((id) => id.length > 0)).toBe(true);
  });

  it('gets one on 5.0 under which the session can be resumed', async () => {
    const server = await startServer();
    const properties = { sessionExpiryInterval: 100 };
    const first = await server.connect({ clientId: '', cleanStart: false, properties });
    const clientId = first.connack.properties?.assignedClientIdentifier ?? '';
    await first.disconnect();
    const again = await server.connect({ clientId, cleanStart: false, properties });
    expect(again.connack.sessionPresent).toBe(true);
  });

  it('is accepted on 3.1.1 with a clean session', async () => {
    const server = await startServer();
    const first = await server.connect({ version: 4, clientId: '' });
    const second = await server.connect({ version: 4, clientId: '' });
    await first.expectNothing();
    await second.expectNothing();
  });

  it('is refused on 3.1.1 without a clean session, with return code 2 [MQTT3-3.1.3-7] [MQTT3-3.1.3-8] [MQTT3-3.2.2-4]', async () => {
    const server = await startServer();
    const client = await server.open({ version: 4 });
    client.send(connect({ version: 4, clientId: '', cleanStart: false }));
    await client.expect('connack', { returnCode: 2, sessionPresent: false });
    await client.expectClosed();
  });

  it('is refused on 3.1, with return code 2', async () => {
    const server = await startServer();
    const client = await server.open({ version: 3 });
    client.send(connect({ version: 3, clientId: '' }));
    await client.expect('connack', { returnCode: 2 });
    await client.expectClosed();
  });
});

describe('a client identifier that was given', () => {
  it('is not assigned another one', async () => {
    const server = await startServer();
    const client = await server.connect({ clientId: 'mine' });
    expect(client.connack.properties?.assignedClientIdentifier).toBeUndefined();
  });

  it('is refused beyond maxClientIdBytes', async () => {
    const server = await startServer({ limits: { maxClientIdBytes: 30 } });
    await server.connect({ clientId: 'x'.repeat(30) });
    const client = await server.open();
    client.send(connect({ clientId: 'x'.repeat(31) }));
    await client.expect('connack', { reasonCode: 0x85 });
    await client.expectClosed();
  });
});
