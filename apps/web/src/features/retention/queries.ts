'use client';

import {
  homeRetentionSchema,
  retentionPreviewSchema,
  type RetentionSettings,
} from '@hearth/contracts';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { queryKeys } from '../../api/query-keys';
import { call, get } from '../../api/request';

/** While history is being removed, how often it asks how far that is. */
const REMOVAL_REFETCH_MS = 2_000;

export function useRetention() {
  return useQuery({
    queryKey: queryKeys.retention(),
    queryFn: ({ signal }) => get('/api/home/retention', homeRetentionSchema, { signal }),
    refetchInterval: ({ state }) => (state.data?.removal ? REMOVAL_REFETCH_MS : false),
  });
}

/** What `draft` would take on disk, and what it would remove. Undefined asks nothing. */
export function useRetentionPreview(draft: RetentionSettings | undefined) {
  return useQuery({
    queryKey: queryKeys.retention(draft ?? {}),
    queryFn: ({ signal }) =>
      get(`/api/home/retention/preview?${toQuery(draft)}`, retentionPreviewSchema, { signal }),
    enabled: draft !== undefined,
    placeholderData: keepPreviousData,
    // A wish that cannot be is told under its field.
    retry: false,
    meta: { quiet: true },
  });
}

export function useChangeRetention() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (settings: RetentionSettings) =>
      call('PATCH', '/api/home/retention', homeRetentionSchema, settings),
    onSuccess: () => queries.invalidateQueries({ queryKey: queryKeys.retention() }),
  });
}

function toQuery(draft: RetentionSettings | undefined): string {
  const query = new URLSearchParams();
  for (const [field, days] of Object.entries(draft ?? {})) {
    query.set(field, days === null ? 'forever' : String(days));
  }
  return query.toString();
}
