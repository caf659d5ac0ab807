// What connections cost: opening and closing them, many at once, and keeping them.
import { pause, ratePerSecond, residentBytes, type Figure } from './figures.js';
import { LoadClient } from './load-client.js';
import { Load, withLoad } from './load.js';
import type { Peer } from './peers.js';

const AT_ONCE = 50;
const WARM_UP_CLIENTS = 500;
const KEEP_ALIVE_SECONDS = 300;
/** A collector's last garbage and a kernel's last buffers go within this time. */
const SETTLE_MS = 4_000;

/** CONNECT, CONNACK, DISCONNECT, closed: how often per second, fifty at a time. */
export async function measureConnects(peer: Peer, seconds: number): Promise<Figure[]> {
  const load = new Load(peer);
  let number = 0;
  let done = 0;
  const end = new AbortController();
  const churn = async (): Promise<void> => {
    while (!end.signal.aborted) {
      number += 1;
      const client = await LoadClient.open(load.optionsOf(number % 10_000));
      await client.disconnect();
      done += 1;
    }
  };
  const all = Array.from({ length: AT_ONCE }, churn);
  const rate = await ratePerSecond(() => done, seconds, peer.pid);
  end.abort();
  await Promise.all(all);
  return [{ name: 'connections', unit: '/s', ...rate }];
}

/** As after an outage: how long until the last of `count` clients that come at once is served. */
export async function measureReturn(count: number, peer: Peer): Promise<Figure[]> {
  return withLoad(peer, 4, async (load) => {
    const startedAt = performance.now();
    const opened = await Promise.all(
      Array.from({ length: count }, (_, number) => LoadClient.open(load.optionsOf(number))),
    );
    const elapsedMs = performance.now() - startedAt;
    load.clients.push(...opened);
    return [{ name: 'all served', unit: 'ms', value: elapsedMs }];
  });
}

/** Resident memory of a connection that has a keep alive and nothing else. */
export async function measureIdle(count: number, peer: Peer): Promise<Figure[]> {
  // The first connections pay for code and pools.
  await withLoad(peer, 4, (load) => load.openMany(WARM_UP_CLIENTS));
  await pause(SETTLE_MS);
  return withLoad(peer, 4, async (load) => {
    const before = residentBytes(peer.pid);
    await load.openMany(count, { keepAliveSeconds: KEEP_ALIVE_SECONDS });
    await pause(SETTLE_MS);
    const bytes = (residentBytes(peer.pid) - before) / count;
    return [{ name: 'resident each', unit: 'kB', value: bytes / 1_000 }];
  });
}
