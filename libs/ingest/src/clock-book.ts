// What the clocks of devices said that differs from ours. The device's time is what a reading is stored at; when it
// arrived is kept here, for stretches of messages rather than for each. Bounded: one stretch a device, and the few that
// nobody fetched yet. Does no I/O and reads no clock.
import { MAX_CLOCK_DIFFERENCE_MS, type DeviceId } from '@hearth/contracts';
import { clockOffset, type ClockStretch } from './clock-stretch.js';

/** A stretch that only goes on is told again this often, milliseconds: a crash forgets no more of its end. */
const TELL_EVERY_MS = 60_000;

/** Times of a message that has some. */
interface Times {
  readonly earliest: number;
  readonly latest: number;
}

class OpenStretch implements ClockStretch {
  readonly deviceId: DeviceId;
  readonly fromAtMs: number;
  toAtMs: number;
  readonly firstTs: number;
  fromTs: number;
  toTs: number;
  /** Latest time of the last message. */
  lastTs: number;
  messages = 0;
  /** The slopes of the lines from the first message that pass near enough to all others (a swinging door). */
  #lowest = -Infinity;
  #highest = Infinity;
  /** No line passes near enough to all of them: it must end while it is short. */
  #isBent = false;
  /** A message came since whose time is right. */
  isOver = false;
  /** What was told of it last. */
  toldAtMs = -Infinity;
  toldMessages = 0;
  toldOffset: number | undefined;

  constructor(deviceId: DeviceId, atMs: number, ts: number) {
    this.deviceId = deviceId;
    this.fromAtMs = this.toAtMs = atMs;
    this.firstTs = this.fromTs = this.toTs = this.lastTs = ts;
  }

  /** Whether a message belongs to it: the arrival of all of them stays known well enough. */
  fits(atMs: number, times: Times): boolean {
    // However the times jump about: all arrivals lie near the first.
    if (Math.abs(atMs - this.fromAtMs) <= MAX_CLOCK_DIFFERENCE_MS) return true;
    return !this.#isBent && this.#isOnLine(atMs, times);
  }

  add(atMs: number, times: Times): void {
    if (!this.#isOnLine(atMs, times)) this.#isBent = true;
    this.#narrow(atMs, times.earliest);
    this.#narrow(atMs, times.latest);
    this.fromTs = Math.min(this.fromTs, times.earliest);
    this.toTs = Math.max(this.toTs, times.latest);
    this.lastTs = times.latest;
    this.toAtMs = Math.max(this.toAtMs, atMs);
    this.messages += 1;
    this.isOver = false;
  }

  /** Whether the line from the first message to the latest of these times passes near enough to all before it. */
  #isOnLine(atMs: number, { earliest, latest }: Times): boolean {
    const late = atMs - this.fromAtMs;
    const passed = latest - this.firstTs;
    if (earliest < this.toTs) return false;
    if (passed <= 0) return Math.abs(late) <= MAX_CLOCK_DIFFERENCE_MS;
    const slope = late / passed;
    const atEarliest = slope * (earliest - this.firstTs);
    return (
      slope >= this.#lowest &&
      slope <= this.#highest &&
      Math.abs(atEarliest - late) <= MAX_CLOCK_DIFFERENCE_MS
    );
  }

  #narrow(atMs: number, ts: number): void {
    const passed = ts - this.firstTs;
    if (passed <= 0) return;
    const late = atMs - this.fromAtMs;
    this.#lowest = Math.max(this.#lowest, (late - MAX_CLOCK_DIFFERENCE_MS) / passed);
    this.#highest = Math.min(this.#highest, (late + MAX_CLOCK_DIFFERENCE_MS) / passed);
  }
}

export class ClockBook {
  /** The last stretch of each device that had one. */
  readonly #stretches = new Map<string, OpenStretch>();
  readonly #changed = new Set<OpenStretch>();

