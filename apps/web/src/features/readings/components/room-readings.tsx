'use client';

import Link from 'next/link';
import { memo } from 'react';
import { cx } from '../../../ui/cx';
import { QuantityText } from '../../../ui/quantity-text';
import { useFormat } from '../../home/home-context';
import type { Reading } from '../../home/model';
import { useReadingState } from '../use-reading-state';
import { Sparkline } from './sparkline';
import { TrendMark } from './trend-mark';

const FADED = 'opacity-45';

export function hrefOf({ device, series }: Pick<Reading, 'device' | 'series'>): string {
  return `/devices/${device.id}?metric=${encodeURIComponent(series.metric)}`;
}

/** The number of a room. */
export const HeroReading = memo(function HeroReading({ device, series, title }: Reading) {
  const format = useFormat();
  const { freshness, note, trend, history } = useReadingState(device, series);
  return (
    <Link
      href={hrefOf({ device, series })}
      className="group -mx-2 block rounded-control px-2 py-1 transition-colors duration-150 hover:bg-surface-2"
    >
      <span className="flex items-end justify-between gap-4">
        <span className="min-w-0 shrink-0">
          <span className="mb-1.5 block text-sm text-ink-2">{title}</span>
          <QuantityText
            {...format.latest(series)}
            size="hero"
            className={freshness === 'fresh' ? undefined : FADED}
          />
          <TrendMark trend={trend} className="ml-1.5 text-xl" />
        </span>
        <Sparkline
          history={history}
          metric={series.metric}
          intervalSeconds={device.intervalSeconds}
          className={cx(
            'mb-1 h-12 w-full max-w-56 min-w-0 flex-1',
            freshness === 'offline' && FADED,
          )}
        />
      </span>
      {note !== undefined && <span className="mt-1 block text-sm text-ink-2">{note}</span>}
    </Link>
  );
});

/** A further number of a room: one line. `below` is the device whose age stands above already. */
export const ReadingRow = memo(function ReadingRow(props: Reading & { below?: string }) {
  const { device, series, title, below } = props;
  const format = useFormat();
  const { freshness, note, trend, history } = useReadingState(device, series);
  return (
    <Link
      href={hrefOf({ device, series })}
      className="-mx-2 grid grid-cols-[minmax(0,1fr)_minmax(3rem,6rem)_auto] items-center gap-3 rounded-control px-2 py-1.5 transition-colors duration-150 hover:bg-surface-2"
    >
      <span className="truncate text-sm text-ink-1">
        {title}
        {note !== undefined && below !== device.id && <span className="text-ink-2"> · {note}</span>}
      </span>
      <Sparkline
        history={history}
        metric={series.metric}
        intervalSeconds={device.intervalSeconds}
        className={cx('h-5 w-full', freshness === 'offline' && FADED)}
      />
      <span className="min-w-24 text-right">
        <QuantityText
          {...format.latest(series)}
          size="normal"
          className={freshness === 'fresh' ? undefined : FADED}
        />
        <span className="ml-1 inline-block w-4">
          <TrendMark trend={trend} className="text-base" />
        </span>
      </span>
    </Link>
  );
});

/** A number of the whole house, in the line under the title. */
export const HeadlineReading = memo(function HeadlineReading({ device, series, title }: Reading) {
  const format = useFormat();
  const { freshness, note, trend } = useReadingState(device, series);
  return (
    <Link
      href={hrefOf({ device, series })}
      className="block rounded-control px-3 py-1.5 transition-colors duration-150 hover:bg-surface-2"
      title={note}
    >
      <span className="block text-sm text-ink-2">{title}</span>
      <QuantityText
        {...format.latest(series)}
        size="large"
        className={freshness === 'fresh' ? undefined : FADED}
      />
      <TrendMark trend={trend} className="ml-1 text-lg" />
    </Link>
  );
});
