// [MQTT3-3.3.5-2] [MQTT-4.3.2-4] [MQTT-4.3.3-8] Whatever is refused, by whomever and whenever: an acknowledgement comes or the connection ends, and what follows is not held up.
import { AcceptRefused, type Accept } from '@hearth/mqtt-broker';
import { acknowledgement, type Version } from '@hearth/testkit';
import { startServer } from '../support/server.js';

const refusals: Record<string, Accept> = {
  'throws 0x97': () => {
    throw new AcceptRefused(0x97);
  },
  'throws 0x87': () => {
    throw new AcceptRefused(0x87);
  },
  'rejects with 0x97': () => Promise.reject(new AcceptRefused(0x97)),
  'rejects with 0x87': () => Promise.reject(new AcceptRefused(0x87)),
  'rejects with something else': () => Promise.reject(new Error('database is away')),
};

const combinations = ([3, 4, 5] as Version[]).flatMap((version) =>
  ([1, 2] as const).flatMap((qos) =>
    (['acknowledge', 'disconnect'] as const).map((option) => ({ version, qos, option })),
  ),
);

describe.each(combinations)(
  'version $version, QoS $qos, option $option: a message',
  ({ version, qos, option }) => {
    const ends = option === 'disconnect' && version !== 5;
    const first = qos === 1 ? 'puback' : 'pubrec';

    it.each(Object.entries(refusals))('that accept refuses (%s)', async (_, refuse) => {
      const server = await startServer({
        refusedPublish3: option,
        // The other option must not matter.
        deniedPublish3: option === 'disconnect' ? 'acknowledge' : 'disconnect',
        accept: (message, sender) =>
          message.topic === 'bad' ? refuse(message, sender) : undefined,
      });
      const client = await server.connect({ version });
      const messageId = client.sendPublish({ topic: 'bad', qos });
      if (ends) {
        await client.expectDisconnected();
        return;
      }
      await client.expect(first, { messageId });
      if (qos === 2 && version !== 5) {
        client.send(acknowledgement('pubrel', messageId));
        await client.expect('pubcomp', { messageId });
      }
      await client.publish({ topic: 'good', qos });
    });

    it('that its principal may not send', async () => {
      const server = await startServer({
        deniedPublish3: option,
        refusedPublish3: option === 'disconnect' ? 'acknowledge' : 'disconnect',
        grants: { alice: { password: 'p', publish: ['good'] } },
      });
      const client = await server.connect({ version, username: 'alice', password: 'p' });
      const messageId = client.sendPublish({ topic: 'bad', qos });
      if (ends) {
        await client.expectDisconnected();
        return;
      }
      await client.expect(first, { messageId });
      if (qos === 2 && version !== 5) {
        client.send(acknowledgement('pubrel', messageId));
        await client.expect('pubcomp', { messageId });
      }
      await client.publish({ topic: 'good', qos });
    });

    it('that is refused behind one that waits for its acceptance', async () => {
      let letGo = (): void => undefined;
      const waits = new Promise<void>((resolve) => (letGo = resolve));
      const server = await startServer({
        deniedPublish3: option,
        refusedPublish3: option,
        grants: { alice: { password: 'p', publish: ['slow', 'good'] } },
        accept: ({ topic }) => (topic === 'slow' ? waits : undefined),
      });
      const client = await server.connect({ version, username: 'alice', password: 'p' });
      const slow = client.sendPublish({ topic: 'slow', qos });
      const bad = client.sendPublish({ topic: 'bad', qos });
      if (ends) {
        await client.expectDisconnected();
        letGo();
        return;
      }
      await client.expectNothing();
      letGo();
      await client.expect(first, { messageId: slow });
      await client.expect(first, { messageId: bad });
    });
  },
);
