// What clients do to the broker, said one by one: what bounds it, and how much may be felt of it.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { pause } from './figures.js';
import { connectFrame, publishTemplate, subscribeFrame } from './frames.js';
import { LoadClient } from './load-client.js';
import type { Load } from './load.js';
import type { Peer } from './peers.js';
import { retain } from './retained.js';

export interface Attack {
  readonly id: string;
  /** The limits of `limits.ts` that hold it. */
  readonly limit: string;
  /** Growth of resident memory, above what the broker had before. */
  readonly maxGrowthMiB: number;
  /** The probe's p99 while it goes on: the load generator shares the machine's cores with the broker. */
  readonly maxP99Ms: number;
  /** What is there before the probe's calm time. */
  prepare?(load: Load, peer: Peer): Promise<void>;
  /** Does it and says what was seen; throws when the limit did not show. */
  run(load: Load, peer: Peer): Promise<string>;
}

const FLOOD_PER_SECOND = 100_000;
const FLOOD_MS = 4_000;
const SLOW_CLIENTS = 10_000;
const ENOUGH = 100_000;

export const ATTACKS: readonly Attack[] = [
  {
    id: 'slow-subscriber',
    limit: 'slowConsumerBytes',
    maxGrowthMiB: 64,
    maxP99Ms: 250,
    run: async (load) => {
      const subscriber = await load.open();
      await subscriber.subscribe('bench/flood', 0);
      subscriber.socket.pause();
      const publisher = await load.open();
      const sent = await flood(publisher, FLOOD_PER_SECOND, FLOOD_MS);
      subscriber.socket.resume();
      await pause(1_000);
      const { received } = subscriber;
      if (received >= sent)
        throw new Error('nothing was dropped for a subscriber that reads nothing');
      return `${whole(sent)} sent, ${whole(received)} kept for it`;
    },
  },
  {
    id: 'slow-subscriber-qos1',
    limit: 'maxQueuedMessages, maxQueuedBytes, receiverPatienceMs',
    maxGrowthMiB: 64,
    maxP99Ms: 500,
    run: async (load) => {
      const subscriber = await load.open();
      await subscriber.subscribe('bench/flood', 1);
      subscriber.socket.pause();
      const publisher = await load.open();
      const payload = Buffer.alloc(256, 'x');
      publisher.publishForever({ topic: 'bench/flood', payload, qos: 1 }, 500);
      await pause(FLOOD_MS);
      publisher.stop();
      return `${whole(publisher.finished)} acknowledged while it read nothing`;
    },
  },
  {
    id: 'a-byte-a-second',
    limit: 'connectTimeoutMs, maxConnectPacketBytes',
    maxGrowthMiB: 128,
    maxP99Ms: 500,
    run: async (_load, peer) => {
      const sockets = await openSockets(peer.port, SLOW_CLIENTS);
      const frame = connectFrame({ clientId: 'x'.repeat(200), login: peer.login });
      let closed = 0;
      for (const socket of sockets) socket.once('close', () => (closed += 1));
      for (let second = 0; second < 13 && closed < sockets.length; second += 1) {
        const byte = frame.subarray(second, second + 1);
        for (const socket of sockets) if (!socket.destroyed) socket.write(byte);
        await pause(1_000);
      }
      for (const socket of sockets) socket.destroy();
      if (closed < sockets.length) throw new Error(`only ${closed} of them were closed in time`);
      return `${whole(closed)} connections closed unserved`;
    },
  },
  {
    id: '256-MB-announced',
    limit: 'maxPacketBytes, maxConnectPacketBytes',
    maxGrowthMiB: 48,
    maxP99Ms: 250,
    run: async (load, peer) => {
      let cut = 0;
      const header = Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f, 0, 5]);
      for (let round = 0; round < 200; round += 1) {
        const client = await load.open();
        const closed = new Promise((resolve) => client.socket.once('close', resolve));
        client.write(Buffer.concat([header, Buffer.alloc(64 * 1024)]));
        await closed;
        cut += 1;
      }
      for (const socket of await openSockets(peer.port, 200)) {
        const closed = new Promise((resolve) => socket.once('close', resolve));
        socket.write(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f, 0, 4]));
        await closed;
        cut += 1;
      }
      return `${cut} clients cut by the header alone`;
    },
  },
  {
    id: '100k-subscriptions',
    limit: 'maxSubscriptionsPerClient',
    maxGrowthMiB: 48,
    maxP99Ms: 250,
    run: async (load) => {
      const client = await load.open();
      const refused = await subscribeMany(client, ENOUGH);
      if (refused === 0) throw new Error(`${ENOUGH} subscriptions of one client were granted`);
      return `${whole(ENOUGH - refused)} granted, ${whole(refused)} refused`;
    },
  },
  {
    id: '100k-retained',
    limit: 'maxRetainedMessages, maxRetainedBytes',
    maxGrowthMiB: 256,
    maxP99Ms: 250,
    run: async (load) => {
      const publisher = await load.open();
      await retain(publisher, ENOUGH);
      return `${whole(publisher.finished)} retained topics`;
    },
  },
  {
    id: 'retained-wildcard-storm',
    limit: 'maxUnsentBytes, slowConsumerBytes',
    maxGrowthMiB: 320,
    maxP99Ms: 500,
    prepare: async (load) => retain(await load.open(), ENOUGH),
    run: async (load) => {
      const subscribers = await load.openMany(50);
      for (const subscriber of subscribers) {
        // Ten times each: a subscription that is made again replays again.
        for (let round = 1; round <= 10; round += 1) {
          subscriber.write(subscribeFrame(['bench/#'], 0, 4, round));
        }
      }
      await pause(8_000);
      const received = subscribers.reduce((sum, one) => sum + one.received, 0);
      const closed = subscribers.filter((one) => one.isClosed).length;
      return `${whole(received)} replayed, ${closed} of 50 cut`;
    },
  },
];

/** About `perSecond` messages at QoS 0 for a while; answers how many. */
async function flood(
  publisher: LoadClient,
  perSecond: number,
  durationMs: number,
): Promise<number> {
  const payload = Buffer.alloc(256, 'x');
  const { bytes } = publishTemplate({ topic: 'bench/flood', payload, qos: 0 });
  const startedAt = performance.now();
  let sent = 0;
  for (;;) {
    const elapsedMs = performance.now() - startedAt;
    if (elapsedMs >= durationMs) return sent;
    const due = Math.floor((elapsedMs * perSecond) / 1_000) - sent;
    if (due > 0) {
      publisher.write(Buffer.concat(Array.from({ length: due }, () => bytes)));
      sent += due;
    }
    await pause(2);
  }
}

async function openSockets(port: number, count: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const some = Array.from({ length: Math.min(200, count - sockets.length) }, () => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      return socket;
    });
    await Promise.all(some.map((socket) => once(socket, 'connect')));
    sockets.push(...some);
  }
  return sockets;
}

/** SUBSCRIBEs of a hundred filters each; answers how many filters were refused. */
async function subscribeMany(client: LoadClient, count: number): Promise<number> {
  let refused = 0;
  for (let from = 0; from < count; from += 100) {
    const filters = Array.from({ length: 100 }, (_, index) => `bench/many/${from + index}/+`);
    const suback = await client.request(subscribeFrame(filters, 0, client.level), 'SUBACK');
    for (const code of suback.subarray(-100)) if (code >= 0x80) refused += 1;
  }
  return refused;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}
