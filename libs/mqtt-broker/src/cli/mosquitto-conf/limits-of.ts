import type { Limits } from '../../limits.js';
import type { globalDirectives, Values } from './directives.js';

// A limit that Mosquitto does not have. Whole numbers only go so far.
const NONE = Number.MAX_SAFE_INTEGER;
const NEVER_EXPIRES = 0xffff_ffff;
const MIB = 1024 * 1024;

/** Mosquitto's defaults, changed by what its configuration says. */
export function limitsOf(values: Values<typeof globalDirectives>): Partial<Limits> {
  const maxPacketBytes = values.max_packet_size ?? 2_000_000;
  const inflight = unlimited(values.max_inflight_messages ?? 20, 65_535);
  const maxQueuedMessages = values.max_queued_messages ?? 1000;
  const maxQueuedBytes = values.max_queued_bytes ?? 0;
  return {
    maxPacketBytes,
    maxWebSocketMessageBytes: Math.max(maxPacketBytes, 4 * MIB),
    // Mosquitto's own bound.
    maxConnectPacketBytes: Math.min(maxPacketBytes, 100_000),
    maxPayloadBytes: unlimited(values.message_size_limit ?? 0, 268_435_455),
    maxConnections: minusOne(values.global_max_connections ?? -1),
    maxConnectedClients: NONE,
    maxSessions: minusOne(values.global_max_clients ?? -1),
    maxClientIdBytes: 65_535,
    maxKeepAliveSeconds: unlimited(values.max_keepalive ?? 0, 65_535),
    maxSessionExpirySeconds: values.persistent_client_expiration ?? NEVER_EXPIRES,
    maxTopicBytes: 65_535,
    // Mosquitto counts 200 separators.
    maxTopicLevels: 201,
    maxSubscriptionsPerClient: 1_000_000,
    receiveMaximum: inflight,
    // 3.x clients cannot know of a bound, and are not cut off for it.
    maxIncomingQos2: 65_535,
    maxInflightMessages: inflight,
    maxInflightBytes: unlimited(values.max_inflight_bytes ?? 0, NONE),
    maxQueuedMessages: unlimited(maxQueuedMessages, NONE),
    // With no limit at all an absent client would take the memory of all others: our own stays.
    ...(maxQueuedMessages === 0 && maxQueuedBytes === 0
      ? {}
      : { maxQueuedBytes: unlimited(maxQueuedBytes, NONE) }),
    topicAliasMaximum: 10,
    maxOutgoingTopicAliases: 10,
    maxRetainedMessages: 10_000_000,
    maxRetainedBytes: 1024 * MIB,
    maxRetainedPayloadBytes: maxPacketBytes,
  };
}

/** Zero says "no limit". */
function unlimited(value: number, most: number): number {
  return value === 0 ? most : value;
}

function minusOne(value: number): number {
  return value < 0 ? NONE : value;
}
