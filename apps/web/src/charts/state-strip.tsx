'use client';

import { timeTicks, type TickLabels } from './time-ticks';
import type { Stretch } from './plot';

const MOST_TICKS = 7;

export interface StripStretch extends Stretch {
  readonly key: string;
  /** Name of a colour token. */
  readonly colour: string;
  /** Solid for what is the case, hatched for absence, faint for the unremarkable. */
  readonly fill: 'solid' | 'hatched' | 'faint';
  readonly title: string;
  readonly label?: string;
}

interface StateStripProps {
  readonly label: string;
  readonly range: Stretch;
  readonly stretches: readonly StripStretch[];
  readonly timeZone: string;
  readonly labels: TickLabels;
}

/** States along a line of time: presence, open and closed, modes. Plain boxes; no chart library. */
export function StateStrip(props: StateStripProps) {
  const { label, range, stretches, timeZone, labels } = props;
  const width = range.to - range.from;
  const percent = (ms: number) => `${((ms - range.from) / width) * 100}%`;
  const ticks = timeTicks(range.from, range.to, MOST_TICKS, timeZone, labels);
  return (
    <div>
      <div
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a picture made of boxes
        role="img"
        aria-label={label}
        className="relative h-9 overflow-hidden rounded-md bg-surface-2"
      >
        {stretches.map((stretch) => (
          <span
            key={stretch.key}
            title={stretch.title}
            className="absolute inset-y-0 flex min-w-px items-center overflow-hidden text-xs whitespace-nowrap"
            style={{
              left: percent(stretch.from),
              width: percent(range.from + stretch.to - stretch.from),
              background: backgroundOf(stretch),
            }}
          >
            {stretch.label !== undefined && <span className="px-1.5">{stretch.label}</span>}
          </span>
        ))}
      </div>
      <div aria-hidden className="relative mt-1 h-4 overflow-hidden text-xs text-ink-2">
        {ticks.map((tick) => (
          <span
            key={tick.ms}
            className="absolute -translate-x-1/2 whitespace-nowrap data-midnight:font-semibold data-midnight:text-ink-0"
            data-midnight={tick.rank === 'midnight' ? '' : undefined}
            style={{ left: percent(tick.ms) }}
          >
            {tick.label}
          </span>
        ))}
      </div>
    </div>
  );
}

/** A small sample of a stretch's colour, for a legend. */
export function StripSwatch({ look }: { look: Pick<StripStretch, 'colour' | 'fill'> }) {
  return (
    <span aria-hidden className="size-3 rounded-sm" style={{ background: backgroundOf(look) }} />
  );
}

function backgroundOf({ colour, fill }: Pick<StripStretch, 'colour' | 'fill'>): string {
  const ink = `var(--${colour})`;
  if (fill === 'solid') return ink;
  if (fill === 'faint') return `color-mix(in oklab, ${ink} 22%, transparent)`;
  return `repeating-linear-gradient(-45deg, ${ink} 0 1px, transparent 1px 6px)`;
}
