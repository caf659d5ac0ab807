'use client';

import {
  deadLetterGroupsSchema,
  deadLetterReplayResultSchema,
  deadLetterSchema,
  pageOf,
  wholeDeadLetterSchema,
  type DeadLetterFilter,
  type DeadLetterReplayResult,
} from '@hearth/contracts';
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useState } from 'react';
import { z } from 'zod';
import { queryKeys } from '../../api/query-keys';
import { call, get, tell } from '../../api/request';
import { addResults } from './replay-words';

/** Letters that one group shows at a time. */
const PAGE_SIZE = 20;

/** Conditions of a filter, with the ids as plain text. */
export type LetterFilter = Omit<DeadLetterFilter, 'deviceId'> & {
  readonly deviceId?: string | undefined;
};

function toQuery(filter: LetterFilter, more: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(more);
  for (const [name, value] of Object.entries(filter)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.toString();
}

/** Refused messages by sender and reason, and how many there are in all. */
export function useDeadLetterGroups(filter: LetterFilter = {}) {
  return useQuery({
    queryKey: queryKeys.deadLetters('groups', filter),
    queryFn: ({ signal }) =>
      get(`/api/dead-letters/groups?${toQuery(filter)}`, deadLetterGroupsSchema, { signal }),
    placeholderData: keepPreviousData,
  });
}

const deadLetterPageSchema = pageOf(deadLetterSchema);

/** The messages that match, newest first. */
export function useDeadLetters(filter: LetterFilter, enabled = true) {
  return useInfiniteQuery({
    queryKey: queryKeys.deadLetters('list', filter),
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) => {
      const page = { limit: String(PAGE_SIZE), ...(pageParam !== '' && { cursor: pageParam }) };
      return get(`/api/dead-letters?${toQuery(filter, page)}`, deadLetterPageSchema, { signal });
    },
    getNextPageParam: (page) => page.nextCursor,
    select: (data) => data.pages.flatMap((page) => page.items),
    enabled,
  });
}

/** One message with all bytes that are kept of it. */
export function useDeadLetter(id: string) {
  return useQuery({
    queryKey: queryKeys.deadLetters('one', id),
    queryFn: ({ signal }) => get(`/api/dead-letters/${id}`, wholeDeadLetterSchema, { signal }),
  });
}

/** Which messages an action is about: one, or all that match. */
export type LetterTarget =
  { readonly id: string } | { readonly filter: LetterFilter & { readonly upTo: string } };

/** Replays, call by call, until all have had their turn; `left` tells how many have not yet. */
export function useReplay() {
  const queries = useQueryClient();
  const [left, setLeft] = useState<number>();
  const replay = useMutation({
    mutationFn: async (target: LetterTarget) => {
      const request = 'id' in target ? { ids: [target.id] } : { filter: target.filter };
      let sum: DeadLetterReplayResult | undefined;
      do {
        const body = { ...request, ...(sum?.cursor != null && { cursor: sum.cursor }) };
        // One after the other: each call goes on where the last one ended.
        // oxlint-disable-next-line no-await-in-loop
        const more = await call('POST', PATH_OF_REPLAY, deadLetterReplayResultSchema, body);
        sum = addResults(sum, more);
        setLeft(sum.remaining);
      } while (sum.cursor !== null);
      return sum;
    },
    onSettled: () => {
      setLeft(undefined);
      return queries.invalidateQueries({ queryKey: queryKeys.deadLetters() });
    },
  });
  return { ...replay, left };
}
const PATH_OF_REPLAY = '/api/dead-letters/replay';

const removedSchema = z.object({ removed: z.number() });

/** Removes messages for good; answers how many. */
export function useRemoveLetters() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (target: LetterTarget) => {
      if ('id' in target) {
        await tell('DELETE', `/api/dead-letters/${target.id}`);
        return 1;
      }
      const path = `/api/dead-letters?${toQuery(target.filter)}`;
      return (await call('DELETE', path, removedSchema)).removed;
    },
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.deadLetters() }),
  });
}
