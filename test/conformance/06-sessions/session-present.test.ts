// [MQTT-3.1.2-4] [MQTT-3.1.2-5] [MQTT-3.1.2-6] [MQTT-3.2.2-2] [MQTT-3.2.2-3] Whether a session is there, and is resumed.
import { FakeClock, type ConnectFields } from '@hearth/testkit';
import { startServer, versions } from '../support/server.js';

describe.each(versions)('a session on MQTT $name', ({ version }) => {
  const lasting: ConnectFields = {
    version,
    clientId: 's',
    cleanStart: false,
    ...(version === 5 && { properties: { sessionExpiryInterval: 1000 } }),
  };
  const clean: ConnectFields = { version, clientId: 's', cleanStart: true };
  // 3.1 has no such flag.
  const present = version > 3;

  it('is not present the first time', async () => {
    const server = await startServer();
    expect((await server.connect(lasting)).connack.sessionPresent).toBe(false);
  });

  it('is present the second time, with its subscriptions [MQTT-3.1.4-4]', async () => {
    const server = await startServer();
    const first = await server.connect(lasting);
    await first.subscribe({ filter: 'a/+', qos: 1 });
    await first.disconnect();
    const second = await server.connect(lasting);
    expect(second.connack.sessionPresent).toBe(present);
    server.broker.publish({ topic: 'a/b', payload: 'x', qos: 2 });
    await second.take({ payload: 'x', qos: 1 });
  });

  it('survives a cut connection', async () => {
    const server = await startServer();
    const gone = server.next('disconnected');
    (await server.connect(lasting)).cut();
    await gone;
    expect((await server.connect(lasting)).connack.sessionPresent).toBe(present);
  });

  it('is gone after a clean start', async () => {
    const server = await startServer();
    const first = await server.connect(lasting);
    await first.subscribe({ filter: 'a', qos: 1 });
    await first.disconnect();
    const second = await server.connect(clean);
    expect(second.connack.sessionPresent).toBe(false);
    await (await server.connect()).publish({ topic: 'a', qos: 1 });
    await second.expectNothing();
    await second.disconnect();
    expect((await server.connect(lasting)).connack.sessionPresent).toBe(false);
  });

  it('of a clean start ends with its connection', async () => {
    const server = await startServer();
    const first = await server.connect(clean);
    await first.subscribe({ filter: 'a', qos: 1 });
    await first.disconnect();
    expect((await server.connect(lasting)).connack.sessionPresent).toBe(false);
    expect(server.broker.stats()).toMatchObject({ sessions: 1, subscriptions: 0 });
  });

  it('is resumed by another version', async () => {
    const server = await startServer();
    const first = await server.connect(lasting);
    await first.subscribe({ filter: 'a', qos: 1 });
    await first.disconnect();
    await (await server.connect()).publish({ topic: 'a', payload: 'x', qos: 1 });
    const other = await server.connect({ ...lasting, version: version === 5 ? 4 : 5 });
    expect(other.connack.sessionPresent).toBe(true);
    await other.take({ topic: 'a', payload: 'x' });
  });

  it('belongs to its client identifier, to the letter [MQTT-3.1.3-2] [MQTT-4.7.3-4]', async () => {
    const server = await startServer();
    await (await server.connect(lasting)).disconnect();
    for (const clientId of ['S', 's ', 'ss', '$s']) {
      expect((await server.connect({ ...lasting, clientId })).connack.sessionPresent).toBe(false);
    }
  });
});

describe('a session with an expiry interval', () => {
  const session = (sessionExpiryInterval?: number): ConnectFields => ({
    clientId: 's',
    cleanStart: false,
    ...(sessionExpiryInterval !== undefined && { properties: { sessionExpiryInterval } }),
  });

  it.each([
    ['none ends with the connection', undefined, 0, false],
    ['0 ends with the connection', 0, 0, false],
    ['60 is there after 59 s', 60, 59, true],
    ['60 is gone after 61 s', 60, 61, false],
  ])('%s', async (_what, expiry, seconds, isPresent) => {
    const clock = new FakeClock();
    const server = await startServer({ clock });
    await (await server.connect(session(expiry))).disconnect();
    clock.advance(seconds * 1000);
    expect((await server.connect(session(expiry))).connack.sessionPresent).toBe(isPresent);
  });

  it('counts from the end of the connection', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock });
    const first = await server.connect(session(60));
    clock.advance(100_000);
    await first.disconnect();
    clock.advance(50_000);
    expect((await server.connect(session(60))).connack.sessionPresent).toBe(true);
  });

  it('gets a new one with each CONNECT', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock });
    await (await server.connect(session(60))).disconnect();
    await (await server.connect(session(600))).disconnect();
    clock.advance(500_000);
    expect((await server.connect(session(0))).connack.sessionPresent).toBe(true);
  });

  it('gets a new one with DISCONNECT', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock });
    await (await server.connect(session(60))).disconnect(0, { sessionExpiryInterval: 600 });
    clock.advance(500_000);
    const second = await server.connect(session(60));
    expect(second.connack.sessionPresent).toBe(true);
    await second.disconnect(0, { sessionExpiryInterval: 0 });
    expect((await server.connect(session(60))).connack.sessionPresent).toBe(false);
  });

  it('never ends with 0xFFFFFFFF, up to maxSessionExpirySeconds', async () => {
    const clock = new FakeClock();
    const limits = { maxSessionExpirySeconds: 1000 };
    const server = await startServer({ clock, limits });
    await (await server.connect(session(0xffffffff))).disconnect();
    clock.advance(999_000);
    const second = await server.connect(session(0xffffffff));
    expect(second.connack.sessionPresent).toBe(true);
    await second.disconnect();
    clock.advance(1_002_000);
    expect((await server.connect(session(0xffffffff))).connack.sessionPresent).toBe(false);
  });

  it('takes its subscriptions and queue with it [MQTT-4.1.0-2]', async () => {
    const clock = new FakeClock();
    const server = await startServer({ clock });
    const first = await server.connect(session(60));
    await first.subscribe({ filter: 'a', qos: 1 });
    await first.disconnect();
    const publisher = await server.connect();
    await publisher.publish({ topic: 'a', qos: 1 });
    expect(server.broker.stats()).toMatchObject({ queuedMessages: 1, subscriptions: 1 });
    clock.advance(62_000);
    await publisher.roundTrip();
    expect(server.broker.stats()).toMatchObject({
      queuedMessages: 0,
      subscriptions: 0,
      sessions: 1,
    });
  });
});
