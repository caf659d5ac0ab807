'use client';

import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { ApiProblem, describeError } from './api-problem';
import { goToLogin } from './go-to-login';

/** How often a call that met a passing problem is tried again. */
const MAX_RETRIES = 2;
/** The live feed keeps data fresh; without it, data is fetched again after this age, in milliseconds. */
const FRESH_MS = 30_000;

declare module '@tanstack/react-query' {
  interface Register {
    mutationMeta: {
      /** Failures with a field of a form are shown there; set this and nothing is said twice. */
      quiet?: boolean;
    };
  }
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: leaveWhenSignedOut }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _result, mutation) => {
        leaveWhenSignedOut(error);
        if (mutation.meta?.quiet !== true) toast.error(describeError(error));
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        retry: (failures, error) =>
          failures < MAX_RETRIES && error instanceof ApiProblem && error.isPassing,
        // On a home network the internet may be away while Hearth is there.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  });
}

function leaveWhenSignedOut(error: Error): void {
  if (error instanceof ApiProblem && error.status === 401) goToLogin();
}
