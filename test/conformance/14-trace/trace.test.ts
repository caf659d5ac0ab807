// Not in the specification: every control packet in and out of one client, decoded, bounded, without secrets.
import { auth, connect, disconnect, FakeClock, publish, wire } from '@hearth/testkit';
import type { TracedPacket } from '@hearth/mqtt-broker';
import { scripted } from '../support/scripted-authenticator.js';
import { startServer, type TestServer, versions } from '../support/server.js';

const inShort = (packets: TracedPacket[]): string[] =>
  packets.map(({ direction, type, problem }) =>
    `${direction} ${type}${problem === undefined ? '' : ` (${problem})`}`.trim(),
  );

const grants = { alice: { password: 'right', publish: ['#'], subscribe: ['#'] } };

describe.each(versions)('a trace of a client on MQTT $name', ({ version }) => {
  it('has every packet in and out, decoded, with its time', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock });
    const trace = server.broker.trace({ clientId: 'c' });
    const other = await server.connect({ version, clientId: 'other' });
    const client = await server.connect({
      version,
      clientId: 'c',
      keepAliveSeconds: 60,
      will: { topic: 'gone', payload: 'bye', qos: 1 },
    });
    await client.subscribe({ filter: 'a/+', qos: 2 });
    clock.advance(1000);
    client.sendPublish({ topic: 'a/b', payload: 'x'.repeat(100), qos: 1 });
    const received = await client.expect('publish', { topic: 'a/b' });
    await client.expect('puback');
    await client.acknowledge(received);
    await client.unsubscribe('a/+');
    await client.disconnect();
    await other.publish({ topic: 'a/b', qos: 1 });
    const packets = trace.packets();
    expect(inShort(packets)).toEqual([
      'in connect',
      'out connack',
      'in subscribe',
      'out suback',
      'in publish',
      'out publish',
      'out puback',
      'in puback',
      'in unsubscribe',
      'out unsuback',
      'in disconnect',
    ]);
    const [first, , subscribed, , published] = packets;
    expect(first?.fields).toMatchObject({
      protocolVersion: version,
      clientId: 'c',
      cleanStart: true,
      keepAliveSeconds: 60,
      will: { topic: 'gone', qos: 1, payload: Buffer.from('bye') },
      hasPassword: false,
    });
    expect(first?.connection).toMatchObject({
      number: 1,
      clientId: 'c',
      protocolVersion: version,
      address: '127.0.0.1',
      transport: 'tcp',
    });
    expect(subscribed?.fields.subscriptions).toMatchObject([{ filter: 'a/+', qos: 2 }]);
    expect(published?.fields).toMatchObject({
      topic: 'a/b',
      qos: 1,
      payloadBytes: 100,
      payload: Buffer.from('x'.repeat(64)),
    });
    expect((published?.atMs ?? 0) - (first?.atMs ?? 0)).toBe(1000);
    expect(published?.size).toBe(published?.bytes.length);
  });

  it('begins amid the connection, at the beginning of a packet', async () => {
    const server = await startServer();
    const client = await server.connect({ version, clientId: 'c' });
    const bytes = publish(version, { topic: 'a', qos: 1, packetId: 7 });
    client.send(bytes.subarray(0, 3));
    await arrival(server);
    const trace = server.broker.trace({ clientId: 'c' });
    client.send(bytes.subarray(3));
    await client.expect('puback');
    expect(inShort(trace.packets())).toEqual(['in publish', 'out puback']);
    expect(trace.packets()[0]?.connection).toMatchObject({
      clientId: 'c',
      protocolVersion: version,
    });
  });

  it('shows a refused CONNECT, and its password never', async () => {
    const server = await startServer({ grants });
    const trace = server.broker.trace({ clientId: 'c' });
    const client = await server.open({ version });
    client.send(connect({ version, clientId: 'c', username: 'alice', password: 'TopSecret' }));
    await client.expect('connack');
    await client.expectClosed();
    const packets = trace.packets();
    expect(inShort(packets)).toEqual(['in connect', 'out connack']);
    expect(packets[0]?.fields).toMatchObject({ username: 'alice', hasPassword: true });
    expect(packets[1]?.fields.reasonCode).toBe(version === 5 ? 0x86 : 4);
    expect(everythingIn(packets)).not.toContain('TopSecret');
  });
});

/** Waits until the broker has read something more. */
async function arrival({ broker }: TestServer): Promise<void> {
  const before = broker.stats().bytesIn;
  while (broker.stats().bytesIn === before) await new Promise(setImmediate);
}

/** All bytes that a trace holds, in every form. */
function everythingIn(packets: TracedPacket[]): string {
  return `${JSON.stringify(packets)}${packets.map(({ bytes }) => bytes.toString('latin1')).join()}`;
}

