// [MQTT-3.3.4-7] [MQTT-3.3.4-9] A client that sends more than its Receive Maximum: disconnected, or tolerated by option.
import { startServer } from '../support/server.js';

/** Acceptances that stay open until told otherwise. */
function gate(): { accept: () => Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { accept: () => opened, open };
}

describe('receiveMaximumExceeded', () => {
  it('disconnects with 0x93 unless told otherwise', async () => {
    const { accept, open } = gate();
    const server = await startServer({ limits: { receiveMaximum: 1 }, accept });
    const client = await server.connect();
    client.sendPublish({ topic: 'a', qos: 1 });
    client.sendPublish({ topic: 'a', qos: 1 });
    await client.expectDisconnected(0x93);
    open();
  });

  it.each([1, 2])('tolerate: serves a client that overruns it at QoS %d', async (qos) => {
    const { accept, open } = gate();
    const server = await startServer({
      limits: { receiveMaximum: 1 },
      receiveMaximumExceeded: 'tolerate',
      accept,
    });
    const client = await server.connect();
    const sent = [1, 2, 3].map(() => client.sendPublish({ topic: 'a', qos }));
    await client.expectNothing();
    open();
    for (const messageId of sent)
      await client.expect(qos === 1 ? 'puback' : 'pubrec', { messageId });
  });

  it('tolerate: still bounds half-open QoS 2 exchanges', async () => {
    const server = await startServer({
      limits: { receiveMaximum: 1, maxIncomingQos2: 2 },
      receiveMaximumExceeded: 'tolerate',
    });
    const client = await server.connect();
    for (let n = 0; n < 2; n++) {
      const messageId = client.sendPublish({ topic: 'a', qos: 2 });
      await client.expect('pubrec', { messageId });
    }
    client.sendPublish({ topic: 'a', qos: 2 });
    await client.expectDisconnected(0x93);
  });
});
