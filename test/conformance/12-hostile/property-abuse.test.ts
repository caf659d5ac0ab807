// CVE-2021-28166, CVE-2023-3592: properties and packets that only a server may send, or far too many of them.
import { startServer } from '../support/server.js';

describe('property abuse', () => {
  it('ten thousand user properties are passed on or refused, and nothing stops', async () => {
    const server = await startServer();
    const client = await server.connect();
    await client.subscribe('a');
    const userProperties = Array.from({ length: 10_000 }, (_, i) => [`k${i % 7}`, 'v'] as const);
    client.sendPublish({ topic: 'a', payload: 'x', properties: { userProperties } });
    const { bytes } = await client.expect('publish');
    expect(bytes.length).toBeGreaterThan(10_000 * 8);
  });

  it('a CONNECT with more properties than maxConnectPacketBytes is refused', async () => {
    const server = await startServer();
    const client = await server.open();
    client.send('10 < "MQTT" 05 02 0000 < 26000161000162*5000 > "c" >');
    await client.expectEnd();
  });

  it.each([
    ['assigned client identifier', '12 "c"'],
    ['server keep alive', '13 000a'],
    ['response information', '1a "r"'],
    ['server reference', '1c "s"'],
    ['reason string', '1f "r"'],
    ['maximum QoS', '24 01'],
    ['retain available', '25 01'],
    ['wildcard subscription available', '28 01'],
    ['subscription identifiers available', '29 01'],
    ['shared subscription available', '2a 01'],
  ])('a CONNECT with %s is refused', async (_name, property) => {
    const server = await startServer();
    const client = await server.open();
    client.send(`10 < "MQTT" 05 02 0000 < ${property} > "c" >`);
    const last = await client.expectEnd();
    expect(last === undefined || last.cmd === 'connack').toBe(true);
    expect(server.broker.clients()).toEqual([]);
  });

  it('a SUBSCRIBE with thousands of filters is answered filter by filter', async () => {
    const server = await startServer({ limits: { maxSubscriptionsPerClient: 100 } });
    const client = await server.connect();
    const filters = Array.from({ length: 5000 }, (_, i) => `t/${i}`);
    const { granted } = await client.subscribe(filters);
    expect(granted).toHaveLength(5000);
    expect(granted.filter((code) => code === 0)).toHaveLength(100);
    expect(server.broker.stats().subscriptions).toBe(100);
  });

  it('an UNSUBSCRIBE with thousands of filters is answered filter by filter', async () => {
    const server = await startServer();
    const client = await server.connect();
    const filters = Array.from({ length: 5000 }, (_, i) => `t/${i}`);
    const { granted } = await client.unsubscribe(...filters);
    expect(granted).toHaveLength(5000);
  });
});
