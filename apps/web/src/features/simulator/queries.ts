'use client';

import {
  commandAcceptedSchema,
  SIMULATION_CONTROLLER_ID,
  simulatorStatusSchema,
  type Command,
  type FaultRequest,
} from '@hearth/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { queryKeys } from '../../api/query-keys';
import { call, get, tell } from '../../api/request';
import { upsertCommand } from '../commands/model';

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

/** Cuts or restores a power supply; the answer is the command on its way to the house's controller. */
export function useFault() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (fault: FaultRequest) =>
      call('POST', '/api/simulator/faults', commandAcceptedSchema, fault),
    onSuccess: ({ command }) =>
      queries.setQueryData<Command[]>(queryKeys.commands(SIMULATION_CONTROLLER_ID), (commands) =>
        upsertCommand(commands ?? [], command),
      ),
  });
}
