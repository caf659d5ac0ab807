// [MQTT-3.1.4-3] A second connection with the same client identifier ends the first.
import { startServer, versions } from '../support/server.js';

describe.each(versions)(
  'a second CONNECT with the same client identifier on MQTT $name',
  ({ version }) => {
    it('ends the first connection and keeps the second', async () => {
      const server = await startServer();
      const first = await server.connect({ version, clientId: 'same' });
      const second = await server.connect({ version, clientId: 'same' });
      await first.expectDisconnected(0x8e);
      await second.expectNothing();
    });

    it('takes over across versions', async () => {
      const server = await startServer();
      const first = await server.connect({ version: 4, clientId: 'same', cleanStart: false });
      await first.subscribe('a');
      const second = await server.connect({ version, clientId: 'same', cleanStart: false });
      await first.expectClosed();
      expect(second.connack.sessionPresent).toBe(version > 3);
    });

    it('does it again and again', async () => {
      const server = await startServer();
      let current = await server.connect({ version, clientId: 'same' });
      for (let round = 0; round < 10; round++) {
        const next = await server.connect({ version, clientId: 'same' });
        await current.expectDisconnected(0x8e);
        current = next;
      }
      await current.expectNothing();
    });

    it('tells with a clean start that no session is present', async () => {
      const server = await startServer();
      const first = await server.connect({ version, clientId: 'same', cleanStart: false });
      const second = await server.connect({ version, clientId: 'same', cleanStart: true });
      await first.expectDisconnected(0x8e);
      expect(second.connack.sessionPresent).toBe(false);
    });
  },
);

describe('the take-over, as the embedding program hears it', () => {
  it('names the cause', async () => {
    const server = await startServer();
    const first = await server.connect({ clientId: 'same' });
    const disconnected = server.next('disconnected');
    await server.connect({ clientId: 'same' });
    expect(await disconnected).toMatchObject({
      clientId: 'same',
      cause: 'taken-over',
      reasonCode: 0x8e,
      takenOverBy: expect.stringContaining('127.0.0.1'),
    });
    await first.expectDisconnected(0x8e);
  });
});
