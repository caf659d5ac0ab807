'use client';

import {
  deviceSchema,
  deviceWithSecretSchema,
  type Device,
  type DeviceChange,
  type DeviceCreate,
} from '@hearth/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { queryKeys } from '../../api/query-keys';
import { call, get, tell } from '../../api/request';

const devicesSchema = z.object({ items: z.array(deviceSchema) });

async function fetchDevices(signal: AbortSignal): Promise<Device[]> {
  return (await get('/api/devices', devicesSchema, { signal })).items;
}

/** All devices with their newest readings; the live feed writes into this list. */
export function useDevices() {
  return useQuery({
    queryKey: queryKeys.devices,
    queryFn: ({ signal }) => fetchDevices(signal),
  });
}

/** One device out of the list; null when the list does not have it. */
export function useDevice(id: string) {
  return useQuery({
    queryKey: queryKeys.devices,
    queryFn: ({ signal }) => fetchDevices(signal),
    select: (devices) => devices.find((device) => device.id === id) ?? null,
  });
}

export function useCreateDevice() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (device: DeviceCreate) =>
      call('POST', '/api/devices', deviceWithSecretSchema, device),
    meta: { quiet: true },
    onSuccess: () => refetchDevices(queries),
  });
}

export function useChangeDevice(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: DeviceChange) => call('PATCH', `/api/devices/${id}`, deviceSchema, change),
    onSuccess: () => refetchDevices(queries),
  });
}

/** Gives the device a new secret; the old one stops working at once. */
export function useRotateSecret(id: string) {
  return useMutation({
    mutationFn: () => call('POST', `/api/devices/${id}/secret`, deviceWithSecretSchema, {}),
  });
}

export function useDeleteDevice(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => tell('DELETE', `/api/devices/${id}`),
    onSuccess: () => refetchDevices(queries),
  });
}

function refetchDevices(queries: ReturnType<typeof useQueryClient>) {
  return Promise.all([
    queries.invalidateQueries({ queryKey: queryKeys.devices }),
    queries.invalidateQueries({ queryKey: queryKeys.rooms }),
  ]);
}
