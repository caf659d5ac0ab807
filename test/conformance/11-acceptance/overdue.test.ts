// [MQTT-4.4.0-1] No client sends again on a live connection. One whose messages stay unacknowledged for `maxAckWaitMs` is let go, and
// sends them again on its next connection.
import { FakeClock } from '@hearth/testkit';
import { startServer, versions } from '../support/server.js';

const PATIENCE_MS = 60_000;

/** Takes messages on `slow` when told to, all others at once. */
function slowly() {
  let letGo = (): void => undefined;
  const waits = new Promise<void>((resolve) => (letGo = resolve));
  const accept = ({ topic }: { topic: string }): Promise<void> | undefined =>
    topic === 'slow' ? waits : undefined;
  return { accept, letGo };
}

describe.each(versions)('a message on MQTT $name that is not acknowledged', ({ version }) => {
  it.each([1, 2] as const)(
    'at QoS %i waits up to maxAckWaitMs, then its connection ends',
    async (qos) => {
      const clock = new FakeClock();
      const { accept, letGo } = slowly();
      const limits = { maxAckWaitMs: PATIENCE_MS };
      const server = await startServer({ clock, accept, limits });
      const session = { clientId: 'device', version, clean: false } as const;
      const client = await server.connect(session);
      const other = await server.connect({ version });
      const messageId = client.sendPublish({ topic: 'slow', qos });
      await client.expectNothing();
      clock.advance(PATIENCE_MS - 1);
      await client.expectNothing();

      const disconnected = server.next('disconnected');
      clock.advance(1);
      await client.expectDisconnected(0x89);
      expect(await disconnected).toMatchObject({ cause: 'acknowledgement-overdue' });
      await other.publish({ topic: 'quick', qos });

      const again = await server.connect(session);
      again.sendPublish({ topic: 'slow', qos, packetId: messageId, dup: true });
      await again.expectNothing();
      letGo();
      await again.expect(qos === 1 ? 'puback' : 'pubrec', { messageId });
    },
  );

  it('in time starts no wait for the next one', async () => {
    const clock = new FakeClock();
    const { accept, letGo } = slowly();
    const limits = { maxAckWaitMs: PATIENCE_MS };
    const server = await startServer({ clock, accept, limits });
    const client = await server.connect({ version });
    const first = client.sendPublish({ topic: 'slow', qos: 1 });
    await client.expectNothing();
    clock.advance(PATIENCE_MS - 1);
    letGo();
    await client.expect('puback', { messageId: first });
    clock.advance(PATIENCE_MS);
    await client.publish({ topic: 'slow', qos: 1 });
  });

  it('waits for ever when maxAckWaitMs is 0', async () => {
    const clock = new FakeClock();
    const { accept, letGo } = slowly();
    const server = await startServer({ clock, accept, limits: { maxAckWaitMs: 0 } });
    const client = await server.connect({ version });
    const messageId = client.sendPublish({ topic: 'slow', qos: 1 });
    await client.expectNothing();
    clock.advance(24 * 3_600_000);
    await client.expectNothing();
    letGo();
    await client.expect('puback', { messageId });
  });
});
