'use client';

import { brokerStatsSchema, healthSchema, ingestStatsSchema } from '@hearth/contracts';
import { useQuery } from '@tanstack/react-query';
import { queryKeys } from '../../api/query-keys';
import { get } from '../../api/request';

/** Broker figures have no live feed: asked this often while somebody looks, in milliseconds. */
const BROKER_POLL_MS = 3_000;
/** Ingest figures come live; asked as well, for a server that has nothing to say. */
const INGEST_POLL_MS = 10_000;

/** Health, kept current by the live feed. */
export function useHealth() {
  return useQuery({
    queryKey: queryKeys.health,
    queryFn: ({ signal }) => get('/api/health', healthSchema, { signal }),
  });
}

export function useIngestStats() {
  return useQuery({
    queryKey: queryKeys.ingestStats,
    queryFn: ({ signal }) => get('/api/ingest/stats', ingestStatsSchema, { signal }),
    refetchInterval: INGEST_POLL_MS,
  });
}

export function useBrokerStats(enabled = true) {
  return useQuery({
    queryKey: queryKeys.brokerStats,
    queryFn: ({ signal }) => get('/api/broker/stats', brokerStatsSchema, { signal }),
    refetchInterval: BROKER_POLL_MS,
    enabled,
  });
}
