'use client';

import { discoveredTopicSchema } from '@hearth/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { queryKeys } from '../../api/query-keys';
import { get, tell } from '../../api/request';

/** Counts and times of discovered topics have no live feed: asked again after this, in milliseconds. */
const POLL_MS = 10_000;

const discoveredSchema = z.object({ items: z.array(discoveredTopicSchema) });

export function useDiscovered() {
  return useQuery({
    queryKey: queryKeys.discovered,
    queryFn: async ({ signal }) =>
      (await get('/api/discovered', discoveredSchema, { signal })).items,
    refetchInterval: POLL_MS,
  });
}

/** Takes a topic off the list; it comes back when something is published to it again. */
export function useForgetTopic() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (topic: string) =>
      tell('DELETE', `/api/discovered?topic=${encodeURIComponent(topic)}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: queryKeys.discovered }),
  });
}
