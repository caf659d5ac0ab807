// The broker under attack, in a process of its own. Tells its parent the ports, every error that it reports, and what it holds.

import { allowAll, createBroker, type Principal } from '@hearth/mqtt-broker';

export interface Holdings {
  /** Heap and buffers, without garbage. */
  heldBytes: number;
  residentBytes: number;
  sessions: number;
  subscriptions: number;
  retained: number;
  queued: number;
  connected: number;
}

export type FromBroker =
  | { type: 'listening'; tcp: number; webSocket: number }
  | { type: 'error'; text: string }
  | { type: 'holdings'; holdings: Holdings };

const collect = globalThis.gc;
const tell = (message: FromBroker): void => void process.send?.(message);
const report = (error: unknown): void => {
  tell({
    type: 'error',
    text: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
};

const stranger = allowAll();
const broker = createBroker({
  listeners: [
    { transport: 'tcp', port: 0, host: '127.0.0.1' },
    { transport: 'websocket', port: 0, host: '127.0.0.1' },
  ],
  authenticator: {
    authenticate: async (credentials) => {
      const principal = (await stranger.authenticate(credentials)) as Principal;
      const { username = '' } = credentials;
      // Some answers come later than others, so that CONNECTs overtake each other.
      if (username === 'bert') await new Promise(setImmediate);
      return { ...principal, id: username, canPublish: (topic) => !topic.startsWith('$') };
    },
  },
  accept: ({ topic }) => (topic === 'b' ? new Promise(setImmediate) : undefined),
  // Small, so that every bound is reached; sessions end soon, so that what is left over is a leak.
  limits: {
    maxSessionExpirySeconds: 1,
    maxPacketBytes: 64 * 1024,
    maxRetainedMessages: 50,
    maxQueuedMessages: 100,
    maxQueuedBytes: 200_000,
    maxInflightMessages: 10,
    receiveMaximum: 10,
    maxIncomingQos2: 15,
    slowConsumerBytes: 64 * 1024,
    maxUnsentBytes: 1024 * 1024,
    topicCacheEntries: 64,
    maxSubscriptionsPerClient: 8,
    connectTimeoutMs: 1000,
    closeGraceMs: 300,
  },
  onError: report,
});
process.on('unhandledRejection', (reason) => {
  report(reason);
  process.exitCode = 1;
});
process.on('warning', (warning) => report(warning));
process.on('message', () => void tellHoldings());
process.on('disconnect', () => process.exit());

await broker.start();
const portOf = (transport: string): number =>
  broker.addresses.find((one) => one.transport === transport)?.port ?? 0;
tell({ type: 'listening', tcp: portOf('tcp'), webSocket: portOf('websocket') });

async function tellHoldings(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await new Promise(setImmediate);
    collect?.();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  const { sessions, subscriptions, retainedMessages, queuedMessages, connectedClients } =
    broker.stats();
  const holdings = {
    heldBytes: heapUsed + external,
    residentBytes: rss,
    sessions,
    subscriptions,
    retained: retainedMessages,
    queued: queuedMessages,
    connected: connectedClients,
  };
  tell({ type: 'holdings', holdings });
}
