'use client';

import { PageHeader } from '../../../ui/page-header';

export function SettingsView() {
  return <PageHeader title="Settings" />;
}
