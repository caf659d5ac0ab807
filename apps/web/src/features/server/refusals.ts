'use client';

import { useQuery } from '@tanstack/react-query';
import { refusalListSchema } from '@hearth/contracts';
import { get } from '../../api/request';

/** Asked this often while somebody waits for a device, in milliseconds. */
const POLL_MS = 2_000;

export function useRefusals(enabled: boolean) {
  return useQuery({
    queryKey: ['refusals'],
    queryFn: async ({ signal }) =>
      (await get('/api/broker/refusals', refusalListSchema, { signal })).items,
    refetchInterval: POLL_MS,
    enabled,
  });
}
