'use client';

import { useQueryClient } from '@tanstack/react-query';
import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { queryKeys } from '../../../api/query-keys';
import { ButtonLook } from '../../../ui/button';
import { CodeBlock } from '../../../ui/code-block';
import { Notice } from '../../../ui/notice';
import { Skeleton } from '../../../ui/skeleton';
import { useSetupStatus } from '../queries';
import { SetupForm } from './setup-form';
import { WaysOn } from './ways-on';

/** The first run: the form behind the one-time link, then the three ways on. */
export function Setup() {
  const queries = useQueryClient();
  const status = useSetupStatus();
  const token = useSearchParams().get('token');
  const [homeName, setHomeName] = useState<string>();

  if (homeName !== undefined) return <WaysOn homeName={homeName} />;
  if (status.isPending) return <SetupSkeleton />;
  if (status.isError) return <Notice tone="warn">{status.error.message}</Notice>;
  if (!status.data.needed) return <AlreadySetUp />;
  if (token === null || token === '') return <NeedsLink />;
  return (
    <SetupForm
      token={token}
      onDone={(name) => {
        // The link is spent; it should not stay in the history.
        window.history.replaceState(null, '', '/setup');
        queries.removeQueries({ queryKey: queryKeys.me });
        setHomeName(name);
      }}
    />
  );
}

function SetupSkeleton() {
  return (
    <div className="grid gap-5" aria-busy aria-label="Loading">
      <Skeleton className="h-8 w-56" />
      <Skeleton className="h-5 w-80 max-w-full" />
      {['name', 'email', 'password', 'home'].map((field) => (
        <Skeleton key={field} className="h-16" />
      ))}
    </div>
  );
}

function AlreadySetUp() {
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight">Hearth is set up already</h1>
      <p className="mt-2 text-ink-1">This home has an owner. Sign in to see it.</p>
      <div className="mt-6">
        <ButtonLook variant="primary">
          <Link href="/login">Sign in</Link>
        </ButtonLook>
      </div>
    </>
  );
}

function NeedsLink() {
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight">Almost there</h1>
      <p className="mt-2 mb-5 text-ink-1">
        To be sure that this home becomes yours, Hearth printed a one-time link in the terminal
        where it was started. Open that link to go on. It looks like this:
      </p>
      <CodeBlock
        what="the example"
        code={`${window.location.origin}/setup?token=…`}
        caption="Lost it? Stop Hearth with Ctrl+C and start it again: it prints a new one."
      />
    </>
  );
}
