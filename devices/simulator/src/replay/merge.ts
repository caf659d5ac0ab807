// The recordings of one room as one stream of telemetry: readings of the same time in one object, objects in backfill arrays.
import { MAX_METRICS_PER_ENTRY } from '@hearth/contracts';
import type { TelemetryEntry } from '../device/outbox.js';
import type { RecordedReading } from './reading-line.js';

/** Objects and readings of one message. A thousand readings with the longest metric names stay below 100 kB. */
const ENTRIES_PER_MESSAGE = 300;
const READINGS_PER_MESSAGE = 1_000;

/** Readings of one metric, one after the other. */
export interface ReadingSource {
  readonly metric: string;
  /** The next reading; undefined when `fill` must be called or the source is at its end. */
  readonly head: RecordedReading | undefined;
  advance(): void;
  /** Reads on until there is a head; false at the end. */
  fill(): Promise<boolean>;
}

export interface Backfill {
  readonly entries: readonly TelemetryEntry[];
  readonly readings: number;
}

/** Gathers readings into entries and entries into backfills. */
class Gatherer {
  #entries: Record<string, number>[] = [];
  #entry: Record<string, number> | undefined;
  #metrics = 0;
  #readings = 0;

  /** A backfill when the one before is full; the reading is then the first of the next. */
  add(metric: string, ts: number, value: number): Backfill | undefined {
    const fits =
      this.#entry !== undefined &&
      this.#entry['ts'] === ts &&
      !Object.hasOwn(this.#entry, metric) &&
      this.#metrics < MAX_METRICS_PER_ENTRY;
    let full: Backfill | undefined;
    if (!fits) {
      const isFull =
        this.#entries.length >= ENTRIES_PER_MESSAGE ||
        this.#readings + MAX_METRICS_PER_ENTRY > READINGS_PER_MESSAGE;
      if (isFull) full = this.take();
      this.#entry = { ts };
      this.#metrics = 0;
      this.#entries.push(this.#entry);
    }
    if (this.#entry !== undefined) this.#entry[metric] = value;
    this.#metrics += 1;
    this.#readings += 1;
    return full;
  }

  /** Whatever is gathered; undefined when nothing is. */
  take(): Backfill | undefined {
    if (this.#entries.length === 0) return undefined;
    const backfill = { entries: this.#entries, readings: this.#readings };
    this.#entries = [];
    this.#entry = undefined;
    this.#readings = 0;
    return backfill;
  }
}

function earliest(sources: readonly ReadingSource[]): ReadingSource | undefined {
  let first: ReadingSource | undefined;
  for (const source of sources) {
    if (source.head === undefined) continue;
    if (first?.head === undefined || source.head.ts < first.head.ts) first = source;
  }
  return first;
}

/** Backfills in the order of time. A source that goes back in time loses nothing; it is only merged less well. */
export async function* mergeRecordings(
  sources: readonly ReadingSource[],
): AsyncGenerator<Backfill, void, void> {
  const gatherer = new Gatherer();
  let open = sources;
  for (;;) {
    const filled = await Promise.all(open.map((source) => source.fill()));
    open = open.filter((_, index) => filled[index]);
    if (open.length === 0) break;
    // Until one of them runs dry, the earliest head of all is known without waiting.
    for (let next = earliest(open); next?.head !== undefined;) {
      const full = gatherer.add(next.metric, next.head.ts, next.head.value);
      if (full !== undefined) yield full;
      next.advance();
      if (next.head === undefined) break;
      next = earliest(open);
    }
  }
  const rest = gatherer.take();
  if (rest !== undefined) yield rest;
}
