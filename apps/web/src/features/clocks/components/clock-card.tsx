'use client';

import type { Device, DeviceClock } from '@hearth/contracts';
import { formatDuration } from '../../../format/time';
import { useNow } from '../../../live/use-now';
import { Card, CardHeader } from '../../../ui/card';
import { useFormat } from '../../home/home-context';
import { stretchWords } from '../model';
import { useDeviceClock } from '../queries';

const MOST_ROWS = 20;

/** When the device's times differed from those of arrival; nothing at all where they never did. */
export function ClockCard({ device }: { device: Device }) {
  const { data } = useDeviceClock(device.id);
  if (data === undefined || data.stretches.length === 0) return null;
  return (
    <Card aria-labelledby="clock-title">
      <CardHeader
        id="clock-title"
        title="Clock"
        hint="When readings arrived at another time than the device gave them."
      />
      <ul className="divide-y divide-line px-5 pt-1 pb-2 text-sm">
        {data.stretches.slice(0, MOST_ROWS).map((stretch) => (
          <Stretch key={stretch.from} stretch={stretch} />
        ))}
      </ul>
    </Card>
  );
}

function Stretch({ stretch }: { stretch: DeviceClock['stretches'][number] }) {
  const format = useFormat();
  const now = useNow(60_000);
  const from = Date.parse(stretch.from);
  const span = Date.parse(stretch.to) - from;
  return (
    <li className="flex flex-wrap items-baseline gap-x-4 py-1.5">
      <span className="w-28 text-ink-2">{format.time.moment(from, now)}</span>
      <span className="min-w-0 flex-1">{stretchWords(stretch)}</span>
      <span className="text-ink-2">
        {stretch.messages === 1 ? '1 message' : `${stretch.messages} messages`}
        {span >= 1_000 && ` in ${formatDuration(span)}`}
      </span>
    </li>
  );
}
