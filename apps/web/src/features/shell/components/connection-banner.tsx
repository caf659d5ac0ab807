'use client';

import { DatabaseZap, HardDrive, Unplug, WifiOff } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useLiveState } from '../../../live/live-provider';
import { useHealth } from '../../server/queries';

/** A short pause is nobody's business: the banner waits this long, in milliseconds. */
const PATIENCE_MS = 1_500;

/** Says when what is on the page is not the newest, and why. Comes late and leaves quietly. */
export function ConnectionBanner() {
  const lost = useIsLost();
  const health = useHealth();
  if (lost) {
    return (
      <Banner icon={<WifiOff aria-hidden />}>
        <strong className="font-semibold">Reconnecting.</strong> You see what was known when the
        connection to Hearth was lost.
      </Banner>
    );
  }
  if (health.data?.problem === 'disk-full') {
    return (
      <Banner icon={<HardDrive aria-hidden />}>
        <strong className="font-semibold">The disk is full.</strong> Nothing can be stored until
        there is room on the disk of the database. Live values go on; devices keep what is not
        stored yet, and Hearth takes it by itself when there is room.
      </Banner>
    );
  }
  if (health.data?.problem === 'database-away') {
    return (
      <Banner icon={<DatabaseZap aria-hidden />}>
        <strong className="font-semibold">The database is away.</strong> Live values go on; devices
        keep what is not stored yet and send it again. Charts may be missing the newest part.
      </Banner>
    );
  }
  if (health.data?.problem === 'broker-down') {
    return (
      <Banner icon={<Unplug aria-hidden />}>
        <strong className="font-semibold">The MQTT broker is down.</strong> Devices cannot connect.
        Hearth's log says why.
      </Banner>
    );
  }
  return null;
}

function useIsLost(): boolean {
  const state = useLiveState();
  const [lost, setLost] = useState(false);
  const connected = state === 'open';
  useEffect(() => {
    if (connected) return undefined;
    const timer = setTimeout(() => setLost(true), PATIENCE_MS);
    return () => {
      clearTimeout(timer);
      setLost(false);
    };
  }, [connected]);
  return lost;
}

function Banner({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <output className="fade-in sticky top-0 z-20 flex items-start gap-3 border-b border-line bg-warn-soft px-5 py-2.5 text-sm text-ink-0 [&_svg]:mt-0.5 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-warn">
      {icon}
      <span>{children}</span>
    </output>
  );
}
