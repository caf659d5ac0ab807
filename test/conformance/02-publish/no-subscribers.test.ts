// [MQTT-3.4.2-1] A publisher may be told that nobody subscribes to its topic.
import { acknowledgement, publish } from '@hearth/testkit';
import { startServer } from '../support/server.js';

it('says 0x10 in a PUBACK of 5.0 where nobody subscribes, and only when asked to', async () => {
  const told = await startServer({ settings: { tellsNoSubscribers: true } });
  const silent = await startServer();
  for (const [server, code] of [
    [told, 0x10],
    [silent, 0],
  ] as const) {
    const client = await server.connect({ version: 5 });
    client.send(publish(5, { topic: 'a', qos: 1, packetId: 1 }));
    await client.expect('puback', { messageId: 1, reasonCode: code });
    client.send(publish(5, { topic: 'a', qos: 2, packetId: 2 }));
    await client.expect('pubrec', { messageId: 2, reasonCode: 0 });
    client.send(acknowledgement('pubrel', 2));
    await client.expect('pubcomp', { messageId: 2, reasonCode: 0 });
    const subscriber = await server.connect();
    await subscriber.subscribe('b/#');
    client.send(publish(5, { topic: 'b', qos: 1, packetId: 3 }));
    await client.expect('puback', { messageId: 3, reasonCode: 0 });
    await subscriber.expect('publish', { topic: 'b' });
  }
});
