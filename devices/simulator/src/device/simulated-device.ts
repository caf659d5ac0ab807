// A board that is switched on: measures, keeps a connection, buffers while it has none, obeys commands, loses its
// power. Its program says what it measures; this file says how a good device behaves on the network.
import type { Cancel, Clock } from '../clock.js';
import type { Random } from '../random.js';
import { BackOff } from './back-off.js';
import { readCommand, responseTopicFor, runCommand } from './command-message.js';
import { Connection, type ConnectionOptions, type IncomingMessage } from './connection.js';
import { encodeEntries, Outbox, type Parcel } from './outbox.js';
import type { Program } from './program.js';
import { isPermanentRefusal, isRefusal } from './refusal.js';

/** A link that held this long was a good one: the next loss starts with the shortest wait. */
const STABLE_LINK_MS = 60_000;
/** How long a farewell may take before the socket is closed all the same. */
const FAREWELL_MS = 2_000;

export interface SimulatedDeviceOptions extends ConnectionOptions {
  readonly intervalSeconds: number;
  readonly sleeps: boolean;
  readonly program: Program;
  readonly clock: Clock;
  readonly random: Random;
  /** One line for the person who watches. */
  readonly report: (text: string) => void;
}

export class SimulatedDevice {
  readonly #options: SimulatedDeviceOptions;
  readonly #backOff: BackOff;
  readonly #outbox = new Outbox();
  #connection: Connection | undefined;
  #open = false;
  #openedAtMs = 0;
  #births = 0;
  #powered = false;
  #wifi = true;
  #sequence = 0;
  #nextReportMs = 0;
  #urgentSeen: string | boolean | undefined;
  #stateSeen = '';
  #lastTrouble: string | undefined;
  #cancelRetry: Cancel | undefined;

  constructor(options: SimulatedDeviceOptions) {
    this.#options = options;
    this.#backOff = new BackOff(options.random);
  }

  get deviceId(): string {
    return this.#options.deviceId;
  }

  get powered(): boolean {
    return this.#powered;
  }

