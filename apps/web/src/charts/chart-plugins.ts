// What is drawn around the lines: hatched absence below, the ribbon and the crosshair above.
import type { Chart, Plugin } from 'chart.js';
import { tokenColour } from './canvas-colours';
import type { RibbonStretch, Stretch } from './plot';

/** What the plugins draw besides the lines; the component keeps it current. */
export interface Surroundings {
  away: readonly Stretch[];
  ribbon: readonly RibbonStretch[];
  /** The instant under the crosshair. */
  crosshair: number | undefined;
  styles: CSSStyleDeclaration;
}

const HATCH_STEP = 7;
const RIBBON_HEIGHT = 4;
const DOT_RADIUS = 3.5;

/** Diagonal lines over the times in which the device was away. */
function drawAway(chart: Chart, { away, styles }: Surroundings): void {
  const { ctx, chartArea } = chart;
  ctx.save();
  ctx.strokeStyle = tokenColour(styles, 'ink-2', 0.35);
  ctx.lineWidth = 1;
  for (const stretch of away) {
    const box = boxOf(chart, stretch);
    if (box === undefined) continue;
    ctx.save();
    ctx.beginPath();
    ctx.rect(box.left, chartArea.top, box.width, chartArea.height);
    ctx.clip();
    ctx.beginPath();
    const first = Math.floor((box.left - chartArea.height) / HATCH_STEP) * HATCH_STEP;
    for (let x = first; x < box.left + box.width; x += HATCH_STEP) {
      ctx.moveTo(x, chartArea.bottom);
      ctx.lineTo(x + chartArea.height, chartArea.top);
    }
    ctx.stroke();
    ctx.restore();
  }
  ctx.restore();
}

/** Heating and cooling as a ribbon along the bottom of the plot. */
function drawRibbon(chart: Chart, { ribbon, styles }: Surroundings): void {
  const { ctx, chartArea } = chart;
  ctx.save();
  for (const stretch of ribbon) {
    const box = boxOf(chart, stretch);
    if (box === undefined) continue;
    ctx.fillStyle = tokenColour(styles, stretch.kind);
    ctx.fillRect(box.left, chartArea.bottom - RIBBON_HEIGHT, Math.max(1, box.width), RIBBON_HEIGHT);
  }
  ctx.restore();
}

function drawCrosshair(chart: Chart, { crosshair, styles }: Surroundings): void {
  if (crosshair === undefined) return;
  const { ctx, chartArea, scales } = chart;
  const x = scales['x']?.getPixelForValue(crosshair);
  if (x === undefined || x < chartArea.left - 1 || x > chartArea.right + 1) return;
  ctx.save();
  ctx.strokeStyle = tokenColour(styles, 'line-strong');
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(Math.round(x) + 0.5, chartArea.top);
  ctx.lineTo(Math.round(x) + 0.5, chartArea.bottom);
  ctx.stroke();
  chart.data.datasets.forEach((dataset, index) => {
    if (dataset.type !== 'line' || dataset.label === undefined || dataset.label === '') return;
    const points = dataset.data as { x: number; y: number }[];
    const point = points.find((one) => one.x === crosshair);
    const y = point === undefined ? NaN : chart.scales['y']?.getPixelForValue(point.y);
    if (y === undefined || Number.isNaN(y) || !chart.isDatasetVisible(index)) return;
    ctx.beginPath();
    ctx.arc(x, y, DOT_RADIUS, 0, 2 * Math.PI);
    ctx.fillStyle = typeof dataset.borderColor === 'string' ? dataset.borderColor : '';
    ctx.fill();
    ctx.strokeStyle = tokenColour(styles, 'surface-1');
    ctx.lineWidth = 1.5;
    ctx.stroke();
  });
  ctx.restore();
}

function boxOf(chart: Chart, { from, to }: Stretch): { left: number; width: number } | undefined {
  const scale = chart.scales['x'];
  if (scale === undefined) return undefined;
  const { left, right } = chart.chartArea;
  const start = Math.max(left, scale.getPixelForValue(from));
  const end = Math.min(right, scale.getPixelForValue(to));
  return end > start ? { left: start, width: end - start } : undefined;
}

/** The plugin that draws whatever `surroundings` says at that moment. */
export function surroundingsPlugin(surroundings: Surroundings): Plugin<'line'> {
  return {
    id: 'surroundings',
    beforeDatasetsDraw: (chart) => drawAway(chart, surroundings),
    afterDatasetsDraw: (chart) => {
      drawRibbon(chart, surroundings);
      drawCrosshair(chart, surroundings);
    },
  };
}
