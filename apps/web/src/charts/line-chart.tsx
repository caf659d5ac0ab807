'use client';

import { Chart, Filler, LinearScale, LineController, LineElement, PointElement } from 'chart.js';
import { useTheme } from 'next-themes';
import { useEffect, useMemo, useRef, useState } from 'react';
import { cx } from '../ui/cx';
import { surroundingsPlugin, type Surroundings } from './chart-plugins';
import { toDatasets, toOptions, type Axes } from './chart-options';
import { instantsOf, type PlotLine, type RibbonStretch, type Stretch } from './plot';
import { useChartGestures } from './use-chart-gestures';

Chart.register(Filler, LinearScale, LineController, LineElement, PointElement);

export interface LineChartProps extends Axes {
  /** What the chart shows, for screen readers. */
  readonly label: string;
  readonly lines: readonly PlotLine[];
  readonly away: readonly Stretch[];
  readonly ribbon: readonly RibbonStretch[];
  readonly crosshair: number | undefined;
  readonly onCrosshair: (ms: number | undefined) => void;
  readonly onZoom: (range: Stretch) => void;
  readonly onZoomOut: () => void;
  readonly className?: string;
}

/** The only component that meets chart.js: props in, canvas out. */
export default function LineChart(props: LineChartProps) {
  const { label, lines, away, ribbon, crosshair, className } = props;
  const { range, timeZone, labels, leastSpan } = props;
  const styles = useTokenStyles();
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<Chart<'line'>>(null);
  const surroundings = useRef<Surroundings>(undefined);
  const instants = useMemo(() => instantsOf(lines), [lines]);

  useEffect(() => {
    const element = canvas.current;
    if (element === null || styles === undefined) return undefined;
    surroundings.current = { away: [], ribbon: [], crosshair: undefined, styles };
    chart.current = new Chart(element, {
      type: 'line',
      data: { datasets: [] },
      plugins: [surroundingsPlugin(surroundings.current)],
    });
    return () => {
      chart.current?.destroy();
      chart.current = null;
    };
  }, [styles]);

  useEffect(() => {
    if (chart.current === null || styles === undefined) return;
    const axes = { range, timeZone, labels, leastSpan };
    chart.current.data.datasets = toDatasets(lines, styles);
    chart.current.options = toOptions(lines, axes, styles);
    Object.assign(surroundings.current ?? {}, { away, ribbon });
    chart.current.update('none');
  }, [lines, away, ribbon, range, timeZone, labels, leastSpan, styles]);

  useEffect(() => {
    Object.assign(surroundings.current ?? {}, { crosshair });
    chart.current?.draw();
  }, [crosshair]);

  const { selection, handlers } = useChartGestures({
    instants,
    crosshair,
    toTime: (pixel) => {
      const scale = chart.current?.scales['x'];
      const ms = scale?.getValueForPixel(pixel);
      return ms === undefined ? undefined : Math.min(range.to, Math.max(range.from, ms));
    },
    onCrosshair: props.onCrosshair,
    onZoom: props.onZoom,
    onZoomOut: props.onZoomOut,
  });

  return (
    <div
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- no element means "picture that keys move through"
      role="application"
      aria-label={label}
      aria-roledescription="chart"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- arrow keys read the values
      tabIndex={0}
      {...handlers}
      className={cx('relative touch-pan-y rounded-control select-none', className)}
    >
      <canvas ref={canvas} aria-hidden />
      {selection !== undefined && (
        <span
          aria-hidden
          className="pointer-events-none absolute inset-y-0 border-x border-accent bg-accent-soft opacity-50"
          style={{
            left: Math.min(selection.from, selection.to),
            width: Math.abs(selection.to - selection.from),
          }}
        />
      )}
    </div>
  );
}

/** The tokens as they are now; a new object when the theme changes, after the page has taken it on. */
function useTokenStyles(): CSSStyleDeclaration | undefined {
  const { resolvedTheme } = useTheme();
  const [styles, setStyles] = useState<CSSStyleDeclaration>();
  useEffect(() => {
    if (resolvedTheme === undefined) return undefined;
    const frame = requestAnimationFrame(() =>
      setStyles(getComputedStyle(document.documentElement)),
    );
    return () => cancelAnimationFrame(frame);
  }, [resolvedTheme]);
  return styles;
}
