// [MQTT-3.1.2-21] [MQTT-3.1.2-22] [MQTT-3.12.4-1] Silence for one and a half times the keep alive ends a connection.
import { FakeClock } from '@hearth/testkit';
import { startServer, versions } from '../support/server.js';

describe.each(versions)('keep alive on MQTT $name', ({ version }) => {
  it('lets a silent client be until one and a half times its keep alive', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock });
    const client = await server.connect({ version, keepAliveSeconds: 10 });
    clock.advance(14_900);
    await client.expectNothing();
  });

  it('ends a client that is silent for longer [MQTT-3.1.2-20] [MQTT-3.1.2-22] [MQTT-3.2.2-22]', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock });
    const client = await server.connect({ version, keepAliveSeconds: 10 });
    const disconnected = server.next('disconnected');
    clock.advance(17_000);
    await client.expectDisconnected(0x8d);
    expect(await disconnected).toMatchObject({ cause: 'keep-alive-timeout' });
  });

  it('counts from the last packet, whatever it was', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock });
    const client = await server.connect({ version, keepAliveSeconds: 10 });
    for (let round = 0; round < 3; round++) {
      clock.advance(9_000);
      await client.publish({ topic: 'a', qos: 1 });
    }
    clock.advance(13_000);
    await client.expectNothing();
    clock.advance(17_000);
    await client.expectDisconnected(0x8d);
  });

  it('does not count what the client receives', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock });
    const client = await server.connect({ version, keepAliveSeconds: 10 });
    await client.subscribe('a');
    clock.advance(9_000);
    server.broker.publish({ topic: 'a', payload: 'x' });
    await client.expect('publish');
    clock.advance(8_000);
    await client.expectDisconnected(0x8d);
  });

  it('of zero never ends a client', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock });
    const client = await server.connect({ version, keepAliveSeconds: 0 });
    clock.advance(48 * 3_600_000);
    await client.expectNothing();
  });
});

describe('maxKeepAliveSeconds', () => {
  it('is told as Server Keep Alive and applied [MQTT-3.2.2-21]', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock, limits: { maxKeepAliveSeconds: 20 } });
    const client = await server.connect({ keepAliveSeconds: 600 });
    expect(client.connack.properties?.serverKeepAlive).toBe(20);
    clock.advance(33_000);
    await client.expectDisconnected(0x8d);
  });

  it('is not told to a client that asks for less', async () => {
    const server = await startServer({ limits: { maxKeepAliveSeconds: 20 } });
    const client = await server.connect({ keepAliveSeconds: 10 });
    expect(client.connack.properties?.serverKeepAlive).toBeUndefined();
  });
});

describe('connectTimeoutMs', () => {
  it('ends a connection that sends no CONNECT', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock, limits: { connectTimeoutMs: 5_000 } });
    const witness = await server.connect();
    const idle = await server.open();
    idle.send('10');
    await witness.roundTrip();
    clock.advance(4_000);
    await witness.roundTrip();
    expect(idle.isEnded).toBe(false);
    clock.advance(2_000);
    await idle.expectClosed();
  });

  it('does not end a connected client', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock, limits: { connectTimeoutMs: 5_000 } });
    const client = await server.connect();
    clock.advance(60_000);
    await client.expectNothing();
  });
});
