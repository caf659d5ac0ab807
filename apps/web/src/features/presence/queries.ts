'use client';

import { presenceTimelineSchema } from '@hearth/contracts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { queryKeys } from '../../api/query-keys';
import { get } from '../../api/request';
import { endsOf, RANGES, type FixedRange, type RangeName } from '../readings/queries';

/** When a device was online: up to now, or in a fixed part of the past. */
export function usePresenceTimeline(deviceId: string, range: RangeName | FixedRange) {
  const following = typeof range === 'string';
  const name = following ? range : `${range.from}..${range.to}`;
  return useQuery({
    queryKey: queryKeys.presence(deviceId, name),
    queryFn: ({ signal }) => {
      const { from, to } = endsOf(range);
      const query = `from=${Math.floor(from)}&to=${Math.ceil(to)}`;
      return get(`/api/devices/${deviceId}/presence?${query}`, presenceTimelineSchema, { signal });
    },
    refetchInterval: following ? RANGES[range].refetchMs : false,
    placeholderData: keepPreviousData,
  });
}
