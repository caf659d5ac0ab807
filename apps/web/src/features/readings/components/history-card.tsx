'use client';

import type { Device, Series } from '@hearth/contracts';
import { ChartLine, Table2, ZoomOut } from 'lucide-react';
import { useMemo, useState } from 'react';
import { LazyLineChart } from '../../../charts/lazy-line-chart';
import type { Stretch } from '../../../charts/plot';
import { metricLabel } from '../../../format/quantity';
import { useLiveState } from '../../../live/live-provider';
import { useNow } from '../../../live/use-now';
import { Button } from '../../../ui/button';
import { Card } from '../../../ui/card';
import { Notice } from '../../../ui/notice';
import { Segmented } from '../../../ui/segmented';
import { Skeleton } from '../../../ui/skeleton';
import { useFormat } from '../../home/home-context';
import { sparkFloor } from '../model';
import { RANGES, type FixedRange, type RangeName } from '../queries';
import { usePlot } from '../use-plot';
import { ChartReadout } from './chart-readout';
import { HistoryTable } from './history-table';
import { IncompleteNotice } from './incomplete-notice';
import { StateHistory } from './state-history';

const RANGE_OPTIONS = Object.entries(RANGES).map(([value, { label }]) => ({
  value: value as RangeName,
  label,
}));
/** The right edge of a chart moves by this part of its width. */
const EDGE_STEPS = 600;
/** A zoom is never narrower than this, in milliseconds: there is nothing between readings. */
const LEAST_ZOOM_MS = 60_000;

interface HistoryCardProps {
  readonly device: Device;
  readonly series: Series;
}

/** The past of one series: chart or table, four ranges, zoom. */
export function HistoryCard({ device, series }: HistoryCardProps) {
  const [range, setRange] = useState<RangeName>('24h');
  const [zoom, setZoom] = useState<FixedRange>();
  const [view, setView] = useState<'chart' | 'table'>('chart');
  const connected = useLiveState() === 'open';
  const now = useNow(RANGES[range].ms / EDGE_STEPS);
  const window = useMemo(
    () => zoom ?? { from: now - RANGES[range].ms, to: now },
    [zoom, now, range],
  );
  const zoomTo = ({ from, to }: Stretch) => {
    if (to - from < LEAST_ZOOM_MS) return;
    setZoom({ from: Math.floor(from), to: Math.ceil(to) });
  };
  return (
    <Card aria-label={`History of ${metricLabel(series.metric)}`}>
      <div className="flex flex-wrap items-center gap-2 px-5 pt-4">
        <h2 className="mr-auto text-base font-semibold">{metricLabel(series.metric)}</h2>
        {zoom === undefined && !connected && (
          <span className="rounded-full bg-warn-soft px-2.5 py-1 text-xs">Not live</span>
        )}
        {zoom === undefined && connected && (
          <span className="flex items-center gap-1.5 rounded-full bg-surface-2 px-2.5 py-1 text-xs text-ink-1">
            <span aria-hidden className="size-1.5 rounded-full bg-good" /> Live
          </span>
        )}
        {zoom !== undefined && (
          <Button size="small" onClick={() => setZoom(undefined)}>
            <ZoomOut aria-hidden /> Back to {RANGES[range].label}
          </Button>
        )}
        <Segmented
          label="Range"
          value={range}
          options={RANGE_OPTIONS}
          onChange={(next) => {
            setZoom(undefined);
            setRange(next);
          }}
        />
        <Button
          size="iconSmall"
          variant="ghost"
          aria-label={view === 'chart' ? 'Show as a table' : 'Show as a chart'}
          onClick={() => setView(view === 'chart' ? 'table' : 'chart')}
        >
          {view === 'chart' ? <Table2 aria-hidden /> : <ChartLine aria-hidden />}
        </Button>
      </div>
      {series.kind === 'number' ? (
        <NumberHistory
          device={device}
          series={series}
          range={zoom ?? range}
          window={window}
          view={view}
          onZoom={zoomTo}
          onZoomOut={() => setZoom(undefined)}
        />
      ) : (
        <StateHistory
          device={device}
          series={series}
          range={zoom ?? range}
          window={window}
          view={view}
        />
      )}
    </Card>
  );
}

interface NumberHistoryProps extends HistoryCardProps {
  readonly range: RangeName | FixedRange;
  readonly window: Stretch;
  readonly view: 'chart' | 'table';
  readonly onZoom: (range: Stretch) => void;
  readonly onZoomOut: () => void;
}

function NumberHistory(props: NumberHistoryProps) {
  const { device, series, range, window, view, onZoom, onZoomOut } = props;
  const format = useFormat();
  const [crosshair, setCrosshair] = useState<number>();
  const plot = usePlot(device, series, range, window);
  const leastSpan =
    format.toShown(series.unit, sparkFloor(series.metric)) - format.toShown(series.unit, 0);
  const labels = useMemo(() => ({ clock: format.time.clock, day: format.time.day }), [format]);
  if (plot.error !== null) {
    return (
      <Notice tone="bad" className="m-5">
        {plot.error.message}
      </Notice>
    );
  }
  if (plot.isLoading) return <Skeleton className="m-5 h-80" />;
  const isEmpty = plot.history?.buckets.length === 0;
  return (
    <>
      <ChartReadout lines={plot.lines} ribbon={plot.ribbon} at={crosshair} />
      <IncompleteNotice history={plot.history} />
      {view === 'table' ? (
        <HistoryTable series={series} history={plot.history} />
      ) : (
        <div className="relative px-3 pb-3 sm:px-5">
          <LazyLineChart
            label={`${metricLabel(series.metric)} over time. Arrow keys read the values; a table is one button away.`}
            lines={plot.lines}
            away={plot.away}
            ribbon={plot.ribbon}
            range={window}
            timeZone={format.timeZone}
            labels={labels}
            leastSpan={leastSpan}
            crosshair={crosshair}
            onCrosshair={setCrosshair}
            onZoom={(part) => {
              // Other buckets are coming: the instant under the crosshair will not be among them.
              setCrosshair(undefined);
              onZoom(part);
            }}
            onZoomOut={onZoomOut}
            className="h-72 sm:h-80"
          />
          {isEmpty && (
            <p className="pointer-events-none absolute inset-0 grid place-items-center text-ink-2">
              No readings in this time.
            </p>
          )}
        </div>
      )}
    </>
  );
}
