'use client';

import { deviceClockSchema } from '@hearth/contracts';
import { useQuery } from '@tanstack/react-query';
import { queryKeys } from '../../api/query-keys';
import { get } from '../../api/request';

/** When the times of a device differed from ours. */
export function useDeviceClock(deviceId: string) {
  return useQuery({
    queryKey: queryKeys.clock(deviceId),
    queryFn: ({ signal }) => get(`/api/devices/${deviceId}/clock`, deviceClockSchema, { signal }),
  });
}
