// What a browser has not been told yet, at most one message for each thing that can change: the newest.
// Its size is bounded by what there is in the home, not by how much happens. Pure.
import type { LiveMessage } from '@hearth/contracts';

type ReadingUpdate = Extract<LiveMessage, { event: 'readings' }>['data'][number];
/** Everything but the readings, which are gathered into one message, and the welcome. */
export type LiveNotice = Exclude<LiveMessage, { event: 'readings' | 'welcome' }>;

/** What the notice is about; a newer notice of the same key makes the older one worthless. */
function keyOf(notice: LiveNotice): string {
  if (notice.event === 'command') return `command ${notice.data.id}`;
  if (notice.event === 'changed') return `changed ${notice.data.what} ${notice.data.deviceId}`;
  if (notice.event === 'presence' || notice.event === 'climate') {
    return `${notice.event} ${notice.data.deviceId}`;
  }
  return notice.event;
}

export class LiveState {
  #readings = new Map<number, ReadingUpdate>();
  #notices = new Map<string, LiveNotice>();

  /** Things that changed and were not drained. */
  get size(): number {
    return this.#readings.size + this.#notices.size;
  }

  addReading(reading: ReadingUpdate): void {
    const known = this.#readings.get(reading.seriesId);
    // A backfill brings older values after newer ones.
    if (known && known.ts > reading.ts) return;
    this.#readings.set(reading.seriesId, reading);
  }

  addNotice(notice: LiveNotice): void {
    const key = keyOf(notice);
    // To the end, so that what happened last is told last.
    this.#notices.delete(key);
    this.#notices.set(key, notice);
  }

  /** Takes over everything of `newer`. */
  absorb(newer: Drained): void {
    for (const reading of newer.readings) this.addReading(reading);
    for (const notice of newer.notices) this.addNotice(notice);
  }

  /** Everything since the last drain; the state is empty afterwards. */
  drain(): Drained {
    const drained = {
      readings: [...this.#readings.values()],
      notices: [...this.#notices.values()],
    };
    this.#readings = new Map();
    this.#notices = new Map();
    return drained;
  }
}

/** What was drained at once. */
export interface Drained {
  readonly readings: readonly ReadingUpdate[];
  readonly notices: readonly LiveNotice[];
}
