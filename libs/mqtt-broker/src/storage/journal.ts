// The broker's pen on its storage: numbers messages and deliveries, knows what is not committed yet, and does
// what must not be done before it is.

import { heldBytesOf } from '../codec/properties.js';
import type { RoutedMessage } from '../routing/routed-message.js';
import type { Change, Storage } from './storage.js';

// What a change weighs beside its payload, for the bound on what waits.
const CHANGE_BYTES = 100;
const COMMITTED = Promise.resolve();

/** Changes whose commit is under way or to come, and what is to be done after it. */
interface Batch {
  readonly promise: Promise<void>;
  readonly actions: (() => void)[];
  /** How far the journal was when somebody asked for this commit last. */
  position: number;
  bytes: number;
}

export class Journal {
  readonly #storage: Storage | undefined;
  readonly #onError: (error: unknown) => void;
  #position = 0;
  #bytes = 0;
  #committed = 0;
  #committedBytes = 0;
  #batch: Batch | undefined;
  #lastMessageId = 0;
  #lastDeliveryId = 0;

  constructor(storage: Storage | undefined, onError: (error: unknown) => void) {
    this.#storage = storage;
    this.#onError = onError;
  }

  /** Whether there is anything to write to. */
  get isOn(): boolean {
    return this.#storage !== undefined;
  }

  /** Grows with every change: whoever compares it before and after knows whether something must be committed. */
  get position(): number {
    return this.#position;
  }

  /** About how many bytes wait for the medium. */
  get uncommittedBytes(): number {
    return this.#bytes - this.#committedBytes;
  }

  append(change: Change): void {
    if (this.#storage === undefined) return;
    this.#position++;
    this.#bytes += CHANGE_BYTES + payloadBytes(change);
    this.#storage.append(change);
    void this.committed();
  }

  /** Resolves when all that was appended so far is durable: one promise per batch. */
  committed(): Promise<void> {
    if (this.#storage === undefined || this.#committed === this.#position) return COMMITTED;
    const promise = this.#storage.commit();
    let batch = this.#batch;
    if (batch?.promise !== promise) {
      batch = { promise, actions: [], position: 0, bytes: 0 };
      this.#follow(batch);
    }
    batch.position = this.#position;
    batch.bytes = this.#bytes;
    return promise;
  }

  /** Does something once all that was appended so far is durable, in the order of asking; at once when it is. */
  afterCommit(act: () => void): void {
    if (this.#committed === this.#position) {
      act();
      return;
    }
    void this.committed();
    this.#batch?.actions.push(act);
  }

  #follow(batch: Batch): void {
    this.#batch = batch;
    batch.promise.then(
      () => {
        if (this.#batch === batch) this.#batch = undefined;
        this.#committed = batch.position;
        this.#committedBytes = batch.bytes;
        for (const act of batch.actions) this.#do(act);
      },
      // The storage was closed: what rests on it is never done.
      () => undefined,
    );
  }

  #do(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#onError(error);
    }
  }

  /** A number for the next delivery. */
  nextDeliveryId(): number {
    return ++this.#lastDeliveryId;
  }

  /** One more delivery needs this message; the first has it stored. */
  hold(message: RoutedMessage): number {
    if (message.storedId === 0) {
      message.storedId = ++this.#lastMessageId;
      const { topic, qos, retain, content, receivedAtMs } = message;
      const { payload } = message.keep();
      this.append({
        type: 'message',
        id: message.storedId,
        message: { topic, payload, qos, retain, properties: content, receivedAtMs },
      });
    }
    message.storedBy++;
    return message.storedId;
  }

  /** One delivery less needs it; with the last it is forgotten. */
  release(message: RoutedMessage): void {
    message.storedBy--;
    if (message.storedBy > 0) return;
    this.append({ type: 'message-end', id: message.storedId });
    message.storedId = 0;
  }

  /** Numbers go on behind those that the storage knows. */
  continueAfter(messageId: number, deliveryId: number): void {
    this.#lastMessageId = Math.max(this.#lastMessageId, messageId);
    this.#lastDeliveryId = Math.max(this.#lastDeliveryId, deliveryId);
  }
}

function payloadBytes(change: Change): number {
  if (change.type === 'message' || change.type === 'retained') {
    return change.message.payload.length + heldBytesOf(change.message.properties);
  }
  return change.type === 'session' ? (change.session.will?.payload.length ?? 0) : 0;
}
