// Every limit of the broker: name, default, unit and reason. A limit without a line here does not exist.

/** Bounds, each with its default in `defaultLimits`. */
export interface Limits {
  /** Bytes of the largest packet read after CONNECT, announced to v5 clients. Over it: 0x95, unbuffered. */
  maxPacketBytes: number;
  /** Bytes of a WebSocket message, which may carry many packets. It is held whole before it is read. */
  maxWebSocketMessageBytes: number;
  /** Bytes of a CONNECT: what a stranger may make the broker hold before it is known. */
  maxConnectPacketBytes: number;
  /** Milliseconds from the connection's start to its accepted CONNECT, authentication included. */
  connectTimeoutMs: number;
  /** Open network connections, known or not. More are closed at once. */
  maxConnections: number;
  /** Sessions, connected or not. A CONNECT that needs one more is refused with 0x97. */
  maxSessions: number;
  /** UTF-8 bytes of a client identifier. */
  maxClientIdBytes: number;
  /** Seconds. A v5 client that asks for more (or for none) is told this as Server Keep Alive. */
  maxKeepAliveSeconds: number;
  /** Seconds that a session may outlive its connection; longer wishes are cut to it. */
  maxSessionExpirySeconds: number;
  /** UTF-8 bytes of a topic name or filter. */
  maxTopicBytes: number;
  /** Levels of a topic name or filter. */
  maxTopicLevels: number;
  /** Subscriptions of one session. More are answered 0x97. */
  maxSubscriptionsPerClient: number;
  /** Our Receive Maximum: QoS 1 and 2 messages of one v5 client not yet fully acknowledged. Over it: 0x93. */
  receiveMaximum: number;
  /** Messages of one connection waiting for `accept`; reading pauses there. Bounds 3.x, which has no Receive Maximum. */
  maxPendingAccepts: number;
  /** Payload bytes of one connection waiting for `accept`; reading pauses there. */
  maxPendingAcceptBytes: number;
  /** QoS 2 messages of one session between PUBREC and PUBREL. A half-open exchange costs memory. Over it: 0x93. */
  maxIncomingQos2: number;
  /** QoS 1 and 2 deliveries under way to one client, whatever larger Receive Maximum it offers. */
  maxInflightMessages: number;
  /** Messages waiting in one session's queue (offline, or send window full). More are dropped and counted. */
  maxQueuedMessages: number;
  /** Payload and topic bytes waiting in one session's queue. */
  maxQueuedBytes: number;
  /** Milliseconds that publishers wait for a connected receiver whose queue is half full; 0 never waits. */
  receiverPatienceMs: number;
  /** Unsent bytes of one connection above which QoS 0 messages are dropped and QoS 1 and 2 stay queued. */
  slowConsumerBytes: number;
  /** Unsent bytes of one connection above which it is cut. */
  maxUnsentBytes: number;
  /** Topic aliases that a client may use towards us, announced in CONNACK. */
  topicAliasMaximum: number;
  /** Topic aliases that we use towards a client, whatever larger maximum it offers. */
  maxOutgoingTopicAliases: number;
  /** Retained messages. A retained message for one more topic is routed but not kept: 0x97. */
  maxRetainedMessages: number;
  /** Payload and topic bytes of all retained messages together; beyond them 0x97. */
  maxRetainedBytes: number;
  /** Bytes of a retained payload; a larger one is routed but not kept: 0x97. */
  maxRetainedPayloadBytes: number;
  /** Bytes of changes that wait for the storage. Beyond them QoS 1 and 2 messages are refused with 0x97. */
  maxUncommittedBytes: number;
  /** Topics whose matches are remembered. A memory bound; speed suffers when many more are in use. */
  topicCacheEntries: number;
  /** Milliseconds that a closing connection gets to take its last bytes. */
  closeGraceMs: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;

export const defaultLimits: Readonly<Limits> = {
  // A camera picture or a firmware chunk fits; a stranger's 256 MiB does not.
  maxPacketBytes: 1 * MIB,
  maxWebSocketMessageBytes: 4 * MIB,
  // A long token as password and a generous will fit.
  maxConnectPacketBytes: 16 * KIB,
  // A sleepy radio link needs seconds; a slot for minutes would be a gift to idlers.
  connectTimeoutMs: 10_000,
  maxConnections: 100_000,
  maxSessions: 200_000,
  // 3.1 asked for 23 characters; generated names are often 36 to 64.
  maxClientIdBytes: 256,
  // The protocol's own maximum, about 18 hours: no opinion by default.
  maxKeepAliveSeconds: 65_535,
  // A month away, then a session is abandoned.
  maxSessionExpirySeconds: 30 * 24 * 3600,
  maxTopicBytes: 1024,
  // Real trees have under ten levels; the trie is walked recursively.
  maxTopicLevels: 32,
  maxSubscriptionsPerClient: 1000,
  // Large enough to hide a database commit's latency at full speed.
  receiveMaximum: 1000,
  maxPendingAccepts: 1000,
  maxPendingAcceptBytes: 4 * MIB,
  maxIncomingQos2: 1000,
  maxInflightMessages: 1000,
  maxQueuedMessages: 10_000,
  maxQueuedBytes: 8 * MIB,
  // A burst is shorter, a slow link longer.
  receiverPatienceMs: 250,
  // Several loopback socket buffers: a burst passes, a stall does not.
  slowConsumerBytes: 8 * MIB,
  maxUnsentBytes: 32 * MIB,
  topicAliasMaximum: 32,
  maxOutgoingTopicAliases: 32,
  maxRetainedMessages: 100_000,
  maxRetainedBytes: 256 * MIB,
  maxRetainedPayloadBytes: 1 * MIB,
  // Many seconds of a busy broker; a storage that is away longer must not cost the process its memory.
  maxUncommittedBytes: 64 * MIB,
  topicCacheEntries: 8192,
  closeGraceMs: 1000,
};
