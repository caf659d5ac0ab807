// What the broker says of itself, under the names that Mosquitto gives to it.

import type { BrokerStats } from '../stats.js';
import { LoadAverage } from './load-average.js';

/** A topic below `$SYS/broker/`, and its value. */
export type SysValue = readonly [topic: string, value: number | string];

/** What is asked for at each turn. */
export interface SysReading {
  readonly stats: BrokerStats;
  readonly heapBytes: number;
}

/** As of now. */
export function* valuesOf({ stats, heapBytes }: SysReading): Iterable<SysValue> {
  const disconnected = stats.sessions - stats.connectedClients;
  // A message that waits in several sessions is counted in each.
  const stored = stats.queuedMessages + stats.inflightMessages + stats.retainedMessages;
  yield ['clients/total', stats.sessions];
  yield ['clients/connected', stats.connectedClients];
  yield ['clients/active', stats.connectedClients];
  yield ['clients/disconnected', disconnected];
  yield ['clients/inactive', disconnected];
  yield ['clients/expired', stats.expiredSessions];
  yield ['messages/received', stats.packetsIn];
  yield ['messages/sent', stats.packetsOut];
  yield ['messages/inflight', stats.inflightMessages];
  yield ['messages/stored', stored];
  yield ['store/messages/count', stored];
  yield ['store/messages/bytes', stats.queuedBytes + stats.retainedBytes];
  yield ['subscriptions/count', stats.subscriptions - stats.sharedSubscriptions];
  yield ['shared_subscriptions/count', stats.sharedSubscriptions];
  yield ['retained messages/count', stats.retainedMessages];
  yield ['publish/messages/dropped', sum(stats.dropped)];
  yield ['publish/messages/received', sum(stats.messagesIn)];
  yield ['publish/messages/sent', sum(stats.messagesOut)];
  yield ['publish/bytes/received', stats.payloadBytesIn];
  yield ['publish/bytes/sent', stats.payloadBytesOut];
  yield ['bytes/received', stats.bytesIn];
  yield ['bytes/sent', stats.bytesOut];
  yield ['connections/socket/count', stats.connectionsOpened];
  yield ['heap/current', heapBytes];
}

/** The largest values so far. */
export class Maxima {
  #clients = 0;
  #heapBytes = 0;

  *update({ stats, heapBytes }: SysReading): Iterable<SysValue> {
    this.#clients = Math.max(this.#clients, stats.sessions);
    this.#heapBytes = Math.max(this.#heapBytes, heapBytes);
    yield ['clients/maximum', this.#clients];
    yield ['heap/maximum', this.#heapBytes];
  }
}

const spans = [1, 5, 15] as const;

const loads: readonly (readonly [name: string, count: (stats: BrokerStats) => number])[] = [
  ['messages/received', (stats) => stats.packetsIn],
  ['messages/sent', (stats) => stats.packetsOut],
  ['publish/dropped', (stats) => sum(stats.dropped)],
  ['publish/received', (stats) => sum(stats.messagesIn)],
  ['publish/sent', (stats) => sum(stats.messagesOut)],
  ['bytes/received', (stats) => stats.bytesIn],
  ['bytes/sent', (stats) => stats.bytesOut],
  ['sockets', (stats) => stats.connectionsOpened],
  ['connections', (stats) => stats.connects],
];

/** Averages over the last 1, 5 and 15 minutes. */
export class Loads {
  readonly #averages = loads.map(([name, count]) => ({
    count,
    before: 0,
    spans: spans.map((minutes) => ({
      topic: `load/${name}/${minutes}min`,
      average: new LoadAverage(minutes),
    })),
  }));

  /** `seconds` since the last time. */
  *update({ stats }: SysReading, seconds: number): Iterable<SysValue> {
    for (const load of this.#averages) {
      const count = load.count(stats);
      for (const { topic, average } of load.spans) {
        if (seconds > 0) average.add(count - load.before, seconds);
        yield [topic, average.perMinute.toFixed(2)];
      }
      load.before = count;
    }
  }
}

function sum(counts: Readonly<Record<PropertyKey, number>>): number {
  let total = 0;
  for (const count of Object.values(counts)) total += count;
  return total;
}
