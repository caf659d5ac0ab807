// The live feed: who may listen, and that a busy house does not drown a browser.
import { LIVE_INTERVAL_MS } from '@hearth/contracts';
import { WebSocket } from 'ws';
import { LiveListener } from '../support/live-listener.js';
import { RegisteredDevice } from '../support/registered-device.js';
import { startHearth, type RunningHearth } from '../support/start-hearth.js';

describe('the live feed', () => {
  let hearth: RunningHearth;
  beforeAll(async () => {
    hearth = await startHearth();
  });
  afterAll(async () => {
    await hearth.close();
  });

  const handshake = async (headers: Record<string, string>) => {
    const answer = await LiveListener.handshake(hearth.app.httpPort, headers);
    if ('listener' in answer) await answer.listener.close();
    return answer.status;
  };

  it('admits whoever is signed in, or holds the local token, and nobody else', async () => {
    const { cookie } = hearth.owner;
    const token = hearth.app.localToken;
    expect(await handshake({ cookie })).toBe(101);
    expect(await handshake({ authorization: `Bearer ${token}` })).toBe(101);
    expect(await handshake({})).toBe(401);
    expect(await handshake({ authorization: 'Bearer nonsense' })).toBe(401);
    expect(await handshake({ cookie: `${cookie}x` })).toBe(401);
  });

  it('refuses the pages of other hosts, whatever cookies they bring', async () => {
    const { cookie } = hearth.owner;
    const { httpPort } = hearth.app;
    expect(await handshake({ cookie, origin: `http://127.0.0.1:${httpPort}` })).toBe(101);
    expect(await handshake({ cookie, origin: 'https://evil.example' })).toBe(403);
    expect(await handshake({ cookie, origin: 'null' })).toBe(403);
    // As the dashboard's server passes it on.
    const proxied = { origin: 'http://hearth.local:3000', 'x-forwarded-host': 'hearth.local:3000' };
    expect(await handshake({ cookie, ...proxied })).toBe(101);
  });

  it('refuses upgrades of other paths', async () => {
    for (const path of ['/', '/api/live', '/live/', '/__proto__']) {
      const socket = new WebSocket(`ws://127.0.0.1:${hearth.app.httpPort}${path}`);
      const status = await new Promise((resolve) => {
        socket.on('unexpected-response', (request, response) => {
          resolve(response.statusCode);
          request.destroy();
        });
        socket.on('error', () => resolve('closed'));
      });
      expect([path, status]).toEqual([path, 404]);
    }
  });

  it('greets with the health of the house', async () => {
    const live = await LiveListener.open(hearth.app.httpPort, { cookie: hearth.owner.cookie });
    expect(live.frames[0]).toMatchObject({
      event: 'welcome',
      data: { health: { status: 'ok', database: 'up', broker: 'up' } },
    });
    await live.close();
  });

  it('gathers a thousand readings into few frames, and ends with the newest', async () => {
    const device = await RegisteredDevice.register(hearth);
    const live = await LiveListener.open(hearth.app.httpPort, { cookie: hearth.owner.cookie });
    const client = await device.connect();
    const startMs = Date.now();
    const first = startMs - 1_000;
    await Promise.all(
      Array.from({ length: 1_000 }, (_, index) =>
        client.publishAsync(
          device.topic('telemetry'),
          JSON.stringify({ temperature: index / 100, ts: first + index }),
          { qos: 1 },
        ),
      ),
    );
    await live.find('readings', ({ data }) => data.some(({ value }) => value === 9.99));
    const tookMs = Date.now() - startMs;
    const frames = live.frames.filter(({ event }) => event === 'readings');
    expect(frames.length).toBeLessThanOrEqual(Math.ceil(tookMs / LIVE_INTERVAL_MS) + 1);
    await client.endAsync();
    await live.close();
  });

  it('hears nothing from browsers, and closes on one that shouts', async () => {
    const live = await LiveListener.open(hearth.app.httpPort, { cookie: hearth.owner.cookie });
    live.socket.send('not JSON');
    live.socket.send(JSON.stringify({ event: 'readings', data: [] }));
    const pong = new Promise((resolve) => live.socket.on('pong', resolve));
    live.socket.ping();
    await pong;
    expect(live.frames).toHaveLength(1);
    live.socket.send('x'.repeat(5_000));
    expect(await live.closed).toBe(1009);
  });

  it('says goodbye when the server stops', async () => {
    const other = await startHearth();
    const live = await LiveListener.open(other.app.httpPort, { cookie: other.owner.cookie });
    await other.close();
    expect(await live.closed).toBe(1001);
  });
});
