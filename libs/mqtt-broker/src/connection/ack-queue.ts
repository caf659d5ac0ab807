// Acknowledgements in the order of the PUBLISHes that they answer, each after its acceptance. Messages
// that wait for one promise wait together: a batch costs one reaction per connection.

import { ReasonCode } from '../codec/reason-codes.js';
import { AcceptRefused } from '../errors.js';

const QOS2 = 0x10000;

interface Group {
  readonly promise: Promise<void> | undefined;
  /** Packet identifiers, with QOS2 added where PUBREC is the answer. */
  readonly entries: number[];
  /** Since when its first message waits; epoch milliseconds. */
  readonly sinceMs: number;
  bytes: number;
  reasonCode: number;
  settled: boolean;
}

/** Called for each acknowledgement when its turn has come; `reasonCode` is below 0x80 when accepted. */
export type Acknowledge = (qos: 1 | 2, packetId: number, reasonCode: number) => void;

/** First in, first out. [MQTT-4.6.0-2] [MQTT-4.6.0-3] */
export class AckQueue {
  readonly #acknowledge: Acknowledge;
  readonly #onProgress: () => void;
  readonly #beginWait: () => number;
  readonly #groups: Group[] = [];
  #pending = 0;
  #pendingQos1 = 0;
  #bytes = 0;

  /** `beginWait` is called when messages begin to wait, and answers the time in epoch milliseconds. */
  constructor(acknowledge: Acknowledge, onProgress: () => void, beginWait: () => number) {
    this.#acknowledge = acknowledge;
    this.#onProgress = onProgress;
    this.#beginWait = beginWait;
  }

  get pending(): number {
    return this.#pending;
  }

  get pendingQos1(): number {
    return this.#pendingQos1;
  }

  get pendingBytes(): number {
    return this.#bytes;
  }

  /** Since when the one waits that has waited longest; undefined when none does. */
  get oldestSinceMs(): number | undefined {
    return this.#groups[0]?.sinceMs;
  }

  /** Acknowledges when the promise (none: at once) has settled and all before it are done: with `reasonCode` when all went well. */
  add(
    qos: 1 | 2,
    packetId: number,
    bytes: number,
    promise: Promise<void> | undefined,
    reasonCode: number = ReasonCode.success,
  ): void {
    this.#enqueue(qos, packetId, bytes, promise, reasonCode);
  }

  /** Acknowledges with a reason code that is known already, in turn. */
  addSettled(qos: 1 | 2, packetId: number, reasonCode: number): void {
    this.#enqueue(qos, packetId, 0, undefined, reasonCode);
  }

  #enqueue(
    qos: 1 | 2,
    packetId: number,
    bytes: number,
    promise: Promise<void> | undefined,
    reasonCode: number,
  ): void {
    if (promise === undefined && this.#groups.length === 0) {
      this.#acknowledge(qos, packetId, reasonCode);
      return;
    }
    this.#pending++;
    if (qos === 1) this.#pendingQos1++;
    this.#bytes += bytes;
    const entry = qos === 2 ? packetId | QOS2 : packetId;
    const last = this.#groups[this.#groups.length - 1];
    if (last !== undefined && last.promise === promise && last.reasonCode === reasonCode) {
      last.entries.push(entry);
      last.bytes += bytes;
      return;
    }
    const settled = promise === undefined;
    const sinceMs = this.#beginWait();
    const group: Group = { promise, entries: [entry], sinceMs, bytes, reasonCode, settled };
    this.#groups.push(group);
    promise?.then(
      () => this.#settle(group, reasonCode),
      (error: unknown) => this.#settle(group, reasonOf(error)),
    );
  }

  #settle(group: Group, reasonCode: number): void {
    group.settled = true;
    group.reasonCode = reasonCode;
    while (this.#groups[0]?.settled === true) {
      const done = this.#groups.shift();
      if (done === undefined) break;
      this.#pending -= done.entries.length;
      this.#bytes -= done.bytes;
      for (const entry of done.entries) {
        const qos = entry >= QOS2 ? 2 : 1;
        if (qos === 1) this.#pendingQos1--;
        this.#acknowledge(qos, entry & 0xffff, done.reasonCode);
      }
    }
    this.#onProgress();
  }
}

// What PUBACK and PUBREC may say of a refusal, tables 3-4 and 3-5.
const refusals = new Set([0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]);

/** The reason code that a failed acceptance is acknowledged with. [MQTT-3.4.2-1] [MQTT-3.5.2-1] */
export function reasonOf(error: unknown): number {
  if (error instanceof AcceptRefused && refusals.has(error.reasonCode)) return error.reasonCode;
  return ReasonCode.implementationSpecificError;
}
