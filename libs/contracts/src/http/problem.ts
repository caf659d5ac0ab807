import { z } from 'zod';

/** RFC 9457 problem details, as every error of the HTTP API. `errors` names each bad field of a body or query. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().optional(),
  code: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problemSchema>;

/** Media type of a problem. */
export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

/** Query of every list that is read in pages: newest first, `cursor` from the page before. */
export const pageQuerySchema = z.object({
  cursor: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** A page of `item`; `nextCursor` is null on the last one. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });
