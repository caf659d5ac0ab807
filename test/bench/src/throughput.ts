// Messages per second from publishers to subscribers, as fast as they go.
import { settled, ratePerSecond, type Figure } from './figures.js';
import { publishTemplate, type Level } from './frames.js';
import type { LoadClient } from './load-client.js';
import { withLoad } from './load.js';
import type { Peer } from './peers.js';

export interface Flow {
  readonly publishers: number;
  readonly subscribers: number;
  readonly qos: 0 | 1 | 2;
  readonly payloadBytes: number;
  readonly level: Level;
  /** Messages in flight of one publisher (QoS 1 and 2). */
  readonly window: number;
  /** The topic of a publisher; one for all unless given. */
  readonly topic?: (publisher: number) => string;
  /** What subscribers ask for; the one topic unless given. */
  readonly filter?: string;
  /** Wildcard subscriptions of an idle client that match nothing. */
  readonly bystanders?: number;
  /** Different topics in all, spread over the publishers (QoS 0 only). */
  readonly topics?: number;
}

const TOPIC = 'bench/load';

/** Deliveries per second; acknowledgements per second where nobody subscribes. */
export async function measureFlow(flow: Flow, peer: Peer, seconds: number): Promise<Figure[]> {
  return withLoad(peer, flow.level, async (load) => {
    const { qos, filter = TOPIC, bystanders = 0 } = flow;
    if (bystanders > 0) {
      const filters = Array.from({ length: bystanders }, (_, index) => `bench/+/${index}/#`);
      await (await load.open()).subscribe(filters, 0);
    }
    const subscribers = await load.openMany(flow.subscribers);
    await Promise.all(subscribers.map((client) => client.subscribe(filter, qos)));
    const publishers = await load.openMany(flow.publishers);
    publishers.forEach((client, index) => publish(flow, client, index));
    const received = (): number => sum(subscribers, 'received');
    const sent = (): number => sum(publishers, 'finished');
    const count = subscribers.length === 0 ? sent : received;
    const rate = await ratePerSecond(count, seconds, peer.pid);
    const figure = { name: 'messages', unit: '/s', ...rate } as const;
    if (subscribers.length === 0) return [figure];
    load.stop();
    await settled(received);
    return [{ ...figure, delivered: Math.min(1, received() / (sent() * subscribers.length)) }];
  });
}

function publish(flow: Flow, client: LoadClient, index: number): void {
  const { qos, level, topics, topic = (): string => TOPIC } = flow;
  const payload = Buffer.alloc(flow.payloadBytes, 'x');
  if (topics === undefined) {
    client.publishForever({ topic: topic(index), payload, qos }, flow.window);
    return;
  }
  const own = Array.from({ length: topics / flow.publishers }, (_, number) =>
    publishTemplate({ topic: `bench/${index}/sensor/${number}`, payload, qos, level }),
  );
  client.floodForever(own.map(({ bytes }) => bytes));
}

function sum(clients: readonly LoadClient[], counter: 'received' | 'finished'): number {
  let total = 0;
  for (const client of clients) total += client[counter];
  return total;
}
