// [MQTT-3.1.2-8] [MQTT-3.1.3-9] The will delay interval: a client that comes back in time has not gone.
import { FakeClock, type ConnectFields } from '@hearth/testkit';
import { startServer } from '../support/server.js';

const session = (sessionExpiryInterval: number): ConnectFields => ({
  clientId: 'c',
  cleanStart: false,
  properties: { sessionExpiryInterval },
});

const will = (willDelayInterval: number): ConnectFields => ({
  will: { topic: 'status', payload: 'offline', properties: { willDelayInterval } },
});

describe('the will delay interval', () => {
  it('delays the will', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock });
    const watcher = await server.connect();
    await watcher.subscribe('status');
    const client = await server.connect({ ...session(100), ...will(10) });
    const gone = server.next('disconnected');
    client.cut();
    await gone;
    clock.advance(9_000);
    await watcher.expectNothing();
    clock.advance(2_000);
    await watcher.expect('publish', { topic: 'status', payload: 'offline' });
    clock.advance(200_000);
    await watcher.expectNothing();
  });

  it('lets the client come back without a will', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock });
    const watcher = await server.connect();
    await watcher.subscribe('status');
    const client = await server.connect({ ...session(100), ...will(10) });
    const gone = server.next('disconnected');
    client.cut();
    await gone;
    clock.advance(9_000);
    const again = await server.connect(session(100));
    clock.advance(60_000);
    await again.expectNothing();
    await watcher.expectNothing();
  });

  it('ends with the session, when that is earlier', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock });
    const watcher = await server.connect();
    await watcher.subscribe('status');
    const client = await server.connect({ ...session(5), ...will(60) });
    const gone = server.next('disconnected');
    client.cut();
    await gone;
    clock.advance(4_000);
    await watcher.expectNothing();
    clock.advance(2_000);
    await watcher.expect('publish', { payload: 'offline' });
  });

  it('does not count when the session ends with the connection', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock });
    const watcher = await server.connect();
    await watcher.subscribe('status');
    (await server.connect({ clientId: 'c', ...will(60) })).cut();
    await watcher.expect('publish', { payload: 'offline' });
  });

  it('ends when a clean start ends the session', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock });
    const watcher = await server.connect();
    await watcher.subscribe('status');
    const client = await server.connect({ ...session(100), ...will(60) });
    const gone = server.next('disconnected');
    client.cut();
    await gone;
    await watcher.expectNothing();
    const again = await server.connect({ clientId: 'c', cleanStart: true });
    await watcher.expect('publish', { payload: 'offline' });
    await again.expectNothing();
  });

  it('keeps a take-over that continues the session from publishing the will', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock });
    const watcher = await server.connect();
    await watcher.subscribe('status');
    const first = await server.connect({ ...session(100), ...will(10) });
    const second = await server.connect(session(100));
    await first.expectDisconnected(0x8e);
    clock.advance(60_000);
    await watcher.expectNothing();
    await second.expectNothing();
  });

  it('is not sent on to the subscriber', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock });
    const watcher = await server.connect();
    await watcher.subscribe('status');
    (await server.connect({ clientId: 'c', ...will(60) })).cut();
    const { properties } = await watcher.expect('publish');
    expect(properties).toBeUndefined();
  });
});
