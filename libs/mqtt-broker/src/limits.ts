// Every limit of the broker: what it bounds, default, unit and reason. A limit without an entry here does not exist.
// The README's table is written from this file: `npm run docs -w @hearth/mqtt-broker`.

const KIB = 1024;
const MIB = 1024 * KIB;

interface Limit {
  readonly default: number;
  readonly unit: string;
  /** Why the default is what it is. */
  readonly reason: string;
}

export const limitTable = {
  /** Bytes of the largest packet read after CONNECT, announced to v5 clients. Over it: 0x95, unbuffered. */
  maxPacketBytes: {
    default: 1 * MIB,
    unit: 'bytes',
    reason: "A camera picture or a firmware chunk fits; a stranger's 256 MiB does not.",
  },
  /** Bytes of a WebSocket message, which may carry many packets. It is held whole before it is read. */
  maxWebSocketMessageBytes: {
    default: 4 * MIB,
    unit: 'bytes',
    reason: 'A few packets of the largest size, as clients that gather their writes send them.',
  },
  /** Bytes of a PUBLISH's payload. A larger one is acknowledged with 0x97 (3.x: as usual), and dropped. */
  maxPayloadBytes: {
    default: 256 * MIB,
    unit: 'bytes',
    reason: 'More than a packet can carry: `maxPacketBytes` is what bounds it.',
  },
  /** Bytes of a CONNECT: what a stranger may make the broker hold before it is known. */
  maxConnectPacketBytes: {
    default: 16 * KIB,
    unit: 'bytes',
    reason: 'A long token as password and a generous will fit.',
  },
  /** Milliseconds from a connection's start to the end of its TLS handshake and its upgrade to a WebSocket. */
  handshakeTimeoutMs: {
    default: 10_000,
    unit: 'ms',
    reason: 'A few round trips of a sleepy radio link and a signature on a slow chip.',
  },
  /** Milliseconds from there, or from the start without them, to its accepted CONNECT, authentication included. */
  connectTimeoutMs: {
    default: 10_000,
    unit: 'ms',
    reason: 'A sleepy radio link needs seconds; a slot for minutes would be a gift to idlers.',
  },
  /** Open network connections, known or not, in their handshake or behind it. More are closed at once. */
  maxConnections: {
    default: 100_000,
    unit: 'connections',
    reason:
      'What one process serves within 1 GB; the file descriptors of the process bound it sooner.',
  },
  /** Open network connections of one address (of IPv6: of its first 64 bits) at a time. More are closed at once. 0: no bound. */
  maxConnectionsPerAddress: {
    default: 0,
    unit: 'connections',
    reason:
      'A home behind one router, a proxy or a load test is one address; `maxConnections` bounds all together.',
  },
  /** Wrong credentials of one address in a minute. Then its connections are closed at once until some are forgotten. 0: no bound. */
  maxFailedLoginsPerAddress: {
    default: 0,
    unit: 'logins/min',
    reason: 'One board with an old secret would lock out all others behind the same router.',
  },
  /** Clients with an accepted CONNECT at once. One more is refused with 0x97. */
  maxConnectedClients: {
    default: 100_000,
    unit: 'clients',
    reason: 'As many as `maxConnections`: no opinion of its own.',
  },
  /** Sessions, connected or not. A CONNECT that needs one more is refused with 0x97. */
  maxSessions: {
    default: 200_000,
    unit: 'sessions',
    reason: 'Twice the connections: half of the clients may be away.',
  },
  /** UTF-8 bytes of a client identifier. */
  maxClientIdBytes: {
    default: 256, // [MQTT-3.1.3-5]
    unit: 'bytes',
    reason: '3.1 asked for 23 characters; generated names are often 36 to 64.',
  },
  /** Seconds. A v5 client that asks for more (or for none) is told this as Server Keep Alive. */
  maxKeepAliveSeconds: {
    default: 65_535,
    unit: 's',
    reason: "The protocol's own maximum, about 18 hours: no opinion by default.",
  },
  /** Seconds that a session may outlive its connection; longer wishes are cut to it. */
  maxSessionExpirySeconds: {
    default: 30 * 24 * 3600,
    unit: 's',
    reason: 'A month away, then a session is abandoned.',
  },
  /** UTF-8 bytes of a topic name or filter. */
  maxTopicBytes: {
    default: 1024,
    unit: 'bytes',
    reason: 'Sixteen levels of long names; a topic name is kept once per remembered topic.',
  },
  /** Levels of a topic name or filter. */
  maxTopicLevels: {
    default: 32,
    unit: 'levels',
    reason: 'Real trees have under ten levels; the trie is walked recursively.',
  },
  /** Subscriptions of one session. More are answered 0x97. */
  maxSubscriptionsPerClient: {
    default: 1000,
    unit: 'subscriptions',
    reason: 'A gateway subscribes to hundreds; wildcards serve whoever wants more.',
  },
  /** Our Receive Maximum: QoS 1 and 2 messages of one v5 client not yet fully acknowledged. Over it: 0x93. */
  receiveMaximum: {
    default: 1000,
    unit: 'messages',
    reason: "Large enough to hide a database commit's latency at full speed.",
  },
  /** Messages of one connection waiting for `accept`; reading pauses there. Bounds 3.x, which has no Receive Maximum. */
  maxPendingAccepts: {
    default: 1000,
    unit: 'messages',
    reason: 'As many as `receiveMaximum`, so that 3.x clients are served alike.',
  },
  /** Payload bytes of one connection waiting for `accept`; reading pauses there. */
  maxPendingAcceptBytes: {
    default: 4 * MIB,
    unit: 'bytes',
    reason: 'A thousand messages of 4 KiB.',
  },
  /**
   * Milliseconds that a message may wait for its PUBACK or PUBREC. Then its connection is ended (v5: 0x89): clients send
   * again on a new connection only. What was accepted by then is still stored. 0: no bound.
   */
  maxAckWaitMs: {
    default: 10 * 60_000,
    unit: 'ms',
    reason:
      'Longer than a restart or a recovery of a database, which clients then never notice; each new connection sends a whole window again.',
  },
  /** QoS 2 messages of one session between PUBREC and PUBREL. A half-open exchange costs memory. Over it: 0x93. */
  maxIncomingQos2: {
    default: 65_535,
    unit: 'messages',
    reason:
      'All packet identifiers: 3.x knows no Receive Maximum, and its clients may send as many before the first PUBREL.',
  },
  /** QoS 1 and 2 deliveries under way to one client, whatever larger Receive Maximum it offers. */
  maxInflightMessages: {
    default: 1000,
    unit: 'messages',
    reason: 'As many as `receiveMaximum`: hides the round trip to the client at full speed.',
  },
  /** Payload bytes of QoS 1 and 2 deliveries under way to one client. One message always may be. */
  maxInflightBytes: {
    default: 64 * MIB,
    unit: 'bytes',
    reason: 'A thousand messages of 64 KiB.',
  },
  /** Messages waiting in one session's queue (offline, or send window full). More are dropped and counted. */
  maxQueuedMessages: {
    default: 10_000,
    unit: 'messages',
    reason: 'A night of a message every three seconds.',
  },
  /** Payload and topic bytes waiting in one session's queue. */
  maxQueuedBytes: {
    default: 8 * MIB,
    unit: 'bytes',
    reason: 'Ten thousand messages of 800 bytes.',
  },
  /** Milliseconds that publishers wait for a connected receiver whose queue is half full; 0 never waits. */
  receiverPatienceMs: {
    default: 250,
    unit: 'ms',
    reason: 'A burst is shorter, a slow link longer.',
  },
  /** Unsent bytes of one connection above which QoS 0 messages are dropped and QoS 1 and 2 stay queued. */
  slowConsumerBytes: {
    default: 8 * MIB,
    unit: 'bytes',
    reason: 'Several loopback socket buffers: a burst passes, a stall does not.',
  },
  /** Unsent bytes of one connection above which it is cut. */
  maxUnsentBytes: {
    default: 32 * MIB,
    unit: 'bytes',
    reason: 'Four times what is dropped at: only acknowledgements and retained messages get here.',
  },
  /** Topic aliases that a client may use towards us, announced in CONNACK. */
  topicAliasMaximum: {
    default: 32,
    unit: 'aliases',
    reason: 'A device has a few topics; each alias costs a name.',
  },
  /** Topic aliases that we use towards a client, whatever larger maximum it offers. */
  maxOutgoingTopicAliases: {
    default: 32,
    unit: 'aliases',
    reason: 'As many as we take; the first topics sent get them.',
  },
  /** Retained messages. A retained message for one more topic is routed but not kept: 0x97. */
  maxRetainedMessages: {
    default: 100_000,
    unit: 'messages',
    reason: 'A house has hundreds, a town a hundred thousand.',
  },
  /** Payload and topic bytes of all retained messages together; beyond them 0x97. */
  maxRetainedBytes: {
    default: 256 * MIB,
    unit: 'bytes',
    reason: 'All retained messages may be 2.5 KiB.',
  },
  /** Bytes of a retained payload; a larger one is routed but not kept: 0x97. */
  maxRetainedPayloadBytes: {
    default: 1 * MIB,
    unit: 'bytes',
    reason: 'Whatever fits into the largest packet.',
  },
  /** Bytes of changes that wait for the storage. Beyond them QoS 1 and 2 messages are refused with 0x97. */
  maxUncommittedBytes: {
    default: 64 * MIB,
    unit: 'bytes',
    reason:
      'Many seconds of a busy broker; a storage that is away longer must not cost the process its memory.',
  },
  /** Topics whose matches are remembered. A memory bound; speed suffers when many more are in use. */
  topicCacheEntries: {
    default: 8192,
    unit: 'topics',
    reason: 'A few hundred bytes each.',
  },
  /** Traces that run at once. */
  maxTraces: {
    default: 8,
    unit: 'traces',
    reason: 'A few people look for a few faults; each trace copies what its clients send.',
  },
  /** Packets of one trace, which ends with the last of them. */
  maxTracePackets: {
    default: 10_000,
    unit: 'packets',
    reason: 'Minutes of a busy client; more than anybody reads.',
  },
  /** Bytes of packets that one trace keeps, and of a packet that is cut to be traced. */
  maxTraceBytes: {
    default: 16 * MIB,
    unit: 'bytes',
    reason: 'Several packets of the largest size.',
  },
  /** Milliseconds that a closing connection gets to take its last bytes. */
  closeGraceMs: {
    default: 1000,
    unit: 'ms',
    reason: 'A round trip and a retransmission.',
  },
} satisfies Record<string, Limit>;

/** Bounds, each with its default in `defaultLimits`. */
export type Limits = { -readonly [Name in keyof typeof limitTable]: number };

export const defaultLimits: Readonly<Limits> = Object.fromEntries(
  Object.entries(limitTable).map(([name, limit]) => [name, limit.default]),
) as Limits;
