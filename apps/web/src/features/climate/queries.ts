'use client';

import { commandAcceptedSchema, type ClimateChange, type Command } from '@hearth/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { queryKeys } from '../../api/query-keys';
import { call } from '../../api/request';
import { upsertCommand } from '../commands/model';

/** Sends a change to a thermostat; the answer is the command on its way. */
export function useChangeClimate(deviceId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: ClimateChange) =>
      call('PATCH', `/api/devices/${deviceId}/climate`, commandAcceptedSchema, change),
    onSuccess: ({ command }) =>
      queries.setQueryData<Command[]>(queryKeys.commands(deviceId), (commands) =>
        upsertCommand(commands ?? [], command),
      ),
  });
}
