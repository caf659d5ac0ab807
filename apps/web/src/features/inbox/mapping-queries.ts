'use client';

import {
  adoptionResultSchema,
  mappingSchema,
  mappingTrialsSchema,
  type Adoption,
  type MappingInput,
} from '@hearth/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { queryKeys } from '../../api/query-keys';
import { call, get, tell } from '../../api/request';

const mappingsSchema = z.object({ items: z.array(mappingSchema) });

export function useMappings() {
  return useQuery({
    queryKey: queryKeys.mappings,
    queryFn: async ({ signal }) => (await get('/api/mappings', mappingsSchema, { signal })).items,
  });
}

/** What the mapping would make of the last messages; not asked while there is none. */
export function useTrial(mapping: MappingInput | undefined) {
  return useQuery({
    queryKey: [...queryKeys.mappings, 'trial', mapping],
    enabled: mapping !== undefined,
    queryFn: async () =>
      (await call('POST', '/api/mappings/test', mappingTrialsSchema, { mapping })).items,
    placeholderData: (before) => before,
    retry: false,
    meta: { quiet: true },
  });
}

/** Makes a mapping, or changes the one with this id. */
export function useSaveMapping(id: string | undefined) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (mapping: MappingInput) =>
      id === undefined
        ? call('POST', '/api/mappings', mappingSchema, mapping)
        : call('PATCH', `/api/mappings/${id}`, mappingSchema, mapping),
    meta: { quiet: true },
    onSuccess: () => queries.invalidateQueries({ queryKey: queryKeys.mappings }),
  });
}

export function useRemoveMapping() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => tell('DELETE', `/api/mappings/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: queryKeys.mappings }),
  });
}

export function useAdopt() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (adoption: Adoption) =>
      call('POST', '/api/discovered/adopt', adoptionResultSchema, adoption),
    meta: { quiet: true },
    onSuccess: () =>
      Promise.all(
        [queryKeys.discovered, queryKeys.mappings, queryKeys.devices].map((queryKey) =>
          queries.invalidateQueries({ queryKey }),
        ),
      ),
  });
}
