// Readings on their way out. What is not acknowledged is kept, in order, up to a bound; when full, the oldest goes
// and is counted. Whatever waits together leaves as one backfill array. Does no I/O.

/** One telemetry object: `ts`, `seq` and metrics. */
export type TelemetryEntry = Readonly<Record<string, number | boolean>>;

/** Entries kept while the server is away. At one report in 10 s: an hour and a half. */
export const OUTBOX_CAPACITY = 500;
/** Entries of one backfill message: about 10 kB. */
export const BACKFILL_ENTRIES = 100;
/** Messages sent and not yet acknowledged. */
export const OUTBOX_IN_FLIGHT = 4;

export interface Parcel {
  readonly id: number;
  readonly entries: readonly TelemetryEntry[];
}

export class Outbox {
  #waiting: TelemetryEntry[] = [];
  readonly #inFlight = new Map<number, Parcel>();
  #nextId = 1;
  #dropped = 0;

  /** Entries lost because the outbox was full. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Entries waiting or under way. */
  get size(): number {
    let size = this.#waiting.length;
    for (const parcel of this.#inFlight.values()) size += parcel.entries.length;
    return size;
  }

  push(entry: TelemetryEntry): void {
    this.#waiting.push(entry);
    this.#trim();
  }

  /** The next message to send, or undefined when there is none or enough is under way. */
  take(): Parcel | undefined {
    if (this.#waiting.length === 0 || this.#inFlight.size >= OUTBOX_IN_FLIGHT) return undefined;
    const parcel = { id: this.#nextId++, entries: this.#waiting.splice(0, BACKFILL_ENTRIES) };
    this.#inFlight.set(parcel.id, parcel);
    return parcel;
  }

  /** The server has it, or will never take it: gone. */
  settle(id: number): void {
    this.#inFlight.delete(id);
  }

  /** The server could not take it now: it waits again, first in line. */
  retry(id: number): void {
    const parcel = this.#inFlight.get(id);
    if (parcel === undefined) return;
    this.#inFlight.delete(id);
    this.#waiting = [...parcel.entries, ...this.#waiting];
    this.#trim();
  }

  /** The link is gone: what was under way waits again, before what came later. The server keeps a reading that it has twice once. */
  recall(): void {
    const entries = [...this.#inFlight.values()].flatMap((parcel) => parcel.entries);
    this.#inFlight.clear();
    this.#waiting = [...entries, ...this.#waiting];
    this.#trim();
  }

  /** A power cut: memory is lost. */
  clear(): void {
    this.#waiting = [];
    this.#inFlight.clear();
  }

  #trim(): void {
    const excess = this.size - OUTBOX_CAPACITY;
    if (excess <= 0) return;
    this.#dropped += this.#waiting.splice(0, excess).length;
  }
}

/** JSON of a telemetry message: one object, or an array as a backfill. */
export function encodeEntries(entries: readonly TelemetryEntry[]): string {
  return JSON.stringify(entries.length === 1 ? entries[0] : entries);
}