  /** Readings not yet acknowledged, and readings lost because too many were waiting. */
  get backlog(): { waiting: number; dropped: number } {
    return { waiting: this.#outbox.size, dropped: this.#outbox.dropped };
  }

  /** Boots: connects at once, measures at the next tick. */
  powerOn(): void {
    if (this.#powered) return;
    this.#powered = true;
    this.#nextReportMs = 0;
    this.#backOff.reset();
    if (!this.#options.sleeps) this.#connect();
  }

  /** Pulls the plug: the socket dies without a DISCONNECT, and what was in memory is lost. */
  powerCut(): void {
    if (!this.#powered) return;
    this.#powered = false;
    this.#leave();
    this.#outbox.clear();
    this.#sequence = 0;
  }

  /** The radio is out of reach: the link dies, measuring goes on into the outbox. */
  wifiDrop(): void {
    this.#wifi = false;
    this.#leave();
  }

  wifiRestore(): void {
    if (this.#wifi) return;
    this.#wifi = true;
    if (this.#powered && !this.#options.sleeps) this.#connect();
  }

  /** Puts a past reading into the outbox, for a house that has lived before it was connected. */
  remember(tsMs: number): void {
    this.#queue(tsMs);
  }

  /** Looks whether something is due. Call it about twice a second. */
  tick(): void {
    if (!this.#powered) return;
    const now = this.#options.clock.now();
    const urgent = this.#options.program.urgent?.();
    const changed = urgent !== this.#urgentSeen;
    if (now >= this.#nextReportMs || changed) {
      this.#urgentSeen = urgent;
      this.#nextReportMs = now + this.#options.intervalSeconds * 1_000;
      this.#queue(now);
      this.#sendState();
    } else if (this.#stateKey() !== this.#stateSeen) {
      this.#sendState();
    }
    this.#pump();
    if (this.#options.sleeps && this.#outbox.size > 0) this.#connect();
  }

  /** Says goodbye: offline status, DISCONNECT. Resolves when the socket is closed. */
  async stop(): Promise<void> {
    this.#powered = false;
    this.#cancelRetry?.();
    const connection = this.#connection;
    if (connection === undefined) return;
    let cancel: Cancel = () => {};
    const late = new Promise<void>((resolve) => {
      cancel = this.#options.clock.after(FAREWELL_MS, resolve);
    });
    const said = this.#open ? connection.publishStatus('offline') : Promise.resolve();
    const farewell = said.then(() => connection.end()).catch(() => {});
    await Promise.race([farewell, late]);
    cancel();
    this.#leave();
  }

  #connect(): void {
    if (this.#connection !== undefined || !this.#powered || !this.#wifi) return;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    const connection: Connection = new Connection(this.#options, {
      opened: () => this.#opened(connection),
      message: (message) => this.#receive(message),
      closed: (why) => this.#closed(connection, why),
    });
    this.#connection = connection;
  }

  #leave(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    const connection = this.#connection;
    this.#connection = undefined;
    this.#open = false;
    this.#outbox.recall();
    connection?.destroy();
  }

  #opened(connection: Connection): void {
    // Switched off or stopped in the meantime: whoever did it ends the connection.
    if (connection !== this.#connection || !this.#powered) return;
    this.#open = true;
    this.#openedAtMs = this.#options.clock.now();
    this.#lastTrouble = undefined;
    if (!this.#options.sleeps) this.#options.report('connected');
    this.#births += 1;
    this.#send(
      Promise.all([
        connection.publishStatus('online'),
        connection.publishInfo(this.#options.program.info),
      ]).then(() => {
        this.#births -= 1;
        this.#sleepWhenDone();
      }),
    );
    this.#sendState();
    this.#pump();
  }

  #closed(connection: Connection, why: string | undefined): void {
    if (connection !== this.#connection) return;
    this.#connection = undefined;
    const now = this.#options.clock.now();
    if (this.#open && now - this.#openedAtMs >= STABLE_LINK_MS) this.#backOff.reset();
    this.#open = false;
    this.#births = 0;
    this.#outbox.recall();
    if (why !== undefined && why !== this.#lastTrouble) this.#options.report(`offline: ${why}`);
    this.#lastTrouble = why;
    if (!this.#powered || !this.#wifi || this.#options.sleeps) return;
    this.#cancelRetry = this.#options.clock.after(this.#backOff.next(), () => this.#connect());
  }

  /** What of the state is worth a message of its own. The temperature and the seconds of a reason change all the time. */
  #stateKey(): string {
    const climate = this.#options.program.state?.().climate;
    if (climate === undefined) return '';
    const { current: _current, reason, ...rest } = climate;
    return JSON.stringify({ ...rest, reason: reason === null });
  }

  #queue(tsMs: number): void {
    const metrics = this.#options.program.measure();
    this.#outbox.push({ ...metrics, ts: Math.round(tsMs), seq: this.#sequence++ });
  }

  #pump(): void {
    const connection = this.#connection;
    if (connection === undefined || !this.#open) return;
    for (let parcel = this.#outbox.take(); parcel !== undefined; parcel = this.#outbox.take()) {
      void this.#deliver(connection, parcel);
    }
  }

  async #deliver(connection: Connection, parcel: Parcel): Promise<void> {
    try {
      await connection.publishTelemetry(encodeEntries(parcel.entries));
      this.#outbox.settle(parcel.id);
      if (connection !== this.#connection) return;
      this.#pump();
      this.#sleepWhenDone();
    } catch (error) {
      // Without a reason code the link was lost: the entries were recalled, or will be.
      if (!isRefusal(error)) return;
      this.#options.report(`telemetry refused: ${error.message}`);
      if (isPermanentRefusal(error)) this.#outbox.settle(parcel.id);
      else this.#outbox.retry(parcel.id);
    }
  }

  #sleepWhenDone(): void {
    if (!this.#options.sleeps || this.#births > 0 || this.#outbox.size > 0) return;
    const connection = this.#connection;
    this.#connection = undefined;
    this.#open = false;
    void connection?.end().catch(() => {});
  }

  #sendState(): void {
    const state = this.#options.program.state?.();
    if (state === undefined || this.#connection === undefined || !this.#open) return;
    this.#stateSeen = this.#stateKey();
    this.#send(this.#connection.publishState(state));
  }

  #receive(message: IncomingMessage): void {
    const { clock, program, report, deviceId } = this.#options;
    const connection = this.#connection;
    if (connection === undefined) return;
    const received = readCommand(message.topic, message.payload, clock.now());
    if (received.what === 'ignored') {
      report(received.why);
      return;
    }
    const topic = responseTopicFor(deviceId, message.responseTopic);
    for (const response of runCommand(program, received.name, received.payload)) {
      const why = response.reason === undefined ? '' : `: ${response.reason}`;
      report(`command ${received.name} ${response.status}${why}`);
      if (response.status === 'applied') this.#sendState();
      const payload = JSON.stringify(response);
      this.#send(connection.publishResponse(topic, payload, message.correlationData));
    }
    this.#nextReportMs = 0;
  }

  /** For messages that are not kept: after a lost link they are said anew, or no longer matter. */
  #send(sending: Promise<unknown>): void {
    sending.catch((error: unknown) => {
      if (isRefusal(error)) this.#options.report(`refused: ${error.message}`);
    });
  }
}
