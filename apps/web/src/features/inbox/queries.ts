'use client';

import { deadLetterSchema, discoveredTopicSchema, pageOf } from '@hearth/contracts';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { queryKeys } from '../../api/query-keys';
import { get, tell } from '../../api/request';

const PAGE_SIZE = 100;
/** Counts and times of discovered topics have no live feed: asked again after this, in milliseconds. */
const POLL_MS = 10_000;

const deadLetterPageSchema = pageOf(deadLetterSchema);

/** Messages that were not understood, newest first: of one device, or of all. */
export function useDeadLetters(deviceId?: string) {
  return useInfiniteQuery({
    queryKey: queryKeys.deadLetters(deviceId),
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) => {
      const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
      if (deviceId !== undefined) query.set('deviceId', deviceId);
      if (pageParam !== '') query.set('cursor', pageParam);
      return get(`/api/dead-letters?${query.toString()}`, deadLetterPageSchema, { signal });
    },
    getNextPageParam: (page) => page.nextCursor,
    select: (data) => data.pages.flatMap((page) => page.items),
  });
}

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