  /** Takes the times that a message gave its readings; undefined where it gave none. */
  note(
    deviceId: DeviceId,
    samples: readonly { readonly ts: number | undefined }[],
    atMs: number,
  ): void {
    const first = samples[0]?.ts;
    const last = samples.length > 1 ? samples.at(-1)?.ts : first;
    if (isNear(first, atMs) && isNear(last, atMs)) {
      if (this.#stretches.size > 0 && first !== undefined) this.#right(deviceId);
      return;
    }
    const times = timesOf(samples);
    const stretch = this.#stretchFor(deviceId, atMs, times);
    stretch.add(atMs, times);
    const isNews = clockOffset(stretch) !== undefined && stretch.toldOffset === undefined;
    if (isNews || atMs - stretch.toldAtMs >= TELL_EVERY_MS) this.#changed.add(stretch);
    // What came late with it is on record; the newest of it is on time.
    if (isNear(times.latest, atMs)) this.#right(deviceId);
  }

  /** How far the clock of a device is ahead by now, in milliseconds, negative for behind; undefined while it is right. */
  offset(deviceId: string): number | undefined {
    const stretch = this.#stretches.get(deviceId);
    if (stretch === undefined || stretch.isOver) return undefined;
    // Whatever it said a moment ago: what is ahead cannot be late.
    const ahead = stretch.lastTs - stretch.toAtMs;
    return ahead > MAX_CLOCK_DIFFERENCE_MS ? ahead : clockOffset(stretch);
  }

  /** The last stretch of a device, as it is now. */
  find(deviceId: string): ClockStretch | undefined {
    const stretch = this.#stretches.get(deviceId);
    return stretch && toRecord(stretch);
  }

  /** The stretches that changed since the last call, as they are now: whoever asks keeps them. */
  takeChanged(): ClockStretch[] {
    const changed = [...this.#changed].map((stretch) => {
      stretch.toldAtMs = stretch.toAtMs;
      stretch.toldMessages = stretch.messages;
      stretch.toldOffset = clockOffset(stretch);
      return toRecord(stretch);
    });
    this.#changed.clear();
    return changed;
  }

  /** The same at the end of everything: also what only went on a little. */
  takeAll(): ClockStretch[] {
    for (const stretch of this.#stretches.values()) {
      if (stretch.messages > stretch.toldMessages) this.#changed.add(stretch);
    }
    return this.takeChanged();
  }

  /** The device is gone. */
  forget(deviceId: string): void {
    const stretch = this.#stretches.get(deviceId);
    if (stretch !== undefined) this.#changed.delete(stretch);
    this.#stretches.delete(deviceId);
  }

  #stretchFor(deviceId: DeviceId, atMs: number, times: Times): OpenStretch {
    const last = this.#stretches.get(deviceId);
    if (last !== undefined && last.fits(atMs, times) && !isDone(last, atMs)) return last;
    if (last !== undefined && last.messages > last.toldMessages) this.#changed.add(last);
    const stretch = new OpenStretch(deviceId, atMs, times.earliest);
    this.#stretches.set(deviceId, stretch);
    return stretch;
  }

  /** A message came whose time is right. */
  #right(deviceId: string): void {
    const stretch = this.#stretches.get(deviceId);
    if (stretch === undefined || stretch.isOver) return;
    stretch.isOver = true;
    if (stretch.messages > stretch.toldMessages) this.#changed.add(stretch);
  }
}

/** A clock that was set and is wrong again is so anew. A buffer may go out between readings that are on time. */
function isDone(stretch: OpenStretch, atMs: number): boolean {
  const isShort = Math.abs(atMs - stretch.fromAtMs) <= MAX_CLOCK_DIFFERENCE_MS;
  return stretch.isOver && !isShort && clockOffset(stretch) !== undefined;
}

function isNear(ts: number | undefined, atMs: number): boolean {
  return ts === undefined || Math.abs(ts - atMs) <= MAX_CLOCK_DIFFERENCE_MS;
}

function timesOf(samples: readonly { readonly ts: number | undefined }[]): Times {
  let earliest = Infinity;
  let latest = -Infinity;
  for (const { ts } of samples) {
    if (ts === undefined) continue;
    if (ts < earliest) earliest = ts;
    if (ts > latest) latest = ts;
  }
  return { earliest, latest };
}

function toRecord({ deviceId, fromAtMs, toAtMs, fromTs, toTs, messages }: ClockStretch) {
  return { deviceId, fromAtMs, toAtMs, fromTs, toTs, messages };
}
