'use client';

import type { SimulatorStatus } from '@hearth/contracts';
import { toMs } from '../../../format/time';
import { useNow } from '../../../live/use-now';
import { useFormat } from '../../home/home-context';
import type { Phase } from '../model';

const WORDS: Readonly<Record<Exclude<Phase, 'running'>, string>> = {
  starting: 'Starting. The first devices connect in a few seconds.',
  elsewhere: 'Running, but not started from here. Stop it where it was started.',
  stopped: 'Stopped. Its devices and their history stay until you delete them.',
  never: '',
};

/** One line: is it running, since when, who started it. */
export function RunState({ phase, status }: { phase: Phase; status: SimulatorStatus }) {
  const { time } = useFormat();
  const now = useNow(60_000);
  const startedAt = toMs(status.startedAt);
  const since = startedAt === undefined ? '' : ` since ${time.moment(startedAt, now)}`;
  return <span aria-live="polite">{phase === 'running' ? `Running${since}` : WORDS[phase]}</span>;
}
