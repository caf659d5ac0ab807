'use client';

import { PageHeader } from '../../../ui/page-header';

export function InboxView() {
  return <PageHeader title="Inbox" />;
}
