import { z } from 'zod';

/** What keeps Hearth from working as it should, the worst first. Each comes to an end by itself, a full disk when there is room. */
const HEALTH_PROBLEMS = ['disk-full', 'database-away', 'broker-down'] as const;

/** `GET /api/health`, open to everybody: no names, no counts. */
export const healthSchema = z.object({
  status: z.enum(['ok', 'degraded']),
  database: z.enum(['up', 'down']),
  broker: z.enum(['up', 'down']),
  /** Why it is degraded. */
  problem: z.enum(HEALTH_PROBLEMS).nullable(),
  version: z.string(),
});
export type Health = z.infer<typeof healthSchema>;

/** How many values lay in each bucket: at most `upTo`, and more than the bucket before; the last has no end. */
const histogramSchema = z.object({
  buckets: z.array(z.object({ upTo: z.number().nullable(), count: z.number() })),
  sum: z.number(),
});

/** `GET /api/ingest/stats`: totals since the start of the process. */
export const ingestStatsSchema = z.object({
  messages: z.number(),
  readings: z.number(),
  /** Rows really inserted; the rest were duplicates. */
  stored: z.number(),
  /** Readings that were there already. */
  duplicates: z.number(),
  commits: z.number(),
  /** Attempts to commit that failed, and since when they do (epoch milliseconds); null while they succeed. */
  failedCommits: z.number(),
  failingSinceMs: z.number().nullable(),
  waiting: z.number(),
  droppedQos0: z.number(),
  /** Messages with QoS 1 or 2 that were refused because too many rows waited. */
  overloaded: z.number(),
  /** Refused messages that were kept, and those whose bytes were not because too many waited. */
  deadLetters: z.number(),
  droppedDeadLetters: z.number(),
  /** Messages on topics that no device claims, and those that were not noted because too many waited. */
  discovered: z.number(),
  droppedSightings: z.number(),
  /** Acknowledgement latency of the last minutes, milliseconds. */
  ackP50Ms: z.number().nullable(),
  ackP99Ms: z.number().nullable(),
  /** Rows of a commit. */
  commitRows: histogramSchema,
  /** Duration of a commit, milliseconds. */
  commitMs: histogramSchema,
  /** From a message to its acknowledgement, since the start, milliseconds. */
  ackMs: histogramSchema,
  refused: z.array(z.object({ step: z.string(), code: z.string(), count: z.number() })),
});
export type IngestStats = z.infer<typeof ingestStatsSchema>;

/** `GET /api/broker/stats`. */
export const brokerStatsSchema = z.object({
  connections: z.number(),
  sessions: z.number(),
  subscriptions: z.number(),
  retained: z.number(),
  messagesReceived: z.number(),
  messagesSent: z.number(),
  bytesReceived: z.number(),
  bytesSent: z.number(),
  dropped: z.record(z.string(), z.number()),
  refused: z.record(z.string(), z.number()),
  denied: z.number(),
});
export type BrokerStats = z.infer<typeof brokerStatsSchema>;
