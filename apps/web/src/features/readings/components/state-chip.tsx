'use client';

import {
  Activity,
  Droplet,
  DoorClosed,
  DoorOpen,
  Droplets,
  PersonStanding,
  ToggleLeft,
  ToggleRight,
  type LucideIcon,
} from 'lucide-react';
import Link from 'next/link';
import { memo } from 'react';
import { cx } from '../../../ui/cx';
import { useFormat } from '../../home/home-context';
import type { Reading } from '../../home/model';
import { useReadingState } from '../use-reading-state';
import { hrefOf } from './room-readings';

interface Look {
  readonly icon: LucideIcon;
  readonly tone: 'quiet' | 'notable' | 'alarm';
}

function lookOf(metric: string, value: number | string | undefined): Look {
  const on = value !== 0;
  if (typeof value !== 'number') return { icon: Activity, tone: 'quiet' };
  if (metric === 'contact')
    return { icon: on ? DoorOpen : DoorClosed, tone: on ? 'notable' : 'quiet' };
  if (metric === 'motion')
    return { icon: on ? PersonStanding : Activity, tone: on ? 'notable' : 'quiet' };
  if (metric === 'leak') return { icon: on ? Droplets : Droplet, tone: on ? 'alarm' : 'quiet' };
  return { icon: on ? ToggleRight : ToggleLeft, tone: on ? 'notable' : 'quiet' };
}

const TONES = {
  quiet: 'border-line text-ink-1',
  notable: 'border-transparent bg-surface-3 text-ink-0',
  alarm: 'border-transparent bg-bad-soft text-bad font-semibold',
} as const;

/** A state in words: `Front door closed`. */
export const StateChip = memo(function StateChip({ device, series, title }: Reading) {
  const format = useFormat();
  const { freshness, note } = useReadingState(device, series);
  const { icon: Icon, tone } = lookOf(series.metric, series.latest?.value);
  const word = format.latest(series).text;
  return (
    <Link
      href={hrefOf({ device, series })}
      title={note}
      className={cx(
        'inline-flex min-h-8 items-center gap-2 rounded-full border px-3 py-1 text-sm transition-colors duration-150 hover:border-line-strong',
        TONES[tone],
        freshness !== 'fresh' && 'opacity-55',
      )}
    >
      <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
      <span>
        {title}
        {word !== title.toLowerCase() && (
          <span className={tone === 'quiet' ? 'text-ink-2' : undefined}> {word}</span>
        )}
      </span>
    </Link>
  );
});
