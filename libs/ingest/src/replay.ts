// A kept message that walks the line again: what happens to it is told to whoever keeps it, and not to the sender.
import type { Known, Replay } from './message.js';
import type { Refusal } from './refusal.js';

/** What the line says to a message that walks it again. */
export type ReplayOutcome =
  /** Its readings are handed to the store; without `settled` all of them are there already. */
  | { readonly result: 'accepted'; readonly settled: Promise<void> | undefined }
  | { readonly result: 'refused'; readonly refusal: Refusal }
  /** Its topic is nobody's, or it is what a device said of itself at that time. */
  | { readonly result: 'no-readings' };

/** For one walk of one message. */
export function beginReplay(stampMs: number, isRehearsal: boolean): Replay {
  return {
    stampMs,
    isRehearsal,
    readings: [],
    isStamped: false,
    hasReadings: true,
    refusal: undefined,
  };
}

/** The samples, each with a time; notes whether one had none. */
export function stampSamples(known: Known, replay: Replay): Known {
  replay.isStamped = known.samples.some(({ ts }) => ts === undefined);
  if (!replay.isStamped) return known;
  const samples = known.samples.map((one) => ({ ...one, ts: one.ts ?? replay.stampMs }));
  return { ...known, samples };
}
