'use client';

import {
  commandAcceptedSchema,
  commandSchema,
  type Command,
  type CommandCreate,
} from '@hearth/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { queryKeys } from '../../api/query-keys';
import { call, get } from '../../api/request';
import { upsertCommand } from './model';

const commandsSchema = z.object({ items: z.array(commandSchema) });

/** Newest commands of a device; the live feed adds to them. */
export function useCommands(deviceId: string) {
  return useQuery({
    queryKey: queryKeys.commands(deviceId),
    queryFn: async ({ signal }) =>
      (await get(`/api/devices/${deviceId}/commands`, commandsSchema, { signal })).items,
  });
}

export function useSendCommand(deviceId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (command: CommandCreate) =>
      call('POST', `/api/devices/${deviceId}/commands`, commandAcceptedSchema, command),
    meta: { quiet: true },
    onSuccess: ({ command }) =>
      queries.setQueryData<Command[]>(queryKeys.commands(deviceId), (commands) =>
        upsertCommand(commands ?? [], command),
      ),
  });
}
