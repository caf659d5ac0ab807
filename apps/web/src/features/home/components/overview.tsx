'use client';

import { CircuitBoard, FlaskConical, House, Plus } from 'lucide-react';
import Link from 'next/link';
import { useMemo } from 'react';
import { Button, ButtonLook } from '../../../ui/button';
import { EmptyState } from '../../../ui/empty-state';
import { PageHeader } from '../../../ui/page-header';
import { Skeleton } from '../../../ui/skeleton';
import { useDevices } from '../../devices/queries';
import { HeadlineReading } from '../../readings/components/room-readings';
import { useSimulator, useStartSimulator } from '../../simulator/queries';
import { useMay, useSignedInAs } from '../home-context';
import { describeHouse, viewHome } from '../model';
import { useRooms } from '../queries';
import { RoomCard } from './room-card';

const GRID = 'grid grid-cols-[repeat(auto-fill,minmax(min(21rem,100%),1fr))] gap-4';

/** The home at a glance. */
export function Overview() {
  const { home } = useSignedInAs();
  const devices = useDevices();
  const rooms = useRooms();
  const view = useMemo(
    () => viewHome(devices.data ?? [], rooms.data ?? []),
    [devices.data, rooms.data],
  );
  if (devices.data === undefined || rooms.data === undefined) {
    return (
      <>
        <PageHeader title={home.name} lead={<Skeleton className="h-5 w-64" />} />
        <div className={GRID}>
          {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
            <Skeleton key={key} className="h-64 rounded-card" />
          ))}
        </div>
      </>
    );
  }
  if (devices.data.length === 0) return <NothingYet homeName={home.name} />;
  return (
    <>
      <PageHeader
        title={home.name}
        lead={<span aria-live="polite">{describeHouse(devices.data)}</span>}
        action={
          view.headline.length > 0 && (
            <div className="-mx-3 flex grow flex-wrap gap-x-1 sm:grow-0 sm:gap-x-3">
              {view.headline.map((reading) => (
                <HeadlineReading key={reading.series.id} {...reading} />
              ))}
            </div>
          )
        }
      />
      <div className={GRID}>
        {view.rooms.map((room) => (
          <RoomCard key={room.room?.id ?? 'none'} view={room} />
        ))}
      </div>
    </>
  );
}

function NothingYet({ homeName }: { homeName: string }) {
  const simulator = useSimulator();
  if (simulator.isPending) return <PageHeader title={homeName} />;
  if (simulator.data?.running !== true) return <FirstSteps homeName={homeName} />;
  return (
    <>
      <PageHeader title={homeName} />
      <EmptyState icon={House} title="Your simulated home is moving in">
        The first readings arrive in a few seconds.
      </EmptyState>
    </>
  );
}

function FirstSteps({ homeName }: { homeName: string }) {
  const simulator = useStartSimulator();
  const may = useMay();
  return (
    <>
      <PageHeader title={homeName} />
      <EmptyState
        icon={CircuitBoard}
        title="Nothing here yet"
        action={
          may.own && (
            <>
              <ButtonLook variant="primary">
                <Link href="/register">
                  <Plus aria-hidden /> Register a board
                </Link>
              </ButtonLook>
              <Button
                busy={simulator.isPending || simulator.isSuccess}
                onClick={() => simulator.mutate()}
              >
                <FlaskConical aria-hidden /> Start a simulated home
              </Button>
            </>
          )
        }
      >
        This page shows your rooms, live, as soon as the first device speaks.
      </EmptyState>
    </>
  );
}
