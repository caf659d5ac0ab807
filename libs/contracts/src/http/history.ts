import { z } from 'zod';
import { seriesIdListSchema } from '../ids.js';

/** Most buckets that one answer holds. */
export const MAX_HISTORY_POINTS = 2_000;

/** `GET /api/series/:id/history`. `from` and `to` are epoch milliseconds. */
export const historyQuerySchema = z
  .object({
    from: z.coerce.number().int(),
    to: z.coerce.number().int(),
    points: z.coerce.number().int().min(10).max(MAX_HISTORY_POINTS).default(600),
  })
  .refine((query) => query.from < query.to, { message: 'must be before to', path: ['from'] });
export type HistoryQuery = z.input<typeof historyQuerySchema>;

/** One bucket: start (epoch ms), minimum, maximum, mean, number of readings. Empty buckets are left out: gaps are gaps. */
export const bucketSchema = z.tuple([
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.number().int(),
]);
export type Bucket = z.infer<typeof bucketSchema>;

export const historySchema = z.object({
  seriesId: z.number().int(),
  from: z.number(),
  to: z.number(),
  /** Width of a bucket in milliseconds; 0 when the points are single readings. */
  bucketMs: z.number(),
  /** For number and boolean series. */
  buckets: z.array(bucketSchema),
  /** For text series: the changes, oldest first. */
  changes: z.array(z.object({ ts: z.number(), value: z.string() })),
  /** False while many readings that came late or at once are being rolled up: the buckets lack some of them until then. */
  isComplete: z.boolean(),
});
export type History = z.infer<typeof historySchema>;

/** `GET /api/history`: several series of one range, in the order in which they are named. */
export const historiesQuerySchema = historyQuerySchema.safeExtend({ series: seriesIdListSchema });
export const historiesSchema = z.object({
  histories: z.array(historySchema),
  /** Series whose history cannot be read, with what a problem says of it by itself. */
  failed: z.array(z.object({ seriesId: z.number().int(), code: z.string(), detail: z.string() })),
});
export type Histories = z.infer<typeof historiesSchema>;
