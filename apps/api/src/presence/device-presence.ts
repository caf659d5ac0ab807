// Presence of one device: broker session, birth and will, heartbeat and take-over, fused into one state.
// Keeps facts and derives the state from them, so that no order of signals can leave a stale one behind.
// Does no I/O and reads no clock. All times are epoch milliseconds.
import type { PresenceCause, PresenceState, StatusPayload } from '@hearth/contracts';
import {
  ASSUMED_SLEEP_MS,
  FLAP_CALM_MS,
  FLAP_LOSSES,
  FLAP_WINDOW_MS,
  GONE_AFTER_MS,
  GONE_INTERVALS,
  LATE_SLACK_MS,
  RESTART_GRACE_MS,
  TAKE_OVER_MS,
} from './presence-limits.js';

/** A state with its reason and its beginning. */
export interface PresenceSince {
  readonly state: PresenceState;
  readonly cause: PresenceCause;
  readonly sinceMs: number;
}

/** Why a connection of the device ended. */
export type ConnectionEnd = Extract<
  PresenceCause,
  | 'clean-disconnect'
  | 'will'
  | 'connection-lost'
  | 'keep-alive-timeout'
  | 'protocol-error'
  | 'taken-over'
  | 'kicked'
  | 'server-stop'
>;

export type PresenceSignal =
  | { readonly type: 'connected'; readonly atMs: number }
  | { readonly type: 'disconnected'; readonly cause: ConnectionEnd; readonly atMs: number }
  | {
      readonly type: 'status';
      readonly status: StatusPayload;
      readonly will: boolean;
      readonly atMs: number;
    }
  /** The device's `info`: how often it reports, and whether it sleeps in between. */
  | {
      readonly type: 'declared';
      readonly intervalMs: number | undefined;
      readonly sleeps: boolean;
      readonly atMs: number;
    }
  | { readonly type: 'tick'; readonly atMs: number }
  /** The server stops: from now on nobody watches. */
  | { readonly type: 'server-stop'; readonly atMs: number };

/** What the database knows of a device when the server starts. */
export interface RememberedPresence {
  readonly last: PresenceSince;
  readonly lastSeenMs: number | undefined;
  readonly intervalMs: number | undefined;
  readonly sleeps: boolean;
  /** The last sign of life of the server that ran before: until then somebody watched. */
  readonly watchedUntilMs: number;
  readonly nowMs: number;
}

type Verdict = Pick<PresenceSince, 'state' | 'cause'>;

/** Ends that count towards flapping: the connection was lost, not given up. */
const LOSSES: ReadonlySet<ConnectionEnd> = new Set<ConnectionEnd>([
  'connection-lost',
  'keep-alive-timeout',
  'protocol-error',
  'taken-over',
]);

export class DevicePresence {
  #current: PresenceSince;
  #connections = 0;
  #lastSeenMs: number | undefined;
  #intervalMs: number | undefined;
  #sleeps = false;
  /** What last showed that the device lives. */
  #sign: Extract<PresenceCause, 'connected' | 'birth' | 'reported'> = 'connected';
  /** Why it is away while nothing is connected; undefined when it never was here. */
  #end: PresenceCause | undefined;
  #saidOffline = false;
  #handOverUntilMs = 0;
  /** Set from a restart of the server until the device shows itself. */
  #graceEndsMs: number | undefined;
  /** Times of the last lost connections, at most `FLAP_LOSSES`. */
  #losses: number[] = [];
  #lastLoss: ConnectionEnd = 'connection-lost';
  #watched = true;
  /** It has no connection of its own: an integration speaks for it. */
  #isSpokenFor = false;

  private constructor(current: PresenceSince) {
    this.#current = current;
  }

  /** A device that was never here. */
  static registered(atMs: number): DevicePresence {
    return new DevicePresence({ state: 'never-seen', cause: 'registered', sinceMs: atMs });
  }

