// What a broker acknowledges when it stores nothing: the bound of clients that wait for each acknowledgement, where sockets
// cost more than anything that is done with a message.
import { ratePerSecond } from './figures.js';
import { withLoad } from './load.js';
import type { Peer } from './peers.js';

/** Bytes of a reading with its time. */
const PAYLOAD_BYTES = 34;

/** Messages a second at QoS 1 without a subscriber; undefined where the broker is not installed. */
export async function measureFromMemory(
  start: () => Promise<Peer | undefined>,
  { devices, window }: { devices: number; window: number },
  seconds: number,
): Promise<number | undefined> {
  const peer = await start();
  if (peer === undefined) return undefined;
  try {
    return await withLoad(peer, 4, async (load) => {
      const clients = await load.openMany(devices);
      const fields = {
        topic: 'bench/memory',
        payload: Buffer.alloc(PAYLOAD_BYTES),
        qos: 1,
      } as const;
      for (const client of clients) client.publishForever(fields, window);
      const finished = (): number => clients.reduce((sum, client) => sum + client.finished, 0);
      const { value } = await ratePerSecond(finished, seconds, peer.pid);
      return value;
    });
  } finally {
    await peer.stop();
  }
}
