'use client';

import { unknownMetricsSchema, type SeriesChange } from '@hearth/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { queryKeys } from '../../api/query-keys';
import { get, tell } from '../../api/request';

/** New metrics and their values are no news of the live feed: asked again after this, in milliseconds. */
const POLL_MS = 30_000;

/** Metrics and units that Hearth does not know. */
export function useUnknownMetrics() {
  return useQuery({
    queryKey: queryKeys.unknownMetrics,
    queryFn: ({ signal }) => get('/api/metrics/unknown', unknownMetricsSchema, { signal }),
    refetchInterval: POLL_MS,
  });
}

/** Says the unit of a series that has none. */
export function useSetUnit(seriesId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: SeriesChange) => tell('PATCH', `/api/series/${seriesId}`, change),
    meta: { quiet: true },
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: queryKeys.unknownMetrics }),
        queries.invalidateQueries({ queryKey: queryKeys.devices }),
      ]),
  });
}
