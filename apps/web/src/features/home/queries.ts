'use client';

import { homeSchema, meSchema, roomSchema, type HomeChange, type Room } from '@hearth/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { queryKeys } from '../../api/query-keys';
import { call, get, tell } from '../../api/request';

export function useMe() {
  return useQuery({
    queryKey: queryKeys.me,
    queryFn: ({ signal }) => get('/api/me', meSchema, { signal }),
  });
}

const roomsSchema = z.object({ items: z.array(roomSchema) });

export function useRooms() {
  return useQuery({
    queryKey: queryKeys.rooms,
    queryFn: async ({ signal }) => (await get('/api/rooms', roomsSchema, { signal })).items,
    select: inOrder,
  });
}

function inOrder(rooms: Room[]): Room[] {
  return [...rooms].sort((a, b) => a.position - b.position || a.name.localeCompare(b.name));
}

export function useChangeHome() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: HomeChange) => call('PATCH', '/api/home', homeSchema, change),
    meta: { quiet: true },
    onSuccess: () => queries.invalidateQueries({ queryKey: queryKeys.me }),
  });
}

export function useCreateRoom() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => call('POST', '/api/rooms', roomSchema, { name }),
    onSuccess: () => queries.invalidateQueries({ queryKey: queryKeys.rooms }),
  });
}

export function useRenameRoom() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, name }: { id: string; name: string }) =>
      call('PATCH', `/api/rooms/${id}`, roomSchema, { name }),
    onSuccess: () => queries.invalidateQueries({ queryKey: queryKeys.rooms }),
  });
}

export function useDeleteRoom() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => tell('DELETE', `/api/rooms/${id}`),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: queryKeys.rooms }),
        queries.invalidateQueries({ queryKey: queryKeys.devices }),
      ]),
  });
}
