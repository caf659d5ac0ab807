// From presence changes to the share of time that a device was online. Pure.
import type { PresenceState } from '@hearth/contracts';

export interface StateFrom {
  readonly state: PresenceState;
  readonly atMs: number;
}

/** States that say something about the device; while nobody watched, nothing is known. */
const KNOWN: ReadonlySet<PresenceState> = new Set<PresenceState>([
  'online',
  'late',
  'offline',
  'flapping',
]);

/**
 * Share (0–1) of the known time between `fromMs` and `toMs` that was spent online; null when nothing is
 * known of it. `changes` is oldest first, with the one in force at `fromMs` at its head where there is one.
 */
export function uptimeShare(
  changes: readonly StateFrom[],
  fromMs: number,
  toMs: number,
): number | null {
  let knownMs = 0;
  let onlineMs = 0;
  for (const [index, change] of changes.entries()) {
    const startMs = Math.max(change.atMs, fromMs);
    const endMs = Math.min(changes[index + 1]?.atMs ?? toMs, toMs);
    if (endMs <= startMs || !KNOWN.has(change.state)) continue;
    knownMs += endMs - startMs;
    if (change.state === 'online') onlineMs += endMs - startMs;
  }
  return knownMs === 0 ? null : onlineMs / knownMs;
}
