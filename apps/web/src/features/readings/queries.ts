'use client';

import { historySchema, type History } from '@hearth/contracts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { queryKeys } from '../../api/query-keys';
import { get } from '../../api/request';
import { serverNow } from '../../live/server-clock';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Ranges whose right edge is now. */
export const RANGES = {
  '1h': { label: '1 h', ms: HOUR_MS, refetchMs: 2 * MINUTE_MS },
  '24h': { label: '24 h', ms: 24 * HOUR_MS, refetchMs: 5 * MINUTE_MS },
  '7d': { label: '7 d', ms: 7 * 24 * HOUR_MS, refetchMs: 15 * MINUTE_MS },
  '30d': { label: '30 d', ms: 30 * 24 * HOUR_MS, refetchMs: 30 * MINUTE_MS },
} as const;
export type RangeName = keyof typeof RANGES;

/** A part of the past that was zoomed into, epoch milliseconds. */
export interface FixedRange {
  readonly from: number;
  readonly to: number;
}

/** Points of a chart: more than its pixels would be waste. */
const CHART_POINTS = 600;
const SPARK_POINTS = 96;
/** How soon a chart that lacks readings is asked for again, in milliseconds: the server adds up seconds or minutes long. */
const INCOMPLETE_REFETCH_MS = 5_000;

async function fetchHistory(
  seriesId: number,
  range: FixedRange,
  points: number,
  signal: AbortSignal,
): Promise<History> {
  const query = new URLSearchParams({
    from: String(Math.floor(range.from)),
    to: String(Math.ceil(range.to)),
    points: String(points),
  });
  return get(`/api/series/${seriesId}/history?${query.toString()}`, historySchema, { signal });
}

/** History of a series for a chart: up to now, or a fixed part. */
export function useHistory(seriesId: number | undefined, range: RangeName | FixedRange) {
  const following = typeof range === 'string';
  const name = following ? range : `${range.from}..${range.to}`;
  return useQuery({
    queryKey: queryKeys.history(seriesId ?? 0, name),
    queryFn: ({ signal }) => fetchHistory(seriesId ?? 0, endsOf(range), CHART_POINTS, signal),
    enabled: seriesId !== undefined,
    staleTime: following ? MINUTE_MS : Infinity,
    refetchInterval: ({ state }) => {
      if (state.data?.isComplete === false) return INCOMPLETE_REFETCH_MS;
      return following ? RANGES[range].refetchMs : false;
    },
    placeholderData: keepPreviousData,
  });
}

/** The last day in a hundred points, for a sparkline and a trend. */
export function useSparkHistory(seriesId: number, enabled: boolean) {
  return useQuery({
    queryKey: queryKeys.history(seriesId, 'spark'),
    queryFn: ({ signal }) => fetchHistory(seriesId, endsOf('24h'), SPARK_POINTS, signal),
    staleTime: RANGES['24h'].refetchMs,
    refetchInterval: RANGES['24h'].refetchMs,
    enabled,
  });
}

/** Both ends of a range in epoch milliseconds. */
export function endsOf(range: RangeName | FixedRange): FixedRange {
  if (typeof range !== 'string') return range;
  const to = serverNow();
  return { from: to - RANGES[range].ms, to };
}
