// [MQTT-3.1.2-24] [MQTT-3.2.2-19] [MQTT-3.14.2-3] [MQTT-3.1.2-29] What the server says must fit the client, too.
import { startServer } from '../support/server.js';

describe('a client with a small Maximum Packet Size', () => {
  it.each([10, 20, 40])(
    'of %d gets no larger DISCONNECT: the reason string goes first [MQTT-3.14.2-4] [MQTT-3.2.2-20]',
    async (size) => {
      const server = await startServer();
      // Its CONNACK carries properties and may not fit; then it is refused, in as many bytes.
      const client = await server.open();
      client.send(`10 < "MQTT" 05 02 0000 < 27 u32:${size} > "c" >`);
      const connack = await client.expect('connack');
      expect(connack.bytes.length).toBeLessThanOrEqual(size);
      const isAccepted = connack.reasonCode === 0;
      if (isAccepted) client.send('82 < 0000 <> "a" 00 >');
      const last = await client.expectEnd();
      expect(last?.bytes.length ?? 0).toBeLessThanOrEqual(size);
      expect(isAccepted || connack.reasonCode === 0x95).toBe(true);
      expect(server.heard('connected')).toHaveLength(isAccepted ? 1 : 0);
      expect(server.broker.clients()).toEqual([]);
    },
  );

  it('is let go when its SUBACK does not fit: it would wait for it forever [MQTT-3.9.2-1] [MQTT-3.9.2-2]', async () => {
    const server = await startServer();
    const client = await server.connect({ properties: { maximumPacketSize: 50 } });
    const filters = Array.from({ length: 100 }, (_, i) => `"t/${i}" 00`);
    client.send(`82 < 0001 <> ${filters.join(' ')} >`, 'c000');
    const last = await client.expectEnd();
    expect(last?.bytes.length ?? 0).toBeLessThanOrEqual(50);
  });
});

describe('request problem information 0', () => {
  it('keeps PUBACK, PUBREC, UNSUBACK and PUBCOMP bare [MQTT-3.1.2-29] [MQTT-3.4.2-2] [MQTT-3.4.2-3] [MQTT-3.5.2-2] [MQTT-3.5.2-3] [MQTT-3.7.2-2] [MQTT-3.7.2-3] [MQTT-3.11.2-1] [MQTT-3.11.2-2]', async () => {
    const server = await startServer({ grants: { alice: { password: 'p', subscribe: ['a'] } } });
    const client = await server.connect({
      username: 'alice',
      password: 'p',
      properties: { requestProblemInformation: 0 },
    });
    client.sendPublish({ topic: 'x', qos: 1, packetId: 1 });
    const puback = await client.expect('puback', { reasonCode: 0x87 });
    client.sendPublish({ topic: 'x', qos: 2, packetId: 2 });
    const pubrec = await client.expect('pubrec', { reasonCode: 0x87 });
    client.send('62 02 0009');
    const pubcomp = await client.expect('pubcomp', { reasonCode: 0x92 });
    const unsuback = await client.unsubscribe('a');
    for (const { properties } of [puback, pubrec, pubcomp, unsuback]) {
      expect(properties).toBeUndefined();
    }
  });
});
