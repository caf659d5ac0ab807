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

/** `GET /api/ingest/stats`: totals since the start of the process. */
export const ingestStatsSchema = z.object({
  messages: z.number(),
  readings: z.number(),
  /** Rows really inserted; the rest were duplicates. */
  stored: z.number(),
  commits: z.number(),
  waiting: z.number(),
  droppedQos0: z.number(),
  /** Acknowledgement latency of the last minutes, milliseconds. */
  ackP50Ms: z.number().nullable(),
  ackP99Ms: z.number().nullable(),
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
