'use client';

import Link from 'next/link';
import { useDevices } from '../../devices/queries';

/** A device by its name, as a way to its page; an integration by its user name. */
export function Sender({ principalId, linked }: { principalId: string; linked: boolean }) {
  const name = useSenderName(principalId);
  const device = useDevices().data?.find((one) => one.id === principalId);
  if (device === undefined || !linked) return name;
  return (
    <Link href={`/devices/${device.id}`} className="text-accent-ink hover:underline">
      {name}
    </Link>
  );
}

/** Name of a device, else the user name. */
export function useSenderName(principalId: string): string {
  return useDevices().data?.find((one) => one.id === principalId)?.name ?? principalId;
}
