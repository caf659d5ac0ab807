'use client';

import type { History } from '@hearth/contracts';
import { memo } from 'react';
import { metricColour } from '../../../format/quantity';
import { cx } from '../../../ui/cx';
import { gapOf, sparkFloor, sparkPath } from '../model';

/** Drawing units; the picture stretches to its box, the line keeps its width. */
const WIDTH = 240;
const HEIGHT = 40;
const MARGIN = 3;
const DAY_MS = 86_400_000;

interface SparklineProps {
  readonly history: History | undefined;
  readonly metric: string;
  readonly intervalSeconds: number | null;
  readonly className?: string;
}

/** The last day without axes; gaps are gaps. Says nothing to a screen reader: the value and its trend do. */
export const Sparkline = memo(function Sparkline(props: SparklineProps) {
  const { history, metric, intervalSeconds, className } = props;
  const colour = `var(--series-${metricColour(metric)})`;
  if (history === undefined) return <span aria-hidden className={cx('block', className)} />;
  const { line, area } = sparkPath(history, {
    width: WIDTH,
    height: HEIGHT - 2 * MARGIN,
    from: history.to - DAY_MS,
    to: history.to,
    gapMs: gapOf(history, intervalSeconds),
    floor: sparkFloor(metric),
  });
  return (
    <svg
      aria-hidden
      viewBox={`0 ${-MARGIN} ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className={cx('block overflow-visible', className)}
    >
      <path d={area} fill={colour} opacity={0.1} />
      <path
        d={line}
        fill="none"
        stroke={colour}
        strokeWidth={1.5}
        strokeLinecap="round"
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
});
