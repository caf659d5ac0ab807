import { z } from 'zod';

const isoTime = z.iso.datetime();

/** A message that could not be understood, kept with the reason. */
export const deadLetterSchema = z.object({
  id: z.string(),
  receivedAt: isoTime,
  topic: z.string(),
  deviceId: z.string().nullable(),
  /** Who sent it: device id or integration. */
  principalId: z.string().nullable(),
  /** The step of the pipeline that refused it, and its code. */
  step: z.string(),
  code: z.string(),
  detail: z.string(),
  /** First bytes of the payload as text; bytes that are no UTF-8 are replaced. */
  payloadText: z.string(),
  payloadBytes: z.number().int(),
});
export type DeadLetter = z.infer<typeof deadLetterSchema>;

/** A topic that no device claims: what an integration publishes, waiting to be adopted. */
export const discoveredTopicSchema = z.object({
  topic: z.string(),
  principalId: z.string(),
  firstSeenAt: isoTime,
  lastSeenAt: isoTime,
  messages: z.number().int(),
  sampleText: z.string(),
  /** What the payload looks like. */
  guess: z.object({
    kind: z.enum(['number', 'boolean', 'text', 'object', 'binary']),
    value: z.union([z.number(), z.string()]).nullable(),
    unit: z.string().nullable(),
  }),
});
export type DiscoveredTopic = z.infer<typeof discoveredTopicSchema>;
