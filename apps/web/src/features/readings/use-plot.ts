'use client';

import type { Device, History, Series } from '@hearth/contracts';
import { useMemo } from 'react';
import {
  holdUntil,
  stretchesOn,
  toLine,
  type PlotLine,
  type RibbonStretch,
  type Stretch,
} from '../../charts/plot';
import type { Format } from '../../format/format';
import { metricColour, metricLabel } from '../../format/quantity';
import { useFormat } from '../home/home-context';
import { isAway, spansOf } from '../presence/model';
import { usePresenceTimeline } from '../presence/queries';
import { gapOf } from './model';
import { useHistory, type FixedRange, type RangeName } from './queries';

/** Metrics that a target belongs beside. */
const STEERED = new Set(['temperature', 'thermostat_temperature']);

interface Plot {
  readonly lines: readonly PlotLine[];
  readonly ribbon: readonly RibbonStretch[];
  readonly away: readonly Stretch[];
  readonly history: History | undefined;
  readonly error: Error | null;
  readonly isLoading: boolean;
}

/** Everything that a chart of one series shows: the line, the target beside it, what the climate did, absences. */
export function usePlot(
  device: Device,
  series: Series,
  range: RangeName | FixedRange,
  window: Stretch,
): Plot {
  const format = useFormat();
  const steered = STEERED.has(series.metric);
  const find = (metric: string) =>
    steered ? device.series.find((one) => one.metric === metric) : undefined;
  const target = find('target_temperature');
  const main = useHistory(series.id, range);
  const targetHistory = useHistory(target?.id, range).data;
  const heating = useHistory(find('heating')?.id, range).data;
  const cooling = useHistory(find('cooling')?.id, range).data;
  const timeline = usePresenceTimeline(device.id, range).data;
  const { intervalSeconds } = device;

  const lines = useMemo(() => {
    if (main.data === undefined) return [];
    const drawn = [lineOf(series, main.data, intervalSeconds, format)];
    if (target !== undefined && targetHistory !== undefined) {
      drawn.push(targetLine(target, targetHistory, window.to, format));
    }
    return drawn;
  }, [main.data, series, intervalSeconds, target, targetHistory, window.to, format]);

  const ribbon = useMemo(() => {
    const stretches = (history: History | undefined, kind: 'heat' | 'cool') =>
      history === undefined
        ? []
        : stretchesOn(history.buckets, gapOf(history, intervalSeconds), window.to).map(
            (stretch): RibbonStretch => ({ ...stretch, kind }),
          );
    return [...stretches(heating, 'heat'), ...stretches(cooling, 'cool')];
  }, [heating, cooling, intervalSeconds, window.to]);

  const away = useMemo(
    () =>
      timeline === undefined
        ? []
        : spansOf(timeline, window.from, window.to).filter((span) => isAway(span.state)),
    [timeline, window.from, window.to],
  );
  return { lines, ribbon, away, history: main.data, error: main.error, isLoading: main.isPending };
}

/** Writes a shown value of a series; the unit only where it is not the axis' own. */
function writerOf(series: Series, format: Format): (shown: number) => string {
  const axisUnit = format.unit(series.unit);
  return (shown) => {
    const { text, unit } = format.reading(
      { ...series, kind: 'number' },
      format.fromShown(series.unit, shown),
    );
    return unit === axisUnit ? text : `${text}\u2009${unit}`;
  };
}

function lineOf(
  series: Series,
  history: History,
  intervalSeconds: number | null,
  format: Format,
): PlotLine {
  const toShown = (value: number) => format.toShown(series.unit, value);
  return {
    name: metricLabel(series.metric),
    unit: format.unit(series.unit),
    colour: `series-${metricColour(series.metric)}`,
    shape: 'line',
    ...toLine(history.buckets, gapOf(history, intervalSeconds), toShown),
    write: writerOf(series, format),
  };
}

function targetLine(series: Series, history: History, until: number, format: Format): PlotLine {
  const toShown = (value: number) => format.toShown(series.unit, value);
  const { mean } = toLine(history.buckets, Infinity, toShown);
  return {
    name: metricLabel(series.metric),
    unit: format.unit(series.unit),
    colour: `series-${metricColour(series.metric)}`,
    shape: 'step',
    mean: holdUntil(mean, until),
    band: { low: [], high: [] },
    write: writerOf(series, format),
  };
}
