// What is wrong with the clock of a device, in words. Pure.
import type { DeviceClock } from '@hearth/contracts';
import { formatDuration } from '../../format/time';

type Stretch = DeviceClock['stretches'][number];

/** `3 min 20 s behind`. `offsetMs` is how far the clock is ahead. */
export function offsetWords(offsetMs: number): string {
  return `${formatDuration(Math.abs(offsetMs))} ${offsetMs < 0 ? 'behind' : 'ahead'}`;
}

/** What happened in a stretch: `Clock 1 h ahead`, or `Came up to 2 h late`. */
export function stretchWords(stretch: Stretch): string {
  if (stretch.offsetMs !== null) return `Clock ${offsetWords(stretch.offsetMs)}`;
  const late = Math.max(
    Date.parse(stretch.from) - Date.parse(stretch.deviceFrom),
    Date.parse(stretch.to) - Date.parse(stretch.deviceTo),
  );
  return late > 0 ? `Came up to ${formatDuration(late)} late` : 'Clock jumped about';
}
