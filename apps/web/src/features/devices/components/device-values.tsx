'use client';

import type { Device, Series } from '@hearth/contracts';
import { Hourglass } from 'lucide-react';
import { memo } from 'react';
import { metricColour, metricLabel } from '../../../format/quantity';
import { formatAge, formatDuration } from '../../../format/time';
import { useNow } from '../../../live/use-now';
import { Card } from '../../../ui/card';
import { cx } from '../../../ui/cx';
import { QuantityText } from '../../../ui/quantity-text';
import { useFormat } from '../../home/home-context';
import { isSilent } from '../../home/model';
import { isStale, reportsChanges } from '../../readings/model';

/** Younger than this, a value's age is not told. In milliseconds. */
const FRESH_MS = 30_000;

interface DeviceValuesProps {
  readonly device: Device;
  readonly series: readonly Series[];
  readonly chosen: number | undefined;
  readonly onChoose: (series: Series) => void;
}

/** What the device says now. Choosing a value shows its past below. */
export function DeviceValues({ device, series, chosen, onChoose }: DeviceValuesProps) {
  if (series.length === 0) {
    return (
      <Card className="flex items-center gap-4 p-5">
        <Hourglass aria-hidden className="size-5 text-ink-2" strokeWidth={1.75} />
        <p className="text-ink-1">
          No readings yet. They appear here, live, as soon as the device sends the first.
        </p>
      </Card>
    );
  }
  return (
    <div
      role="radiogroup"
      aria-label="Newest values; choose one to see its past"
      className="grid grid-cols-[repeat(auto-fill,minmax(min(9.5rem,100%),1fr))] gap-2"
    >
      {series.map((one) => (
        <ValueTile
          key={one.id}
          device={device}
          series={one}
          chosen={one.id === chosen}
          onChoose={onChoose}
        />
      ))}
    </div>
  );
}

interface ValueTileProps {
  readonly device: Device;
  readonly series: Series;
  readonly chosen: boolean;
  readonly onChoose: (series: Series) => void;
}

const ValueTile = memo(function ValueTile({ device, series, chosen, onChoose }: ValueTileProps) {
  const format = useFormat();
  const now = useNow(5_000);
  const age = series.latest === null ? undefined : now - series.latest.ts;
  const stale =
    isSilent(device) ||
    (age !== undefined && !reportsChanges(series) && isStale(age, device.intervalSeconds));
  return (
    <button
      type="button"
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a tile with a value, of which one is chosen
      role="radio"
      aria-checked={chosen}
      onClick={() => onChoose(series)}
      className={cx(
        'min-w-0 rounded-card border bg-surface-1 px-4 py-3 text-left transition-colors duration-150',
        chosen ? 'border-line-strong' : 'border-line hover:border-line-strong',
      )}
    >
      <span className="flex items-center gap-1.5 text-sm text-ink-2">
        <span
          aria-hidden
          className={cx('size-2 shrink-0 rounded-full', !chosen && 'opacity-40')}
          style={{ background: `var(--series-${metricColour(series.metric)})` }}
        />
        <span className="truncate">{metricLabel(series.metric)}</span>
      </span>
      <QuantityText
        {...format.latest(series)}
        size="large"
        className={cx('mt-1 block truncate', stale && 'opacity-45')}
      />
      <span className="block text-xs text-ink-2">{ageWords(series, age)}</span>
    </button>
  );
});

/** How old a value is, once that is worth a word. */
function ageWords(series: Series, age: number | undefined): string {
  if (age === undefined) return 'never reported';
  if (age < FRESH_MS) return '\u00a0';
  if (reportsChanges(series) && age > 60_000)
    return `reported ${formatDuration(age, 'coarse')} ago`;
  return formatAge(age);
}
