'use client';

import { Inbox } from 'lucide-react';
import Link from 'next/link';
import { ButtonLook } from '../../../ui/button';
import { Card, CardHeader } from '../../../ui/card';
import { EmptyState } from '../../../ui/empty-state';
import { Notice } from '../../../ui/notice';
import { PageHeader } from '../../../ui/page-header';
import { Skeleton } from '../../../ui/skeleton';
import { useMay } from '../../home/home-context';
import { useDeadLetterGroups } from '../letter-queries';
import { useDiscovered } from '../queries';
import { useUnknownMetrics } from '../unknown-queries';
import { DeadLettersCard } from './dead-letters-card';
import { DiscoveredTopics } from './discovered-topics';
import { MappingsCard } from './mappings-card';
import { UnknownMetricsCard } from './unknown-metrics-card';

/** What arrived and is nobody's reading yet: topics without a device, messages that were not understood. */
export function InboxView() {
  const discovered = useDiscovered();
  const letters = useDeadLetterGroups();
  const unknown = useUnknownMetrics();
  const may = useMay();
  const isEmpty =
    discovered.data?.length === 0 &&
    letters.data?.letters === 0 &&
    unknown.data?.items.length === 0 &&
    unknown.data.units.length === 0;
  return (
    <>
      <PageHeader title="Inbox" lead="What arrived and is not a reading of a device yet." />
      {isEmpty ? (
        <EmptyState
          icon={Inbox}
          title="All understood"
          action={
            may.own && (
              <ButtonLook>
                <Link href="/settings#integrations">Add an integration</Link>
              </ButtonLook>
            )
          }
        >
          Topics that no device claims, and messages that Hearth could not read, wait here. To let a
          bridge or a script publish, give it a user name of its own.
        </EmptyState>
      ) : (
        <div className="grid items-start gap-4 xl:grid-cols-2">
          <Card aria-labelledby="discovered-title">
            <CardHeader
              id="discovered-title"
              title="Discovered topics"
              hint="Published by an integration; no device claims them."
            />
            <div className="px-5 pt-1 pb-2">
              {discovered.isError && <Notice tone="bad">{discovered.error.message}</Notice>}
              {discovered.isPending && <Skeleton className="my-3 h-40" />}
              {discovered.data !== undefined && <DiscoveredTopics topics={discovered.data} />}
            </div>
          </Card>
          <DeadLettersCard />
        </div>
      )}
      <div className="mt-4 grid gap-4">
        <UnknownMetricsCard />
        <MappingsCard />
      </div>
    </>
  );
}
