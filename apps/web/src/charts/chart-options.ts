// chart.js told how our charts look: thin lines, horizontal grid, times of the home.
import type { ChartDataset, ChartOptions } from 'chart.js';
import { tokenColour } from './canvas-colours';
import { valueBounds, type PlotLine, type Stretch } from './plot';
import { timeTicks, type TickLabels, type TimeTick } from './time-ticks';

const BAND_OPACITY = 0.12;
/** Room that a tick label of the time axis needs, in pixels. */
const TICK_ROOM_PX = 84;
const FONT = { family: "'Inter Variable', system-ui, sans-serif", size: 12 };

export interface Axes {
  readonly range: Stretch;
  readonly timeZone: string;
  readonly labels: TickLabels;
  /** Least span of the value axis, in shown units. */
  readonly leastSpan: number;
}

/** Lines and bands as datasets. Only lines have a label: the crosshair marks those. */
export function toDatasets(
  lines: readonly PlotLine[],
  styles: CSSStyleDeclaration,
): ChartDataset<'line'>[] {
  return lines.flatMap((line): ChartDataset<'line'>[] => {
    const colour = tokenColour(styles, line.colour);
    const shared = { type: 'line', parsing: false, normalized: true, pointRadius: 0 } as const;
    const edge = { ...shared, label: '', borderWidth: 0 };
    const bands: ChartDataset<'line'>[] =
      line.band.low.length === 0
        ? []
        : [
            { ...edge, data: [...line.band.low], fill: false },
            {
              ...edge,
              data: [...line.band.high],
              fill: '-1',
              backgroundColor: tokenColour(styles, line.colour, BAND_OPACITY),
            },
          ];
    return [
      ...bands,
      {
        ...shared,
        label: line.name,
        data: [...line.mean],
        borderColor: colour,
        borderWidth: 1.5,
        borderJoinStyle: 'round',
        borderDash: line.shape === 'step' ? [5, 4] : [],
        stepped: line.shape === 'step' ? 'before' : false,
        fill: false,
      },
    ];
  });
}

export function toOptions(
  lines: readonly PlotLine[],
  axes: Axes,
  styles: CSSStyleDeclaration,
): ChartOptions<'line'> {
  const { range } = axes;
  const bounds = valueBounds(lines, range, axes.leastSpan);
  const write = lines[0]?.write ?? String;
  let ticks: readonly TimeTick[] = [];
  const tickAt = (value: number) => ticks.find((tick) => tick.ms === value);
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    events: [],
    spanGaps: false,
    layout: { padding: { top: 6, right: 2 } },
    scales: {
      x: {
        type: 'linear',
        min: range.from,
        max: range.to,
        border: { display: false },
        grid: { display: false },
        afterBuildTicks: (scale) => {
          const most = Math.max(2, Math.floor(scale.chart.width / TICK_ROOM_PX));
          ticks = timeTicks(range.from, range.to, most, axes.timeZone, axes.labels);
          scale.ticks = ticks.map((tick) => ({ value: tick.ms, label: tick.label }));
        },
        ticks: {
          font: ({ tick }) => ({
            ...FONT,
            weight: tickAt(tick?.value ?? NaN)?.rank === 'midnight' ? 600 : 400,
          }),
          color: ({ tick }) =>
            tokenColour(
              styles,
              tickAt(tick?.value ?? NaN)?.rank === 'ordinary' ? 'ink-2' : 'ink-0',
            ),
          callback: (value) => tickAt(Number(value))?.label ?? '',
          autoSkip: false,
          maxRotation: 0,
        },
      },
      y: {
        type: 'linear',
        min: bounds.min,
        max: bounds.max,
        border: { display: false },
        grid: { color: tokenColour(styles, 'line'), drawTicks: false },
        ticks: {
          font: FONT,
          color: tokenColour(styles, 'ink-2'),
          maxTicksLimit: 6,
          includeBounds: false,
          padding: 8,
          callback: (value) => write(Number(value)),
        },
      },
    },
    plugins: { legend: { display: false }, tooltip: { enabled: false } },
  };
}
