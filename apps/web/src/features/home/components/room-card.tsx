'use client';

import { Unplug } from 'lucide-react';
import Link from 'next/link';
import { useId } from 'react';
import { useNow } from '../../../live/use-now';
import { Card } from '../../../ui/card';
import { cx } from '../../../ui/cx';
import { ClimateStrip } from '../../climate/components/climate-strip';
import { HeroReading, ReadingRow } from '../../readings/components/room-readings';
import { StateChip } from '../../readings/components/state-chip';
import { useFormat } from '../home-context';
import { nameInRoom, type RoomView } from '../model';

const AGE_STEP_MS = 60_000;

/** A room: its most important number large, the others in lines, then what can be steered and what is open. */
export function RoomCard({ view }: { view: RoomView }) {
  const titleId = useId();
  const [hero, ...others] = view.readings;
  return (
    <Card aria-labelledby={titleId} className="flex flex-col">
      <h2 id={titleId} className="px-5 pt-4 text-base font-semibold">
        {view.room?.name ?? 'Around the house'}
      </h2>
      {hero !== undefined && (
        <div className="px-5 pt-2 pb-3">
          <HeroReading {...hero} />
          {others.length > 0 && (
            <div className="mt-2">
              {others.map((reading) => (
                <ReadingRow key={reading.series.id} {...reading} below={hero.device.id} />
              ))}
            </div>
          )}
        </div>
      )}
      {view.thermostats.map((device) => (
        <ClimateStrip key={device.id} device={device} name={nameInRoom(device, view.room)} />
      ))}
      {view.states.length > 0 && (
        <div
          className={cx(
            'flex flex-wrap gap-2 px-5 py-3',
            (hero !== undefined || view.thermostats.length > 0) && 'border-t border-line',
          )}
        >
          {view.states.map((reading) => (
            <StateChip key={reading.series.id} {...reading} />
          ))}
        </div>
      )}
      <Silent view={view} />
    </Card>
  );
}

/** Who of the room is not heard. */
function Silent({ view }: { view: RoomView }) {
  const now = useNow(AGE_STEP_MS);
  const { time } = useFormat();
  const waiting = view.quiet.filter((device) => !view.silent.includes(device));
  if (view.silent.length + waiting.length === 0) return null;
  return (
    <ul className="mt-auto border-t border-line px-5 py-2.5 text-sm text-ink-2">
      {view.silent.map((device) => (
        <li key={device.id} className="flex items-center gap-2 py-0.5">
          <Unplug aria-hidden className="size-4 shrink-0 text-bad" strokeWidth={1.75} />
          <span className="min-w-0">
            <Link href={`/devices/${device.id}`} className="font-medium text-ink-0 hover:underline">
              {device.name}
            </Link>{' '}
            offline since {time.moment(Date.parse(device.presence.since), now)}
          </span>
        </li>
      ))}
      {waiting.map((device) => (
        <li key={device.id} className="py-0.5">
          <Link href={`/devices/${device.id}`} className="text-ink-1 hover:underline">
            {device.name}
          </Link>{' '}
          has not sent a reading yet
        </li>
      ))}
    </ul>
  );
}