  /**
   * A device as it stands after a start of the server. Whoever was here is unknown from the moment
   * that nobody watched any more, and gets a grace time to come back.
   */
  static restored(remembered: RememberedPresence): DevicePresence {
    const { last, nowMs } = remembered;
    const sut = new DevicePresence(last);
    sut.#lastSeenMs = remembered.lastSeenMs;
    sut.#intervalMs = remembered.intervalMs;
    sut.#sleeps = remembered.sleeps;
    if (last.state === 'never-seen') return sut;
    if (last.state === 'offline') {
      sut.#end = last.cause;
      return sut;
    }
    sut.#end = 'server-restart';
    sut.#graceEndsMs =
      nowMs + (sut.#sleeps ? Math.max(RESTART_GRACE_MS, sut.#lateAfterMs()) : RESTART_GRACE_MS);
    if (last.state === 'unknown') return sut;
    const sinceMs = Math.min(nowMs, Math.max(last.sinceMs, remembered.watchedUntilMs));
    sut.#current = { state: 'unknown', cause: 'server-restart', sinceMs };
    return sut;
  }

  get current(): PresenceSince {
    return this.#current;
  }

  /** Last sign of life: a connection or an accepted message. */
  get lastSeenMs(): number | undefined {
    return this.#lastSeenMs;
  }

  get isConnected(): boolean {
    return this.#connections > 0;
  }

  /** An accepted message. Apart from `receive`, because it runs for each one of many thousands a second. */
  hear(atMs: number): PresenceSince | undefined {
    if (!this.#watched) return undefined;
    this.#lastSeenMs = atMs;
    this.#saidOffline = false;
    if (this.#current.state === 'online') return undefined;
    this.#sign = 'reported';
    return this.#settle(atMs);
  }

  /**
   * A reading that an integration brought. A device without a connection of its own is judged by what is said of it, like
   * a battery node.
   */
  hearThroughOthers(atMs: number): PresenceSince | undefined {
    if (!this.#watched || this.#connections > 0) return this.hear(atMs);
    this.#isSpokenFor = true;
    this.#end = 'clean-disconnect';
    this.#graceEndsMs = undefined;
    return this.hear(atMs);
  }

  /** Takes a signal in; answers with the new presence when the state changed. */
  receive(signal: PresenceSignal): PresenceSince | undefined {
    if (!this.#watched) return undefined;
    switch (signal.type) {
      case 'connected':
        this.#connections++;
        this.#isSpokenFor = false;
        this.#showUp('connected', signal.atMs);
        break;
      case 'disconnected':
        this.#loseConnection(signal.cause, signal.atMs);
        break;
      case 'status':
        this.#takeStatus(signal.status, signal.will, signal.atMs);
        break;
      case 'declared':
        this.#intervalMs = signal.intervalMs;
        this.#sleeps = signal.sleeps;
        break;
      case 'tick':
        break;
      case 'server-stop':
        this.#watched = false;
        if (!this.#isPresent()) return undefined;
        return this.#change({ state: 'unknown', cause: 'server-stop' }, signal.atMs);
    }
    return this.#settle(signal.atMs);
  }

  #showUp(sign: 'connected' | 'birth', atMs: number): void {
    this.#sign = sign;
    this.#lastSeenMs = atMs;
    this.#saidOffline = false;
    this.#graceEndsMs = undefined;
    this.#end = undefined;
  }

  #loseConnection(cause: ConnectionEnd, atMs: number): void {
    this.#connections = Math.max(0, this.#connections - 1);
    if (LOSSES.has(cause)) {
      this.#losses = [...this.#losses, atMs].slice(-FLAP_LOSSES);
      this.#lastLoss = cause;
    }
    if (cause === 'taken-over') this.#handOverUntilMs = atMs + TAKE_OVER_MS;
    if (this.#connections === 0) this.#end = cause;
  }

  #takeStatus(status: StatusPayload, will: boolean, atMs: number): void {
    if (status === 'online') {
      if (this.#connections > 0) this.#showUp('birth', atMs);
      return;
    }
    if (!will) {
      this.#saidOffline = true;
      return;
    }
    // While a connection is open, or about to be, the will is that of an older one: a take-over publishes it too.
    if (this.#connections > 0 || this.#isHandingOver(atMs)) return;
    if (this.#isPresent()) this.#end = 'will';
  }

  #isHandingOver(nowMs: number): boolean {
    return this.#end === 'taken-over' && nowMs < this.#handOverUntilMs;
  }

  #isPresent(): boolean {
    const { state } = this.#current;
    return state === 'online' || state === 'late' || state === 'flapping';
  }

  #settle(nowMs: number): PresenceSince | undefined {
    const verdict = this.#judge(nowMs);
    return verdict.state === this.#current.state ? undefined : this.#change(verdict, nowMs);
  }

  #change(verdict: Verdict, atMs: number): PresenceSince {
    // A clock that was set back must not make a change older than the one before it.
    this.#current = { ...verdict, sinceMs: Math.max(atMs, this.#current.sinceMs) };
    return this.#current;
  }

  #judge(nowMs: number): Verdict {
    if (this.#isFlapping(nowMs)) return { state: 'flapping', cause: this.#lastLoss };
    if (this.#connections > 0) return this.#judgeConnected(nowMs);
    if (this.#end === undefined) return this.#current;
    if (this.#isHandingOver(nowMs)) return this.#current;
    if (this.#end === 'server-stop') return { state: 'unknown', cause: 'server-stop' };
    if (this.#graceEndsMs !== undefined && nowMs < this.#graceEndsMs) return this.#current;
    const isAwayByNature = this.#sleeps || this.#isSpokenFor;
    if (isAwayByNature && (this.#end === 'clean-disconnect' || this.#end === 'server-restart')) {
      return this.#judgeSleeping(nowMs);
    }
    const cause = this.#saidOffline && this.#end === 'clean-disconnect' ? 'reported' : this.#end;
    return { state: 'offline', cause };
  }

  #judgeConnected(nowMs: number): Verdict {
    if (this.#saidOffline && !this.#sleeps) return { state: 'offline', cause: 'reported' };
    if (this.#intervalMs !== undefined && this.#silentForMs(nowMs) >= this.#lateAfterMs()) {
      return { state: 'late', cause: 'missed-interval' };
    }
    return { state: 'online', cause: this.#sign };
  }

  /** Between two reports of a battery node: expected, not missing. */
  #judgeSleeping(nowMs: number): Verdict {
    const silentMs = this.#silentForMs(nowMs);
    const interval = this.#intervalMs ?? ASSUMED_SLEEP_MS;
    if (silentMs >= Math.max(GONE_AFTER_MS, GONE_INTERVALS * interval)) {
      return { state: 'offline', cause: 'missed-interval' };
    }
    if (silentMs >= this.#lateAfterMs()) return { state: 'late', cause: 'missed-interval' };
    return { state: 'online', cause: this.#sign };
  }

  #isFlapping(nowMs: number): boolean {
    const first = this.#losses[0];
    const last = this.#losses.at(-1);
    if (first === undefined || last === undefined || this.#losses.length < FLAP_LOSSES)
      return false;
    return last - first <= FLAP_WINDOW_MS && nowMs - last < FLAP_CALM_MS;
  }

  #silentForMs(nowMs: number): number {
    return nowMs - (this.#lastSeenMs ?? this.#current.sinceMs);
  }

  #lateAfterMs(): number {
    const interval = this.#intervalMs ?? ASSUMED_SLEEP_MS;
    return Math.max(2 * interval, interval + LATE_SLACK_MS);
  }
}
