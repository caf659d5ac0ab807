// Retained messages, replayed to whoever subscribes.
import { pause, type Figure } from './figures.js';
import { publishTemplate } from './frames.js';
import { withLoad } from './load.js';
import type { LoadClient } from './load-client.js';
import type { Peer } from './peers.js';

const PAYLOAD_BYTES = 64;
const REPLAY_TIMEOUT_MS = 10_000;
const FRAMES_PER_WRITE = 500;

/** Messages per second to one new subscriber after the other. */
export async function measureReplay(count: number, peer: Peer, seconds: number): Promise<Figure[]> {
  return withLoad(peer, 4, async (load) => {
    await retain(await load.open(), count);
    const startedAt = performance.now();
    let messages = 0;
    let owed = 0;
    while (performance.now() - startedAt < seconds * 1_000) {
      const subscriber = await load.open();
      await subscriber.subscribe('bench/retained/#', 0);
      const deadline = performance.now() + REPLAY_TIMEOUT_MS;
      while (subscriber.received < count && performance.now() < deadline) await pause(0);
      messages += subscriber.received;
      owed += count;
      subscriber.close();
    }
    const value = (messages / (performance.now() - startedAt)) * 1_000;
    return [{ name: 'messages', unit: '/s', value, delivered: messages / owed }];
  });
}

/** Retains `count` messages below `bench/retained` and waits for the last acknowledgement. */
export async function retain(publisher: LoadClient, count: number): Promise<void> {
  const payload = Buffer.alloc(PAYLOAD_BYTES, 'x');
  for (let from = 0; from < count; from += FRAMES_PER_WRITE) {
    const size = Math.min(FRAMES_PER_WRITE, count - from);
    const frames = Array.from({ length: size }, (_, index) => {
      const number = from + index;
      const topic = `bench/retained/${number % 100}/${number}`;
      const { bytes, idOffset } = publishTemplate({ topic, payload, qos: 1, retain: true });
      bytes.writeUInt16BE((number % 65_535) + 1, idOffset);
      return bytes;
    });
    publisher.write(Buffer.concat(frames));
    while (publisher.finished < from + size) await pause(0);
  }
}
