'use client';

import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { get } from '../../api/request';

/** `GET /api/broker/refusals`: who was turned away lately, newest first. */
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

const refusalsSchema = z.object({ items: z.array(refusalSchema) });

/** Asked this often while somebody waits for a device, in milliseconds. */
const POLL_MS = 2_000;

export function useRefusals(enabled: boolean) {
  return useQuery({
    queryKey: ['refusals'],
    queryFn: async ({ signal }) =>
      (await get('/api/broker/refusals', refusalsSchema, { signal })).items,
    refetchInterval: POLL_MS,
    enabled,
  });
}
