'use client';

import { FlaskConical, LogOut } from 'lucide-react';
import Link from 'next/link';
import { Button, ButtonLook } from '../../../ui/button';
import { Card, CardHeader } from '../../../ui/card';
import { PageHeader } from '../../../ui/page-header';
import { useSignOut } from '../../auth/queries';
import { HomeSettingsCard } from '../../home/components/home-settings-card';
import { RoomsCard } from '../../home/components/rooms-card';
import { useMay, useSignedInAs } from '../../home/home-context';
import { IntegrationsCard } from '../../integrations/components/integrations-card';
import { HistoryStorageCard } from '../../retention/components/history-storage-card';
import { AboutCard } from '../../server/components/about-card';
import { ThemeChoice } from '../../shell/components/theme-choice';

/** Everything that is set once and rarely changed. */
export function SettingsView() {
  const may = useMay();
  return (
    <>
      <PageHeader title="Settings" />
      <div className="grid max-w-[82rem] items-start gap-4 lg:grid-cols-2">
        <div className="grid min-w-0 gap-4">
          <HomeSettingsCard />
          <RoomsCard />
          <HistoryStorageCard />
          <PersonCard />
        </div>
        <div className="grid min-w-0 gap-4">
          {may.own && <IntegrationsCard />}
          <AboutCard />
          <Card className="flex items-center justify-between gap-4 p-5 md:hidden">
            <span>
              <span className="block font-semibold">Simulator</span>
              <span className="text-sm text-ink-2">A make-believe house to look around in.</span>
            </span>
            <ButtonLook size="small">
              <Link href="/simulator">
                <FlaskConical aria-hidden /> Open
              </Link>
            </ButtonLook>
          </Card>
        </div>
      </div>
    </>
  );
}

function PersonCard() {
  const { user, role } = useSignedInAs();
  const signOut = useSignOut();
  return (
    <Card aria-labelledby="person-title">
      <CardHeader id="person-title" title="You" hint={`${user.email}, ${role} of this home`} />
      <div className="flex flex-wrap items-center justify-between gap-4 px-5 pt-2 pb-5">
        <ThemeChoice />
        <Button busy={signOut.isPending} onClick={() => signOut.mutate()}>
          <LogOut aria-hidden /> Sign out
        </Button>
      </div>
    </Card>
  );
}
