'use client';

import type { Device, PresenceState } from '@hearth/contracts';
import { useMemo, useState } from 'react';
import { StateStrip, type StripStretch } from '../../../charts/state-strip';
import { formatDuration } from '../../../format/time';
import { useNow } from '../../../live/use-now';
import { Card, CardHeader } from '../../../ui/card';
import { Notice } from '../../../ui/notice';
import { Segmented } from '../../../ui/segmented';
import { Skeleton } from '../../../ui/skeleton';
import { useFormat } from '../../home/home-context';
import { RANGES, type RangeName } from '../../readings/queries';
import { causeWords, describeShare, spansOf, stateWord, type Span } from '../model';
import { usePresenceTimeline } from '../queries';
import { PresenceMark } from './presence-mark';

const OPTIONS: readonly { value: RangeName; label: string }[] = (['24h', '7d', '30d'] as const).map(
  (value) => ({ value, label: RANGES[value].label }),
);
const MOST_ROWS = 50;
const EDGE_STEPS = 600;

const LOOKS: Readonly<Record<PresenceState, Pick<StripStretch, 'colour' | 'fill'>>> = {
  online: { colour: 'good', fill: 'faint' },
  late: { colour: 'warn', fill: 'faint' },
  offline: { colour: 'bad', fill: 'hatched' },
  flapping: { colour: 'warn', fill: 'hatched' },
  'never-seen': { colour: 'line', fill: 'faint' },
  unknown: { colour: 'line', fill: 'hatched' },
};

/** When the device was there, and why not. */
export function PresenceCard({ device }: { device: Device }) {
  const [range, setRange] = useState<RangeName>('24h');
  const format = useFormat();
  const now = useNow(RANGES[range].ms / EDGE_STEPS);
  const timeline = usePresenceTimeline(device.id, range);
  const window = useMemo(() => ({ from: now - RANGES[range].ms, to: now }), [now, range]);
  const spans = useMemo(
    () => (timeline.data === undefined ? [] : spansOf(timeline.data, window.from, window.to)),
    [timeline.data, window],
  );
  const labels = useMemo(() => ({ clock: format.time.clock, day: format.time.day }), [format]);
  const uptime = timeline.data?.uptime;
  return (
    <Card aria-labelledby="presence-title">
      <CardHeader
        id="presence-title"
        title="Presence"
        hint={
          uptime === null || uptime === undefined
            ? undefined
            : `Online ${describeShare(uptime)} of the time`
        }
        action={<Segmented label="Range" value={range} options={OPTIONS} onChange={setRange} />}
      />
      <div className="p-5 pt-3">
        {timeline.isError && <Notice tone="bad">{timeline.error.message}</Notice>}
        {timeline.isPending && <Skeleton className="h-14" />}
        {timeline.data !== undefined && (
          <StateStrip
            label={`Presence of ${device.name} over time, listed below`}
            range={window}
            stretches={spans.map((span) => ({
              ...LOOKS[span.state],
              key: `${span.from}`,
              from: span.from,
              to: span.to,
              title: `${stateWord(span.state)} for ${formatDuration(span.to - span.from)}`,
            }))}
            timeZone={format.timeZone}
            labels={labels}
          />
        )}
        <Changes spans={spans} />
      </div>
    </Card>
  );
}

function Changes({ spans }: { spans: readonly Span[] }) {
  const format = useFormat();
  const now = useNow(60_000);
  const changes = spans.filter((span) => span.state !== 'unknown').reverse();
  if (changes.length === 0) return null;
  return (
    <details className="mt-3 text-sm">
      <summary className="w-fit rounded text-ink-1 hover:text-ink-0">
        {changes.length === 1 ? 'One change' : `${changes.length} changes`}
      </summary>
      <ul className="mt-2 divide-y divide-line">
        {changes.slice(0, MOST_ROWS).map((span) => (
          <li key={span.from} className="flex flex-wrap items-baseline gap-x-4 py-1.5">
            <span className="w-28 text-ink-2">{format.time.moment(span.from, now)}</span>
            <PresenceMark state={span.state} className="w-28" />
            <span className="text-ink-2">
              {causeWords(span.cause)}, for {formatDuration(span.to - span.from)}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
