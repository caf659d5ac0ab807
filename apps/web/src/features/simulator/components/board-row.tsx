'use client';

import type { Presence, SimulatorStatus } from '@hearth/contracts';
import { ChevronDown, Plug, Unplug } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { formatDuration } from '../../../format/time';
import { useNow } from '../../../live/use-now';
import { Button } from '../../../ui/button';
import { cx } from '../../../ui/cx';
import { Menu } from '../../../ui/menu';
import { useFormat } from '../../home/home-context';
import { PresenceMark } from '../../presence/components/presence-mark';
import type { Outage } from '../model';

/** Ways to pull a plug; without seconds, until it is put back. */
const CUTS: readonly { readonly label: string; readonly seconds?: number }[] = [
  { label: 'For 10 seconds', seconds: 10 },
  { label: 'For 1 minute', seconds: 60 },
  { label: 'Until I restore it' },
];

interface BoardRowProps {
  readonly board: SimulatorStatus['devices'][number];
  readonly presence: Presence | undefined;
  readonly roomName: string | undefined;
  readonly outage: Outage | undefined;
  /** Undefined while nothing can be done to it. */
  readonly onFault:
    ((fault: 'power-cut' | 'power-restore', seconds?: number) => Promise<void>) | undefined;
}

export function BoardRow({ board, presence, roomName, outage, onFault }: BoardRowProps) {
  const [busy, setBusy] = useState(false);
  const act = (fault: 'power-cut' | 'power-restore', seconds?: number) => {
    if (onFault === undefined) return;
    setBusy(true);
    // The mutation's own toast says what went wrong.
    void onFault(fault, seconds)
      .catch(() => undefined)
      .finally(() => setBusy(false));
  };
  const Icon = outage === undefined ? Plug : Unplug;
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 px-5 py-3 md:grid-cols-[auto_minmax(0,1fr)_minmax(0,1fr)_9.5rem]">
      <span
        className={cx(
          'grid size-9 place-items-center rounded-full',
          outage === undefined ? 'bg-surface-2 text-ink-1' : 'bg-warn-soft text-warn',
        )}
      >
        <Icon aria-hidden className="size-4.5" strokeWidth={1.75} />
      </span>
      <span className="min-w-0">
        <Link
          href={`/devices/${board.id}`}
          className="block font-medium break-words hover:underline"
        >
          {board.name}
        </Link>
        <span className="block truncate text-sm text-ink-2">{roomName ?? 'No room'}</span>
      </span>
      <span className="col-span-2 col-start-2 row-start-2 text-sm md:col-span-1 md:col-start-auto md:row-start-auto">
        <Connection presence={presence} online={board.online} />
        {outage !== undefined && <Countdown outage={outage} />}
      </span>
      <span className="flex justify-end">
        {onFault !== undefined &&
          (outage === undefined ? (
            <Menu
              title="Cut the power"
              items={CUTS.map(({ label, seconds }) => ({
                label,
                onChoose: () => act('power-cut', seconds),
              }))}
              trigger={
                <Button size="small" busy={busy} aria-label={`Cut power of ${board.name}`}>
                  Cut power <ChevronDown aria-hidden />
                </Button>
              }
            />
          ) : (
            <Button
              size="small"
              busy={busy}
              aria-label={`Restore power of ${board.name}`}
              onClick={() => act('power-restore')}
            >
              <Plug aria-hidden /> Restore power
            </Button>
          ))}
      </span>
    </li>
  );
}

function Connection({ presence, online }: { presence: Presence | undefined; online: boolean }) {
  const { time } = useFormat();
  const now = useNow(60_000);
  if (presence === undefined) return <PresenceMark state={online ? 'online' : 'offline'} />;
  return (
    <span className="flex flex-wrap items-center gap-x-1.5">
      <PresenceMark state={presence.state} />
      {presence.state !== 'never-seen' && (
        <span className="text-ink-2">since {time.moment(Date.parse(presence.since), now)}</span>
      )}
    </span>
  );
}

function Countdown({ outage }: { outage: Outage }) {
  const now = useNow(1_000);
  return (
    <span className="block pl-5 text-ink-2">
      {outage.until === null
        ? 'No power until restored'
        : `Power comes back in ${formatDuration(outage.until - now)}`}
    </span>
  );
}
