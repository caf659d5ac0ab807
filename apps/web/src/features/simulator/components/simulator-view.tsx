'use client';

import { PageHeader } from '../../../ui/page-header';

export function SimulatorView() {
  return <PageHeader title="Simulator" />;
}
