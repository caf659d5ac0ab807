// The traces of one broker, and the taps on the connections that they follow.

import type { Clock } from '../clock.js';
import type { Limits } from '../limits.js';
import { Recording } from './recording.js';
import { Tap, type Tapped } from './tap.js';
import type { Trace, TraceFilter, TraceOptions } from './trace.js';

/** A connection that a tap can be put on. */
export interface Tappable extends Tapped {
  /** What came and was not worked through yet: where the first packet to be traced begins. */
  readonly unread: Buffer;
  tap: Tap | undefined;
}

const DEFAULT_PAYLOAD_BYTES = 64;
// An enhanced authentication may go to and fro before it is known who the client is.
const UNDECIDED_CONNECTS = 4;

export class Tracer {
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  readonly #recordings = new Set<Recording>();
  readonly #taps = new Set<Tap>();

  constructor(limits: Limits, clock: Clock, onError: (error: unknown) => void) {
    this.#limits = limits;
    this.#clock = clock;
    this.#onError = onError;
  }

  /** Whether new connections are to be announced. */
  get isOn(): boolean {
    return this.#recordings.size > 0;
  }

  /** Begins a trace, with those of the open connections that it wants. Throws a RangeError beyond a limit. */
  start(filter: TraceFilter, options: TraceOptions, open: Iterable<Tappable>): Trace {
    const { maxTraces, maxTracePackets, maxTraceBytes } = this.#limits;
    if (this.#recordings.size >= maxTraces) {
      throw new RangeError(`${maxTraces} traces run already, which is the limit maxTraces`);
    }
    const onEnd = this.#surviving(options.onEnd);
    const recording: Recording = new Recording(filter, {
      maxPackets: within('maxPackets', options.maxPackets, maxTracePackets),
      maxBytes: within('maxBytes', options.maxBytes, maxTraceBytes),
      payloadBytes: within(
        'payloadBytes',
        options.payloadBytes ?? DEFAULT_PAYLOAD_BYTES,
        maxTraceBytes,
      ),
      onPacket: this.#surviving(options.onPacket),
      onEnd: (why) => {
        this.#ended(recording);
        onEnd?.(why);
      },
    });
    this.#recordings.add(recording);
    if (filter.next !== true) for (const one of open) this.#offer(one, recording);
    return recording;
  }

  /** A connection that just began. */
  welcome(tapped: Tappable): void {
    for (const recording of this.#recordings) this.#offer(tapped, recording);
  }

  #offer(tapped: Tappable, recording: Recording): void {
    const { address, identity } = tapped;
    if (recording.wants(address, undefined, identity) === false) return;
    if (tapped.tap !== undefined) {
      tapped.tap.offer(recording);
      return;
    }
    const tap = this.#tapOn(tapped);
    tap.offer(recording);
    tap.in(tapped.unread);
  }

  #tapOn(tapped: Tappable): Tap {
    const { maxTraceBytes, maxConnectPacketBytes } = this.#limits;
    const tap: Tap = new Tap(tapped, {
      now: () => this.#clock.now(),
      maxPacketBytes: maxTraceBytes,
      maxUndecidedBytes: UNDECIDED_CONNECTS * maxConnectPacketBytes,
      onIdle: () => {
        this.#taps.delete(tap);
        if (tapped.tap === tap) tapped.tap = undefined;
      },
    });
    this.#taps.add(tap);
    tapped.tap = tap;
    return tap;
  }

  #ended(recording: Recording): void {
    this.#recordings.delete(recording);
    for (const tap of this.#taps) tap.withdraw(recording);
  }

  /** A handler that throws is its own bug, reported and survived. */
  #surviving<T>(handler: ((value: T) => void) | undefined): ((value: T) => void) | undefined {
    if (handler === undefined) return undefined;
    return (value) => {
      try {
        handler(value);
      } catch (error) {
        this.#onError(error);
      }
    };
  }
}

function within(name: string, wanted: number | undefined, most: number): number {
  const value = wanted ?? most;
  if (Number.isSafeInteger(value) && value >= 0 && value <= most) return value;
  throw new RangeError(`${name} of a trace is a whole number of at most ${most}, not ${value}`);
}
