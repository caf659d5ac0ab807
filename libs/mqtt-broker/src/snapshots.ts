// The broker as of now, in numbers.

import type { Core } from './connection/core.js';
import type { QoS } from './message.js';
import type { BrokerStats, ClientInfo } from './stats.js';

export function statsOf(core: Core, bytesOut: number): BrokerStats {
  const { counters, open, sessions, retained, index } = core;
  let queuedMessages = 0;
  let queuedBytes = 0;
  let inflightMessages = 0;
  for (const { queue, inflight } of sessions.all()) {
    queuedMessages += queue.size;
    queuedBytes += queue.bytes;
    inflightMessages += inflight.size;
  }
  return {
    messagesIn: byQos(counters.messagesIn),
    messagesOut: byQos(counters.messagesOut),
    bytesIn: counters.bytesIn,
    bytesOut,
    packetsIn: counters.packetsIn,
    packetsOut: counters.packetsOut,
    payloadBytesIn: counters.payloadBytesIn,
    payloadBytesOut: counters.payloadBytesOut,
    connects: counters.connects,
    expiredSessions: counters.expiredSessions,
    connectionsOpened: counters.connectionsOpened,
    connectedClients: open.size,
    sessions: sessions.size,
    queuedMessages,
    queuedBytes,
    inflightMessages,
    retainedMessages: retained.size,
    retainedBytes: retained.bytes,
    subscriptions: index.size,
    sharedSubscriptions: index.sharedSize,
    dropped: { ...counters.dropped },
    refused: Object.fromEntries(counters.refused),
    denied: { ...counters.denied },
    acceptFailures: counters.acceptFailures,
  };
}

function byQos([qos0, qos1, qos2]: readonly [number, number, number]): Record<QoS, number> {
  return { 0: qos0, 1: qos1, 2: qos2 };
}

export function clientsOf({ open }: Core): ClientInfo[] {
  const clients: ClientInfo[] = [];
  for (const { phase, peer } of open) {
    if (phase.at !== 'open') continue;
    const { session, principal, version, keepAliveSeconds, connectedAtMs } = phase;
    clients.push({
      clientId: session.clientId,
      principal,
      address: peer.address,
      transport: peer.transport,
      protocolVersion: version,
      keepAliveSeconds,
      connectedAtMs,
      subscriptions: session.subscriptions.size,
      queuedMessages: session.queue.size,
    });
  }
  return clients;
}
