'use client';

import { useQueryClient } from '@tanstack/react-query';
import { ServerCrash } from 'lucide-react';
import type { ReactNode } from 'react';
import { ApiProblem } from '../../../api/api-problem';
import { LiveProvider } from '../../../live/live-provider';
import { Button } from '../../../ui/button';
import { EmptyState } from '../../../ui/empty-state';
import { Skeleton } from '../../../ui/skeleton';
import { useDevices } from '../../devices/queries';
import { HomeProvider } from '../../home/home-context';
import { useMe, useRooms } from '../../home/queries';
import { BottomBar } from './bottom-bar';
import { ConnectionBanner } from './connection-banner';
import { Rail } from './rail';

/** Everything around a page: where one can go, how the connection is, who is signed in. */
export function AppShell({ children }: { children: ReactNode }) {
  return (
    <LiveProvider>
      <a
        href="#main"
        className="fixed top-2 left-2 z-50 -translate-y-20 rounded-control bg-accent px-4 py-2 text-on-accent focus:translate-y-0"
      >
        Skip to the content
      </a>
      <div className="flex min-h-dvh">
        <Rail />
        <div className="min-w-0 flex-1 pb-24 md:border-l md:border-line md:pb-0">
          <ConnectionBanner />
          <main
            id="main"
            tabIndex={-1}
            className="mx-auto max-w-[96rem] px-4 py-6 outline-none sm:px-8 sm:py-8"
          >
            <SignedIn>{children}</SignedIn>
          </main>
        </div>
      </div>
      <BottomBar />
    </LiveProvider>
  );
}

/** Waits for who is signed in; the lists that nearly every page needs are fetched meanwhile. */
function SignedIn({ children }: { children: ReactNode }) {
  const me = useMe();
  useDevices();
  useRooms();
  if (me.data !== undefined) return <HomeProvider me={me.data}>{children}</HomeProvider>;
  if (me.isError && !(me.error instanceof ApiProblem && me.error.status === 401)) {
    return <Unreachable error={me.error} />;
  }
  return (
    <div aria-busy aria-label="Loading">
      <Skeleton className="mb-2 h-8 w-52" />
      <Skeleton className="mb-8 h-5 w-72" />
      <div className="grid grid-cols-[repeat(auto-fill,minmax(min(20rem,100%),1fr))] gap-4">
        {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
          <Skeleton key={key} className="h-64 rounded-card" />
        ))}
      </div>
    </div>
  );
}

function Unreachable({ error }: { error: Error }) {
  const queries = useQueryClient();
  return (
    <EmptyState
      icon={ServerCrash}
      title="Hearth does not answer"
      action={
        <Button variant="primary" onClick={() => void queries.invalidateQueries()}>
          Try again
        </Button>
      }
    >
      {error.message} This page goes on by itself as soon as it does.
    </EmptyState>
  );
}
