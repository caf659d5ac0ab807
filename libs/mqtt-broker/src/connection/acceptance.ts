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
  #pair: { accepted: Promise<void>; committed: Promise<void>; both: Promise<void> } | undefined;

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

  /** One promise for two that a message waits for: the same for all messages that wait for the same two. */
  both(accepted: Promise<void>, committed: Promise<void>): Promise<void> {
    if (accepted === committed) return accepted;
    let pair = this.#pair;
    if (pair?.accepted !== accepted || pair.committed !== committed) {
      const both = this.surviving(Promise.all([accepted, committed]).then(() => undefined));
      pair = this.#pair = { accepted, committed, both };
    }
    return pair.both;
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