describe('a trace', () => {
  it('shows malformed bytes and what answered them', async () => {
    const server = await startServer();
    const trace = server.broker.trace({ clientId: 'c' });
    const client = await server.connect({ clientId: 'c' });
    client.send(wire('36 < "a" 0001 <> "x" >'));
    await client.expectDisconnected(0x81);
    const packets = trace.packets();
    expect(inShort(packets).slice(2)).toEqual(['in publish', 'out disconnect']);
    expect(packets[2]?.fields.qos).toBe(3);
    expect(packets[3]?.fields).toMatchObject({ reasonCode: 0x81 });
  });

  it('shows by address what never becomes a CONNECT', async () => {
    const server = await startServer();
    const trace = server.broker.trace({ address: '127.0.0.1' });
    const client = await server.open();
    client.send(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
    await client.expectClosed();
    const [packet] = trace.packets();
    expect(packet?.bytes.toString()).toBe('GET / HTTP/1.1\r\n\r\n');
    expect(packet?.problem).toBe('incomplete');
    expect(server.broker.trace({ address: '192.0.2.9' }).packets()).toEqual([]);
  });

  it('finds a client by the identifier that it was assigned', async () => {
    const server = await startServer();
    const trace = server.broker.trace({ next: true });
    const client = await server.connect({ clientId: '' });
    const clientId = client.connack.properties?.assignedClientIdentifier;
    expect(trace.packets()[0]?.connection.clientId).toBe(clientId);
  });

  it('finds a client by its principal', async () => {
    const server = await startServer({
      grants: { ...grants, bob: { password: 'right', publish: [], subscribe: [] } },
    });
    const trace = server.broker.trace({ principalId: 'alice' });
    await server.connect({ clientId: 'b', username: 'bob', password: 'right' });
    await server.connect({ clientId: 'a', username: 'alice', password: 'right' });
    const refused = await server.open();
    refused.send(connect({ clientId: 'c', username: 'alice', password: 'wrong' }));
    await refused.expectEnd();
    const packets = trace.packets();
    expect(inShort(packets)).toEqual(['in connect', 'out connack']);
    expect(packets[0]?.fields.clientId).toBe('a');
  });

  it('follows only the next connection that fits, if asked to', async () => {
    const server = await startServer();
    const open = await server.connect({ clientId: 'c' });
    const trace = server.broker.trace({ clientId: 'c', next: true });
    await open.roundTrip();
    await server.connect({ clientId: 'd' });
    const next = await server.connect({ clientId: 'c' });
    await open.expectDisconnected(0x8e);
    const later = await server.connect({ clientId: 'c' });
    await next.expectDisconnected(0x8e);
    await later.roundTrip();
    expect(inShort(trace.packets())).toEqual(['in connect', 'out connack', 'out disconnect']);
  });

  it('follows a client from connection to connection', async () => {
    const server = await startServer();
    const trace = server.broker.trace({ clientId: 'c' });
    for (let i = 0; i < 2; i++) {
      const client = await server.connect({ clientId: 'c' });
      await client.disconnect();
    }
    expect(trace.packets().map(({ connection }) => connection.number)).toEqual([1, 1, 1, 2, 2, 2]);
  });

  it('resolves topic aliases of both directions', async () => {
    const server = await startServer();
    const trace = server.broker.trace({ clientId: 'c' });
    const client = await server.connect({ clientId: 'c', properties: { topicAliasMaximum: 5 } });
    await client.subscribe('#');
    client.sendPublish({ topic: 'long/name', properties: { topicAlias: 1 } });
    await client.take();
    client.sendPublish({ topic: '', properties: { topicAlias: 1 } });
    await client.take();
    const topics = trace
      .packets()
      .flatMap(({ type, fields }) => (type === 'publish' ? [fields.topic] : []));
    expect(topics).toEqual(Array(4).fill('long/name'));
  });

  it('never shows authentication data', async () => {
    const server = await startServer({ enhancedAuthenticators: [scripted()] });
    const trace = server.broker.trace({ clientId: 'c' });
    const says = (authenticationData: string) => ({
      authenticationMethod: 'TEST',
      authenticationData,
    });
    const client = await server.open();
    client.send(connect({ clientId: 'c', properties: says('ask TopSecret') }));
    await client.expect('auth');
    client.send(auth(0x18, says('ok TopSecret')));
    await client.expect('connack');
    client.send(auth(0x19, says('ok TopSecret')));
    await client.expect('auth');
    const packets = trace.packets();
    expect(inShort(packets)).toEqual([
      'in connect',
      'out auth',
      'in auth',
      'out connack',
      'in auth',
      'out auth',
    ]);
    expect(everythingIn(packets)).not.toContain('TopSecret');
    expect(packets.map(({ fields }) => fields.authenticationDataBytes)).toEqual([
      13, 9, 12, 9, 12, 9,
    ]);
    expect(packets[2]?.fields).toMatchObject({
      reasonCode: 0x18,
      properties: { authenticationMethod: 'TEST' },
    });
  });

  it('tells a handler of each packet, and keeps nothing then', async () => {
    const server = await startServer();
    const seen: TracedPacket[] = [];
    const onPacket = (packet: TracedPacket): void => void seen.push(packet);
    const trace = server.broker.trace({ clientId: 'c' }, { onPacket });
    const client = await server.connect({ clientId: 'c' });
    await client.roundTrip();
    expect(inShort(seen)).toEqual(['in connect', 'out connack', 'in pingreq', 'out pingresp']);
    expect(trace.packets()).toEqual([]);
  });

  it('survives a handler that throws', async () => {
    const server = await startServer({ tolerateBugs: true });
    const onPacket = (): void => {
      throw new Error('no room on the screen');
    };
    server.broker.trace({ clientId: 'c' }, { onPacket });
    const client = await server.connect({ clientId: 'c' });
    await client.roundTrip();
    expect(server.bugs).toHaveLength(4);
  });

  it('ends when it is stopped, also by its own handler', async () => {
    const server = await startServer();
    const kept = server.broker.trace({ clientId: 'c' });
    let seen = 0;
    const live = server.broker.trace(
      { clientId: 'c' },
      { onPacket: () => void (++seen === 2 && live.stop()) },
    );
    const client = await server.connect({ clientId: 'c' });
    kept.stop();
    await client.roundTrip();
    expect(kept.endedBy).toBe('stop');
    expect(inShort(kept.packets())).toEqual(['in connect', 'out connack']);
    expect(live.endedBy).toBe('stop');
    expect(seen).toBe(2);
  });
});

describe('the bounds of a trace', () => {
  it('are packets', async () => {
    const server = await startServer({ limits: { maxTracePackets: 5 } });
    const ends: string[] = [];
    const onEnd = (why: string): void => void ends.push(why);
    const small = server.broker.trace({}, { maxPackets: 3, onEnd });
    const large = server.broker.trace({});
    const client = await server.connect();
    for (let i = 0; i < 3; i++) await client.roundTrip();
    expect([small.endedBy, small.packets().length]).toEqual(['packets', 3]);
    expect([large.endedBy, large.packets().length]).toEqual(['packets', 5]);
    expect(ends).toEqual(['packets']);
  });

  it('are bytes', async () => {
    const server = await startServer({ limits: { maxTraceBytes: 1000 } });
    const trace = server.broker.trace({});
    const client = await server.connect();
    for (let i = 0; i < 3; i++)
      await client.publish({ topic: 'a', payload: 'x'.repeat(400), qos: 1 });
    expect(trace.endedBy).toBe('bytes');
    const held = trace.packets().reduce((sum, { bytes }) => sum + bytes.length, 0);
    expect(held).toBeGreaterThan(800);
    expect(held).toBeLessThanOrEqual(1000);
  });

  it('let a packet that is larger than all be seen by its beginning', async () => {
    const server = await startServer({ limits: { maxTraceBytes: 1000 } });
    const trace = server.broker.trace({ clientId: 'c' });
    const client = await server.connect({ clientId: 'c' });
    await client.publish({ topic: 'a', payload: 'x'.repeat(10_000), qos: 1 });
    const [, , large, ack] = trace.packets();
    expect(large).toMatchObject({ type: 'publish', problem: 'too large to be traced' });
    expect(large?.size).toBeGreaterThan(10_000);
    expect(large?.fields).toMatchObject({ topic: 'a' });
    expect(ack?.type).toBe('puback');
  });

  it('are the number of traces', async () => {
    const server = await startServer({ limits: { maxTraces: 2 } });
    const first = server.broker.trace({});
    server.broker.trace({});
    expect(() => server.broker.trace({})).toThrow('maxTraces');
    first.stop();
    server.broker.trace({});
  });

  it('cannot be exceeded by asking', async () => {
    const server = await startServer({ limits: { maxTracePackets: 5, maxTraceBytes: 1000 } });
    for (const options of [
      { maxPackets: 6 },
      { maxBytes: 1001 },
      { maxPackets: -1 },
      { maxBytes: 0.5 },
    ]) {
      expect(() => server.broker.trace({}, options)).toThrow(RangeError);
    }
    server.broker.trace({}).stop();
  });

  it('hold little for strangers that a trace may yet want', async () => {
    const server = await startServer({
      enhancedAuthenticators: [scripted()],
      limits: { maxConnectPacketBytes: 500 },
    });
    const trace = server.broker.trace({ principalId: 'alice' });
    const says = (authenticationData: string) => ({
      authenticationMethod: 'TEST',
      authenticationData,
    });
    const client = await server.open();
    client.send(connect({ clientId: 'c', properties: says('ask') }));
    for (let i = 0; i < 10; i++) {
      await client.expect('auth');
      client.send(auth(0x18, says(`ask ${'x'.repeat(300)}`)));
    }
    await client.expect('auth');
    client.send(auth(0x18, says('ok')), disconnect());
    await client.expect('connack', { reasonCode: 0 });
    await client.expectClosed();
    // It has given up on this connection, and is there for the next.
    expect(trace.packets()).toEqual([]);
    await server.connect({ clientId: 'c', properties: says('ok') });
    expect(inShort(trace.packets())).toEqual(['in connect', 'out connack']);
  });
});
