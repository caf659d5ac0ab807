// What is measured, said as data, and the one way in which it is measured.
import { LoadClient } from './load-client.js';

export interface Workload {
  readonly name: string;
  readonly publishers: number;
  readonly subscribers: number;
  readonly qos: 0 | 1 | 2;
  readonly payloadBytes: number;
  /** Messages in flight of one publisher (QoS 1 and 2). */
  readonly window: number;
}

export const WORKLOADS: readonly Workload[] = [
  { name: 'QoS 0, 20 → 1', publishers: 20, subscribers: 1, qos: 0, payloadBytes: 64, window: 0 },
  { name: 'QoS 0, 1 → 100', publishers: 1, subscribers: 100, qos: 0, payloadBytes: 64, window: 0 },
  { name: 'QoS 1, 20 → 1', publishers: 20, subscribers: 1, qos: 1, payloadBytes: 64, window: 20 },
  { name: 'QoS 2, 20 → 1', publishers: 20, subscribers: 1, qos: 2, payloadBytes: 64, window: 20 },
  {
    name: 'QoS 1, 20 → nobody',
    publishers: 20,
    subscribers: 0,
    qos: 1,
    payloadBytes: 64,
    window: 20,
  },
];

const WARM_UP_MS = 700;
const TOPIC = 'bench/load';

/** Deliveries per second (acknowledgements per second where nobody subscribes) over `seconds` after a warm-up. */
export async function measure(workload: Workload, port: number, seconds: number): Promise<number> {
  const clients: LoadClient[] = [];
  const open = async (clientId: string): Promise<LoadClient> => {
    const client = await LoadClient.open({ port, clientId });
    clients.push(client);
    return client;
  };
  try {
    const subscribers: LoadClient[] = [];
    for (let index = 0; index < workload.subscribers; index += 1) {
      const subscriber = await open(`bench-sub-${index}`);
      await subscriber.subscribe(TOPIC, workload.qos);
      subscribers.push(subscriber);
    }
    const publishers: LoadClient[] = [];
    for (let index = 0; index < workload.publishers; index += 1) {
      publishers.push(await open(`bench-pub-${index}`));
    }
    const payload = Buffer.alloc(workload.payloadBytes, 'x');
    for (const publisher of publishers) {
      publisher.publishForever(TOPIC, payload, workload.qos, workload.window);
    }
    const done = (): number =>
      subscribers.length === 0
        ? publishers.reduce((sum, client) => sum + client.finished, 0)
        : subscribers.reduce((sum, client) => sum + client.received, 0);
    return await ratePerSecond(done, seconds);
  } finally {
    for (const client of clients) client.close();
  }
}

/** Growth of a counter per second, after the warm-up. */
export async function ratePerSecond(count: () => number, seconds: number): Promise<number> {
  await pause(WARM_UP_MS);
  const from = count();
  const startedAt = performance.now();
  await pause(seconds * 1_000);
  return ((count() - from) / (performance.now() - startedAt)) * 1_000;
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
