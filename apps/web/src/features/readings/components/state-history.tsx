'use client';

import type { Device, Series } from '@hearth/contracts';
import { useMemo } from 'react';
import type { Stretch } from '../../../charts/plot';
import { StateStrip, StripSwatch, type StripStretch } from '../../../charts/state-strip';
import { metricColour, metricLabel } from '../../../format/quantity';
import { formatDuration } from '../../../format/time';
import { useNow } from '../../../live/use-now';
import { Notice } from '../../../ui/notice';
import { Skeleton } from '../../../ui/skeleton';
import { useFormat } from '../../home/home-context';
import { gapOf } from '../model';
import { useHistory, type FixedRange, type RangeName } from '../queries';
import { stateStretches, type StateStretch } from '../state-stretches';
import { IncompleteNotice } from './incomplete-notice';

/** Rows that the table shows. */
const MOST_ROWS = 200;
/** Texts have no colour of their own; they take turns. */
const TEXT_COLOURS = 6;

interface StateHistoryProps {
  readonly device: Device;
  readonly series: Series;
  readonly range: RangeName | FixedRange;
  readonly window: Stretch;
  readonly view: 'chart' | 'table';
}

/** The past of a series that has words for values. */
export function StateHistory({ device, series, range, window, view }: StateHistoryProps) {
  const format = useFormat();
  const history = useHistory(series.id, range);
  const { intervalSeconds } = device;
  const stretches = useMemo(
    () =>
      history.data === undefined
        ? []
        : stateStretches(series, history.data, window, gapOf(history.data, intervalSeconds)),
    [history.data, series, window, intervalSeconds],
  );
  const labels = useMemo(() => ({ clock: format.time.clock, day: format.time.day }), [format]);
  if (history.isError) {
    return (
      <Notice tone="bad" className="m-5">
        {history.error.message}
      </Notice>
    );
  }
  if (history.isPending) return <Skeleton className="m-5 h-14" />;
  const strip = toStrip(series, stretches);
  if (view === 'table') return <StateTable stretches={stretches} />;
  return (
    <div className="p-5">
      <IncompleteNotice history={history.data} />
      <StateStrip
        label={`${metricLabel(series.metric)} over time. A table is one button away.`}
        range={window}
        stretches={strip}
        timeZone={format.timeZone}
        labels={labels}
      />
      <StateLegend strip={strip} stretches={stretches} />
      {stretches.length === 0 && (
        <p className="mt-2 text-sm text-ink-2">No readings in this time.</p>
      )}
    </div>
  );
}

function toStrip(series: Series, stretches: readonly StateStretch[]): StripStretch[] {
  const words = [...new Set(stretches.map(({ word }) => word))];
  return stretches.map((stretch) => ({
    ...stretch,
    key: `${stretch.from}`,
    colour:
      series.kind === 'text'
        ? `series-${words.indexOf(stretch.word) % TEXT_COLOURS}`
        : `series-${metricColour(series.metric)}`,
    fill: series.kind === 'text' || !stretch.notable ? 'faint' : 'solid',
    title: `${stretch.word}, ${formatDuration(stretch.to - stretch.from)}`,
    ...(series.kind === 'text' && { label: stretch.word }),
  }));
}

interface StateLegendProps {
  readonly strip: readonly StripStretch[];
  readonly stretches: readonly StateStretch[];
}

/** Which colour says what. */
function StateLegend({ strip, stretches }: StateLegendProps) {
  const looks = new Map(stretches.map(({ word }, index) => [word, strip[index]]));
  return (
    <ul className="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-sm text-ink-1">
      {[...looks].map(([word, look]) => (
        <li key={word} className="flex items-center gap-1.5">
          {look !== undefined && <StripSwatch look={look} />}
          {word}
        </li>
      ))}
    </ul>
  );
}

function StateTable({ stretches }: { stretches: readonly StateStretch[] }) {
  const format = useFormat();
  const now = useNow(60_000);
  return (
    <section
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, and keys must reach it
      tabIndex={0}
      aria-label="History as a table"
      className="m-5 max-h-80 overflow-auto rounded-control border border-line"
    >
      <table className="w-full text-sm">
        <thead className="sticky top-0 bg-surface-2 text-left text-ink-1">
          <tr>
            <th className="px-4 py-2 font-medium">From</th>
            <th className="px-4 py-2 font-medium">State</th>
            <th className="px-4 py-2 text-right font-medium">For</th>
          </tr>
        </thead>
        <tbody>
          {[...stretches]
            .reverse()
            .slice(0, MOST_ROWS)
            .map((stretch) => (
              <tr key={stretch.from} className="border-t border-line">
                <td className="px-4 py-1.5 whitespace-nowrap">
                  {format.time.moment(stretch.from, now)}
                </td>
                <td className="px-4 py-1.5">{stretch.word}</td>
                <td className="px-4 py-1.5 text-right whitespace-nowrap text-ink-2">
                  {formatDuration(stretch.to - stretch.from)}
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  );
}
