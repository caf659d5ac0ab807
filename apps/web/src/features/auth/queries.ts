'use client';

import { setupResponseSchema, setupStatusSchema, type SetupRequest } from '@hearth/contracts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { queryKeys } from '../../api/query-keys';
import { call, get, tell } from '../../api/request';

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

export function useSetupStatus() {
  return useQuery({
    queryKey: queryKeys.setup,
    queryFn: ({ signal }) => get('/api/setup', setupStatusSchema, { signal }),
    staleTime: 0,
  });
}

/** Makes the owner and the home; the answer signs the owner in. */
export function useSetUp() {
  return useMutation({
    mutationFn: (request: SetupRequest) => call('POST', '/api/setup', setupResponseSchema, request),
    meta: { quiet: true },
  });
}

export function useSignIn() {
  return useMutation({
    mutationFn: (credentials: Credentials) => tell('POST', '/api/auth/sign-in/email', credentials),
    meta: { quiet: true },
  });
}

export function useSignOut() {
  return useMutation({
    mutationFn: () => tell('POST', '/api/auth/sign-out', {}),
    // A full load: nothing of the person who left may stay in memory.
    onSuccess: () => window.location.assign('/login'),
  });
}
