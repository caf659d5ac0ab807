'use client';

import { simulatorStatusSchema, type FaultRequest } from '@hearth/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { queryKeys } from '../../api/query-keys';
import { get, tell } from '../../api/request';

/** While a start or stop is under way the feed may not say so: ask again after this, in milliseconds. */
const POLL_MS = 5_000;

export function useSimulator() {
  return useQuery({
    queryKey: queryKeys.simulator,
    queryFn: ({ signal }) => get('/api/simulator', simulatorStatusSchema, { signal }),
    refetchInterval: POLL_MS,
  });
}

export function useStartSimulator() {
  return useSwitch('/api/simulator/start');
}

export function useStopSimulator() {
  return useSwitch('/api/simulator/stop');
}

function useSwitch(path: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => tell('POST', path, {}),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: queryKeys.simulator }),
        queries.invalidateQueries({ queryKey: queryKeys.devices }),
        queries.invalidateQueries({ queryKey: queryKeys.rooms }),
      ]),
  });
}

export function useFault() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (fault: FaultRequest) => tell('POST', '/api/simulator/faults', fault),
    onSuccess: () => queries.invalidateQueries({ queryKey: queryKeys.simulator }),
  });
}
