// The connection of a replayed room. Comes back when it is lost and sends again what was not acknowledged: the server
// keeps a reading that it gets twice once.
import type { InfoPayload } from '@hearth/contracts';
import type { Clock } from '../clock.js';
import { BackOff } from '../device/back-off.js';
import { Connection, type ConnectionOptions } from '../device/connection.js';
import { isPermanentRefusal, isRefusal } from '../device/refusal.js';
import { SimulatorError } from '../errors.js';
import type { Random } from '../random.js';

/** Failed connections in a row, or tries of one message, after which the room is given up: about a minute. */
const MAX_TRIES = 6;
const FAREWELL_MS = 5_000;

export interface ReplayLinkOptions extends ConnectionOptions {
  readonly info: InfoPayload;
  readonly clock: Clock;
  readonly random: Random;
  readonly stop: AbortSignal;
}

export class ReplayLink {
  readonly #options: ReplayLinkOptions;
  readonly #backOff: BackOff;
  /** The connection, or the making of it; rejected once the room is given up. */
  #connection: Promise<Connection> | undefined;
  #current: Connection | undefined;
  #latest: Connection | undefined;

  constructor(options: ReplayLinkOptions) {
    this.#options = options;
    this.#backOff = new BackOff(options.random);
    // What waits for the server must not keep a person waiting who pressed Ctrl+C.
    options.stop.addEventListener('abort', () => this.#latest?.destroy(), { once: true });
  }

  /** How many messages may be under way: what the server takes, at most `wanted`. */
  async window(wanted: number): Promise<number> {
    const connection = await this.#connect();
    return Math.min(wanted, connection.receiveMaximum);
  }

  /** Resolves when the server has acknowledged the message with success. */
  async publish(payload: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const connection = await this.#connect();
      try {
        await connection.publishTelemetry(payload);
        this.#backOff.reset();
        return;
      } catch (error) {
        const final = isRefusal(error) && isPermanentRefusal(error);
        if (!final && attempt < MAX_TRIES && !this.#options.stop.aborted) {
          if (isRefusal(error)) await this.#wait(this.#backOff.next());
          continue;
        }
        const why = error instanceof Error ? error.message : 'unknown error';
        throw new SimulatorError(`a message was not acknowledged: ${why}`, { cause: error });
      }
    }
  }

  /** Offline status and DISCONNECT. */
  async close(): Promise<void> {
    const connection = await this.#connection?.catch(() => undefined);
    this.#connection = undefined;
    if (connection === undefined) return;
    let cancel = () => {};
    const late = new Promise<void>((resolve) => {
      cancel = this.#options.clock.after(FAREWELL_MS, resolve);
    });
    const farewell = connection.publishStatus('offline').then(() => connection.end());
    await Promise.race([farewell.catch(() => {}), late]);
    cancel();
    connection.destroy();
  }

  async #connect(): Promise<Connection> {
    this.#connection ??= this.#connectAnew();
    return this.#connection;
  }

  async #connectAnew(): Promise<Connection> {
    for (let attempt = 1; ; attempt += 1) {
      const opened = await this.#try();
      if (typeof opened !== 'string') {
        this.#current = opened;
        return opened;
      }
      if (attempt >= MAX_TRIES || this.#options.stop.aborted) {
        throw new SimulatorError(`no connection to ${this.#options.brokerUrl}: ${opened}`);
      }
      await this.#wait(this.#backOff.next());
    }
  }

  /** An open connection that has introduced itself, or why there is none. */
  async #try(): Promise<Connection | string> {
    const opening = await new Promise<Connection | string>((resolve) => {
      const connection: Connection = new Connection(this.#options, {
        opened: () => resolve(connection),
        message: () => {},
        closed: (why) => {
          if (this.#current === connection) this.#connection = undefined;
          resolve(why ?? 'closed');
        },
      });
      this.#latest = connection;
    });
    if (typeof opening === 'string') return opening;
    try {
      await Promise.all([opening.publishStatus('online'), opening.publishInfo(this.#options.info)]);
      return opening;
    } catch (error) {
      opening.destroy();
      return error instanceof Error ? error.message : 'unknown error';
    }
  }

  async #wait(ms: number): Promise<void> {
    const { clock, stop } = this.#options;
    await new Promise<void>((resolve) => {
      const cancel = clock.after(ms, resolve);
      stop.addEventListener('abort', () => (cancel(), resolve()), { once: true });
    });
  }
}
