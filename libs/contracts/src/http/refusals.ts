import { z } from 'zod';

/** Somebody who was turned away: at the door, or from a topic. `atMs` is epoch milliseconds. */
const refusalSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('connect'),
    atMs: z.number(),
    username: z.string().optional(),
    clientId: z.string().optional(),
    address: z.string(),
    reason: z.string(),
  }),
  z.object({
    type: z.enum(['publish', 'subscribe', 'will']),
    atMs: z.number(),
    username: z.string(),
    clientId: z.string(),
    topic: z.string(),
  }),
]);
export type Refusal = z.infer<typeof refusalSchema>;

/** `GET /api/broker/refusals`: the last ones, newest first. */
export const refusalListSchema = z.object({ items: z.array(refusalSchema) });
