'use client';

import type { Device, Series } from '@hearth/contracts';
import { formatAge } from '../../format/time';
import { useNow } from '../../live/use-now';
import { useFormat } from '../home/home-context';
import { isStale, reportsChanges, trendOf, type Trend } from './model';
import { useSparkHistory } from './queries';

/** Ages are told in steps of this, in milliseconds. */
const AGE_STEP_MS = 5_000;

interface ReadingState {
  /** How much to trust the number: what the page fades and what it says beside it. */
  readonly freshness: 'fresh' | 'stale' | 'offline' | 'none';
  /** `8 min ago`, `offline since 14:05`; undefined while fresh. */
  readonly note: string | undefined;
  readonly trend: Trend | undefined;
  readonly history: ReturnType<typeof useSparkHistory>['data'];
}

/** What stands around a value on a tile. */
export function useReadingState(device: Device, series: Series): ReadingState {
  const now = useNow(AGE_STEP_MS);
  const format = useFormat();
  const { latest } = series;
  const history = useSparkHistory(series.id, series.kind === 'number').data;
  if (latest === null) return { freshness: 'none', note: undefined, trend: undefined, history };
  const trend =
    typeof latest.value === 'number' && series.kind === 'number' && history !== undefined
      ? trendOf(series.metric, history.buckets, { ts: latest.ts, value: latest.value })
      : undefined;
  const { state, since } = device.presence;
  if (state === 'offline' || state === 'flapping') {
    const when = format.time.moment(Date.parse(since), now);
    return { freshness: 'offline', note: `offline since ${when}`, trend: undefined, history };
  }
  const age = now - latest.ts;
  if (!reportsChanges(series) && isStale(age, device.intervalSeconds)) {
    return { freshness: 'stale', note: formatAge(age), trend: undefined, history };
  }
  return { freshness: 'fresh', note: undefined, trend, history };
}
