// A message on its way through the broker: shared by everyone who receives it.

import { heldBytesOf, NO_PROPERTIES, type Properties } from '../codec/properties.js';
import type { PublishContent } from '../codec/publish.js';
import type {
  DeliveryOutcome,
  Message,
  ProtocolVersion,
  PublishProperties,
  QoS,
} from '../message.js';
import type { Topic } from '../topic/topic-name.js';

/** An encoded PUBLISH in somebody's buffer. */
export interface Frame {
  readonly buffer: Buffer;
  readonly start: number;
  readonly end: number;
}

/** Where a message comes from and what it says. */
export interface MessageOrigin {
  address: Topic;
  buffer: Buffer;
  payloadStart: number;
  payloadEnd: number;
  qos: QoS;
  retain: boolean;
  dup: boolean;
  content: Readonly<Properties>;
  receivedAtMs: number;
  kind: 'publish' | 'will';
}

/** Seconds of expiry are counted from its receipt; the payload may be a view until `keep` is called. */
export class RoutedMessage implements Message, PublishContent {
  readonly address: Topic;
  buffer: Buffer;
  payloadStart: number;
  payloadEnd: number;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly dup: boolean;
  readonly content: Readonly<Properties>;
  readonly receivedAtMs: number;
  readonly kind: 'publish' | 'will';
  /** The QoS 0 frame without RETAIN in the 3.x and in the v5 form, once somebody needed it. */
  frame3: Frame | undefined = undefined;
  frame5: Frame | undefined = undefined;
  onDelivery: ((delivery: DeliveryOutcome) => void) | undefined = undefined;
  /** Its number in the journal, and how many recorded deliveries need it there. */
  storedId = 0;
  storedBy = 0;
  #owned = false;
  #contentBytes: number | undefined = undefined;
  #payload: Buffer | undefined = undefined;

  constructor(origin: MessageOrigin) {
    this.address = origin.address;
    this.buffer = origin.buffer;
    this.payloadStart = origin.payloadStart;
    this.payloadEnd = origin.payloadEnd;
    this.qos = origin.qos;
    this.retain = origin.retain;
    this.dup = origin.dup;
    this.content = origin.content;
    this.receivedAtMs = origin.receivedAtMs;
    this.kind = origin.kind;
  }

  get topic(): string {
    return this.address.name;
  }

  get payload(): Buffer {
    return (this.#payload ??= this.buffer.subarray(this.payloadStart, this.payloadEnd));
  }

  get properties(): PublishProperties | undefined {
    return this.content === NO_PROPERTIES ? undefined : this.content;
  }

  /** Bytes that it costs to keep this message waiting. */
  get heldBytes(): number {
    this.#contentBytes ??= heldBytesOf(this.content);
    return this.payloadEnd - this.payloadStart + this.address.wire.length + this.#contentBytes;
  }

  /** Makes the payload this message's own, so that it may outlive the receive buffer. */
  keep(): this {
    if (this.#owned) return this;
    const bytes = this.payloadEnd - this.payloadStart;
    const own = Buffer.allocUnsafeSlow(bytes);
    this.buffer.copy(own, 0, this.payloadStart, this.payloadEnd);
    this.buffer = own;
    this.payloadStart = 0;
    this.payloadEnd = bytes;
    this.#payload = undefined;
    this.#owned = true;
    return this;
  }

  /** Seconds of life left, undefined without an expiry; 0 or less is expired. */
  secondsLeft(nowMs: number): number | undefined {
    const expiry = this.content.messageExpiryInterval;
    if (expiry === undefined) return undefined;
    return expiry - Math.floor((nowMs - this.receivedAtMs) / 1000);
  }

  isExpired(nowMs: number): boolean {
    const left = this.secondsLeft(nowMs);
    return left !== undefined && left <= 0;
  }

  sharedFrame(version: ProtocolVersion): Frame | undefined {
    return version === 5 ? this.frame5 : this.frame3;
  }

  shareFrame(version: ProtocolVersion, frame: Frame): void {
    if (version === 5) this.frame5 = frame;
    else this.frame3 = frame;
  }
}
