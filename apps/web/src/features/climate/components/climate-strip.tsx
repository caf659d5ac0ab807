'use client';

import type { Device } from '@hearth/contracts';
import { CircleAlert, Flame, Power, Snowflake, Wind } from 'lucide-react';
import Link from 'next/link';
import { memo } from 'react';
import { Button } from '../../../ui/button';
import { cx } from '../../../ui/cx';
import { describeCommand } from '../../commands/model';
import { useFormat } from '../../home/home-context';
import { isSilent } from '../../home/model';
import { describeAction, doingOf, targetsOf, type Doing, type TargetField } from '../model';
import { useClimate } from '../use-climate';
import { TargetStepper } from './target-stepper';

const LOOKS: Readonly<Record<Doing, string>> = {
  heating: 'bg-heat-soft text-heat',
  cooling: 'bg-cool-soft text-cool',
  neutral: 'bg-surface-2 text-ink-2',
};

function DoingIcon({ doing, off }: { doing: Doing; off: boolean }) {
  const Icon = { heating: Flame, cooling: Snowflake, neutral: off ? Power : Wind }[doing];
  return (
    <span className={cx('grid size-9 shrink-0 place-items-center rounded-full', LOOKS[doing])}>
      <Icon aria-hidden className="size-4.5" strokeWidth={1.75} />
    </span>
  );
}

/** A thermostat in one line of a room card: what it does, and its target. */
export const ClimateStrip = memo(function ClimateStrip(props: { device: Device; name: string }) {
  const { device, name } = props;
  const format = useFormat();
  const climate = useClimate(device);
  const { shown, reported, inFlight } = climate;
  const silent = isSilent(device);
  const targets = shown === null ? undefined : targetsOf(shown);
  const fields: readonly TargetField[] =
    targets?.kind === 'range' ? ['target_low', 'target_high'] : ['target'];
  return (
    <div className="border-t border-line px-5 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Link
          href={`/devices/${device.id}`}
          className="flex min-w-0 flex-1 basis-40 items-center gap-3 rounded-control"
        >
          <DoingIcon
            doing={reported === null || silent ? 'neutral' : doingOf(reported.action)}
            off={reported === null || reported.mode === 'off'}
          />
          <span className="min-w-0">
            <span className="block truncate text-sm font-medium">{name}</span>
            <span className={cx('block text-sm text-ink-2', silent && 'opacity-60')}>
              {reported === null ? 'Has not reported yet' : describeAction(reported, format)}
            </span>
          </span>
        </Link>
        {shown !== null && targets?.kind !== 'none' && (
          <div className="ml-auto flex flex-wrap gap-2">
            {fields.map((field) => (
              <TargetStepper
                key={field}
                field={field}
                climate={climate}
                deviceName={device.name}
                compact
              />
            ))}
          </div>
        )}
      </div>
      <p aria-live="polite" className="text-sm text-ink-2 empty:hidden">
        {inFlight.phase === 'pending' && `${describeCommand(inFlight.command)} …`}
      </p>
      {inFlight.phase === 'failed' && (
        <div role="alert" className="mt-2 flex flex-wrap items-center gap-2 text-sm">
          <CircleAlert aria-hidden className="size-4 shrink-0 text-bad" />
          <span className="min-w-0 flex-1">Not set: {describeCommand(inFlight.command)}</span>
          {climate.mayChange && (
            <Button size="small" onClick={climate.retry}>
              Try again
            </Button>
          )}
        </div>
      )}
    </div>
  );
});
