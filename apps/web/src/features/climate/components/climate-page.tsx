'use client';

import type { Device } from '@hearth/contracts';
import { Thermometer } from 'lucide-react';
import Link from 'next/link';
import { ButtonLook } from '../../../ui/button';
import { EmptyState } from '../../../ui/empty-state';
import { PageHeader } from '../../../ui/page-header';
import { Skeleton } from '../../../ui/skeleton';
import { useDevices } from '../../devices/queries';
import { useMay } from '../../home/home-context';
import { nameInRoom } from '../../home/model';
import { useRooms } from '../../home/queries';
import { ThermostatCard } from './thermostat-card';

/** All thermostats side by side. */
export function ClimatePage() {
  const devices = useDevices();
  const rooms = useRooms();
  const may = useMay();
  if (devices.data === undefined || rooms.data === undefined) {
    return (
      <>
        <PageHeader title="Climate" />
        <Skeleton className="h-[28rem] max-w-96 rounded-card" />
      </>
    );
  }
  const place = (device: Device) => rooms.data.findIndex((room) => room.id === device.roomId);
  const thermostats = devices.data
    .filter((device) => device.climate !== null)
    .sort((a, b) => place(a) - place(b) || a.name.localeCompare(b.name));
  return (
    <>
      <PageHeader title="Climate" />
      {thermostats.length === 0 ? (
        <EmptyState
          icon={Thermometer}
          title="No thermostats yet"
          action={
            may.own && (
              <ButtonLook variant="primary">
                <Link href="/register">Register a thermostat</Link>
              </ButtonLook>
            )
          }
        >
          Heating and cooling are set here: one dial for every thermostat.
        </EmptyState>
      ) : (
        <div className="grid grid-cols-[repeat(auto-fill,minmax(min(20rem,100%),1fr))] items-start gap-4">
          {thermostats.map((device) => {
            const room = rooms.data.find((one) => one.id === device.roomId) ?? null;
            const name = nameInRoom(device, room);
            return (
              <ThermostatCard
                key={device.id}
                device={device}
                title={room?.name ?? name}
                {...(room !== null && name !== room.name && { subtitle: name })}
              />
            );
          })}
        </div>
      )}
    </>
  );
}
