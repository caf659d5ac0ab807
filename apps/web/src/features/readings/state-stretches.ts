// Booleans and texts as stretches of time. Pure.
import type { History, Series } from '@hearth/contracts';
import { stretchesOn, type Stretch } from '../../charts/plot';
import { booleanWord } from '../../format/quantity';

export interface StateStretch extends Stretch {
  readonly word: string;
  /** The side of a boolean that people look for: open, wet, heating. Texts are always notable. */
  readonly notable: boolean;
}

/** What the series said when, oldest first; nothing where nothing is known. */
export function stateStretches(
  series: Series,
  history: History,
  range: Stretch,
  gapMs: number,
): StateStretch[] {
  if (series.kind === 'text') return textStretches(history, range);
  const known = knownStretches(history, range, gapMs);
  const on = stretchesOn(history.buckets, gapMs, range.to);
  return known.flatMap((stretch) => fill(stretch, on, series.metric));
}

function textStretches(history: History, range: Stretch): StateStretch[] {
  return history.changes.map(({ ts, value }, index) => ({
    from: Math.max(range.from, ts),
    to: history.changes[index + 1]?.ts ?? range.to,
    word: value,
    notable: true,
  }));
}

/** Times in which the device reported at all. */
function knownStretches({ buckets }: History, range: Stretch, gapMs: number): Stretch[] {
  const stretches: { from: number; to: number }[] = [];
  for (const [start] of buckets) {
    const last = stretches.at(-1);
    const to = Math.min(range.to, start + gapMs);
    if (last !== undefined && start <= last.to) last.to = Math.max(last.to, to);
    else stretches.push({ from: start, to });
  }
  return stretches;
}

function fill(known: Stretch, on: readonly Stretch[], metric: string): StateStretch[] {
  const stretches: StateStretch[] = [];
  let from = known.from;
  for (const stretch of on) {
    if (stretch.to <= known.from || stretch.from >= known.to) continue;
    const start = Math.max(known.from, stretch.from);
    const end = Math.min(known.to, stretch.to);
    if (start > from) {
      stretches.push({ from, to: start, word: booleanWord(metric, 0), notable: false });
    }
    stretches.push({ from: start, to: end, word: booleanWord(metric, 1), notable: true });
    from = end;
  }
  if (from < known.to) {
    stretches.push({ from, to: known.to, word: booleanWord(metric, 0), notable: false });
  }
  return stretches;
}
