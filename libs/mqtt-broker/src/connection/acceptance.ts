// Asks the embedding program whether a message is accepted, and when.

import { ReasonCode } from '../codec/reason-codes.js';
import type { Counters } from '../counters.js';
import type { Accept, Message, Sender } from '../message.js';
import { reasonOf } from './ack-queue.js';

/** A reason code of 0x80 or above: refused before it was routed. A promise: acknowledge when it settles. */
export type Outcome = number | Promise<void>;

export class Acceptance {
  readonly #accept: Accept | undefined;
  readonly #counters: Counters;
  #last: Promise<void> | undefined;

  constructor(accept: Accept | undefined, counters: Counters) {
    this.#accept = accept;
    this.#counters = counters;
  }

  ask(message: Message, sender: Sender): Outcome {
    if (this.#accept === undefined) return ReasonCode.success;
    try {
      const accepted = this.#accept(message, sender);
      return accepted === undefined ? ReasonCode.success : this.surviving(accepted);
    } catch (error) {
      this.#counters.acceptFailures++;
      return reasonOf(error);
    }
  }

  /** Whoever awaits it sees a rejection again; this keeps one that nobody awaits from ending the process. */
  surviving(promise: Promise<void>): Promise<void> {
    // A batch's promise comes once per message.
    if (promise === this.#last) return promise;
    this.#last = promise;
    promise.then(undefined, () => this.#counters.acceptFailures++);
    return promise;
  }
}
