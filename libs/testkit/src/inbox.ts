// What a server sent and nobody has asked for yet, in order; its end is an arrival too.

import type { Received } from './wire/packet-reader.js';

/** A packet, or (without one) the end of the connection. */
export interface Arrival {
  packet: Received | undefined;
}

interface Waiter {
  resolve: (arrival: Arrival) => void;
  reject: (error: Error) => void;
}

export class Inbox {
  readonly packets: Received[] = [];
  isEnded = false;
  #failure: Error | undefined;
  #waiter: Waiter | undefined;

  add(packet: Received): void {
    this.packets.push(packet);
    this.#serve();
  }

  end(): void {
    this.isEnded = true;
    this.#serve();
  }

  /** The server sent what cannot be read. */
  fail(error: Error): void {
    this.#failure = error;
    this.#serve();
  }

  /** The next arrival; rejects with `what` after `waitMs` without one. One wait at a time. */
  next(waitMs: number, what: string): Promise<Arrival> {
    if (this.#waiter !== undefined) throw new Error(`${what}: somebody else is waiting already`);
    return new Promise<Arrival>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiter = undefined;
        reject(new Error(`${what}: nothing came within ${waitMs} ms`));
      }, waitMs);
      const settle = (then: () => void): void => {
        clearTimeout(timer);
        this.#waiter = undefined;
        then();
      };
      this.#waiter = {
        resolve: (arrival) => settle(() => resolve(arrival)),
        reject: (error) => settle(() => reject(error)),
      };
      this.#serve();
    });
  }

  #serve(): void {
    if (this.#waiter === undefined) return;
    const packet = this.packets.shift();
    if (packet !== undefined) this.#waiter.resolve({ packet });
    else if (this.#failure !== undefined) this.#waiter.reject(this.#failure);
    else if (this.isEnded) this.#waiter.resolve({ packet: undefined });
  }
}
