'use client';

import {
  integrationSchema,
  integrationWithPasswordSchema,
  type IntegrationCreate,
} from '@hearth/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { queryKeys } from '../../api/query-keys';
import { call, get, tell } from '../../api/request';

const integrationsSchema = z.object({ items: z.array(integrationSchema) });

export function useIntegrations(enabled: boolean) {
  return useQuery({
    queryKey: queryKeys.integrations,
    queryFn: async ({ signal }) =>
      (await get('/api/integrations', integrationsSchema, { signal })).items,
    enabled,
  });
}

export function useCreateIntegration() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (integration: IntegrationCreate) =>
      call('POST', '/api/integrations', integrationWithPasswordSchema, integration),
    meta: { quiet: true },
    onSuccess: () => queries.invalidateQueries({ queryKey: queryKeys.integrations }),
  });
}

export function useDeleteIntegration() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => tell('DELETE', `/api/integrations/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: queryKeys.integrations }),
  });
}
