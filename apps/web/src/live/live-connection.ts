// One WebSocket to /live: opens, parses, notices silence, comes back with growing pauses.
// Knows nothing of React or of the query cache; sockets and timers are passed in.
import { liveMessageSchema, type LiveMessage } from '@hearth/contracts';

/** Pauses before the next attempt, in milliseconds; the last one repeats. */
export const RETRY_DELAYS_MS: readonly number[] = [300, 1_000, 2_000, 4_000, 8_000];
/** A connection that has not opened by then is given up. */
export const OPEN_TIMEOUT_MS = 8_000;
/** After so long without a frame the server is asked whether it is there: a half-open connection says nothing. */
export const SILENCE_MS = 20_000;
/** The part of a pause that chance decides, so that many tabs do not come back in one moment. */
const JITTER = 0.3;

export type LiveState = 'connecting' | 'open' | 'waiting' | 'stopped';

/** Who listens to a socket. */
export interface LiveSocketListener {
  readonly message: (data: unknown) => void;
  readonly closed: () => void;
}

export interface LiveConnectionPorts {
  /** Opens a socket; the answer closes it. */
  readonly openSocket: (listener: LiveSocketListener) => () => void;
  /** Calls back once after so many milliseconds; the answer cancels. */
  readonly after: (ms: number, callback: () => void) => () => void;
  readonly random: () => number;
  /** Asks the server another way whether it is there; false when it does not answer. */
  readonly probe: () => Promise<boolean>;
  readonly onMessage: (message: LiveMessage) => void;
  readonly onState: (state: LiveState) => void;
  /** An attempt failed: the session may have ended. */
  readonly onRefused: () => void;
}

export class LiveConnection {
  readonly #ports: LiveConnectionPorts;
  #closeSocket: (() => void) | undefined;
  /** Counts attempts: what an abandoned socket still says is not heard. */
  #attempt = 0;
  #cancelTimer: (() => void) | undefined;
  #failures = 0;
  #state: LiveState = 'stopped';

  constructor(ports: LiveConnectionPorts) {
    this.#ports = ports;
  }

  start(): void {
    if (this.#state === 'stopped') this.#connect();
  }

  stop(): void {
    this.#abandonSocket();
    this.#failures = 0;
    this.#enter('stopped');
  }

  /** The network is back or the page is looked at again: does not wait for the pause to end. */
  hurry(): void {
    if (this.#state === 'waiting') this.#connect();
  }

  #connect(): void {
    this.#abandonSocket();
    this.#enter('connecting');
    this.#attempt += 1;
    const attempt = this.#attempt;
    const ifCurrent = (act: () => void) => {
      if (attempt === this.#attempt) act();
    };
    this.#cancelTimer = this.#ports.after(OPEN_TIMEOUT_MS, () => this.#retryLater());
    this.#closeSocket = this.#ports.openSocket({
      message: (data) => ifCurrent(() => this.#receive(data)),
      closed: () => ifCurrent(() => this.#retryLater()),
    });
  }

  #receive(data: unknown): void {
    const message = parseFrame(data);
    if (message === undefined) return;
    // Open means welcomed: a proxy may accept the upgrade while the server behind it is away.
    if (this.#state === 'connecting') {
      this.#failures = 0;
      this.#enter('open');
    }
    this.#watchSilence();
    this.#ports.onMessage(message);
  }

  #watchSilence(): void {
    this.#cancelTimer?.();
    const attempt = this.#attempt;
    this.#cancelTimer = this.#ports.after(SILENCE_MS, () => {
      void this.#ports.probe().then((isThere) => {
        if (attempt !== this.#attempt) return;
        if (isThere) this.#watchSilence();
        else this.#retryLater();
      });
    });
  }

  #retryLater(): void {
    const refused = this.#state === 'connecting';
    this.#abandonSocket();
    const delay = RETRY_DELAYS_MS[Math.min(this.#failures, RETRY_DELAYS_MS.length - 1)] ?? 0;
    this.#failures += 1;
    this.#enter('waiting');
    const jittered = delay * (1 - JITTER * this.#ports.random());
    this.#cancelTimer = this.#ports.after(jittered, () => this.#connect());
    if (refused) this.#ports.onRefused();
  }

  #abandonSocket(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#attempt += 1;
    this.#closeSocket?.();
    this.#closeSocket = undefined;
  }

  #enter(state: LiveState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#ports.onState(state);
  }
}

function parseFrame(data: unknown): LiveMessage | undefined {
  if (typeof data !== 'string') return undefined;
  let frame: unknown;
  try {
    frame = JSON.parse(data);
  } catch {
    return undefined;
  }
  // A newer server may say things that this page does not know yet.
  return liveMessageSchema.safeParse(frame).data;
}
