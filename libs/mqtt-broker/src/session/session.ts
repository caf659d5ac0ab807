// The state that one client identifier of one principal keeps between connections: subscriptions,
// deliveries under way, received QoS 2 packet identifiers, and messages that wait.

import { ReasonCode } from '../codec/reason-codes.js';
import type { DropReason } from '../events.js';
import type { Clock } from '../clock.js';
import type { Limits } from '../limits.js';
import type { DeliveryOutcome, QoS } from '../message.js';
import type { RoutedMessage } from '../routing/routed-message.js';
import type { TopicFilter } from '../topic/topic-filter.js';
import { Inflight } from './inflight.js';
import { MessageQueue } from './message-queue.js';
import { Patience } from './patience.js';
import type { Delivery, SessionLink } from './session-link.js';

/** One subscription with its options. */
export interface Subscription {
  readonly filter: TopicFilter;
  readonly qos: QoS;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  /** 0 for none. */
  readonly identifier: number;
}

/** Told of every message that a session loses. */
export type ReportDrop = (session: Session, message: RoutedMessage, reason: DropReason) => void;

/** What became of one message at one session. */
export type Handed = 'sent' | 'queued' | 'dropped';

export class Session {
  readonly key: string;
  readonly clientId: string;
  readonly principalId: string;
  readonly subscriptions = new Map<string, Subscription>();
  readonly inflight = new Inflight();
  readonly queue: MessageQueue;
  /** QoS 2 packet identifiers received and not yet released; the promise is its acceptance, while open. */
  readonly incoming = new Map<number, Promise<void> | undefined>();
  /** Seconds that it outlives a connection. */
  expirySeconds = 0;
  link: SessionLink | undefined = undefined;
  /** With this session, while it is connected and falls behind. */
  readonly patience: Patience;
  readonly #clock: Clock;
  readonly #reportDrop: ReportDrop;

  constructor(
    key: string,
    clientId: string,
    principalId: string,
    limits: Limits,
    ports: { clock: Clock; reportDrop: ReportDrop },
  ) {
    this.key = key;
    this.clientId = clientId;
    this.principalId = principalId;
    this.queue = new MessageQueue(limits.maxQueuedMessages, limits.maxQueuedBytes);
    this.#clock = ports.clock;
    this.patience = new Patience(ports.clock, limits.receiverPatienceMs);
    this.#reportDrop = ports.reportDrop;
  }

  /** Whether a QoS 1 or 2 message would go out at once. */
  get isReady(): boolean {
    const { link } = this;
    return (
      link !== undefined &&
      this.queue.size === 0 &&
      this.inflight.used < link.sendQuota &&
      !link.congested
    );
  }

  /** Whether publishers had better wait a little before they send more. */
  get isPressed(): boolean {
    return this.link !== undefined && this.queue.isFilling && !this.patience.isSpent;
  }

  deliverQos0(
    message: RoutedMessage,
    retain: boolean,
    subscriptionIdentifiers: readonly number[] | undefined,
  ): Handed {
    const { link } = this;
    // Offline sessions get no QoS 0 messages; the protocol leaves that to us. (3.1.2.11.2)
    if (link === undefined) return 'dropped';
    if (link.canReceive !== undefined && !link.canReceive(message.address.name)) {
      return this.#drop(message, 'not-authorized');
    }
    const answer = link.deliverQos0(message, retain, subscriptionIdentifiers);
    return answer === 'sent' ? 'sent' : this.#drop(message, answer);
  }

  deliver(delivery: Delivery): Handed {
    if (this.link !== undefined && this.isReady) return this.#open(delivery, this.link);
    if (this.queue.push(delivery)) return 'queued';
    return this.#drop(delivery.message, 'queue-full');
  }

  /** Sends what the peer's window and the socket have room for, in order. [MQTT-4.6.0-5] */
  pump(): void {
    const { link } = this;
    if (link === undefined) return;
    this.#resend(link);
    this.#sendQueued(link);
    if (this.queue.isEasy) this.patience.relieve();
    if (this.queue.size === 0) this.patience.renew();
  }

  #sendQueued(link: SessionLink): void {
    while (this.inflight.used < link.sendQuota && !link.congested) {
      const delivery = this.queue.shift();
      if (delivery === undefined) return;
      if (delivery.message.isExpired(this.#clock.now()))
        this.#drop(delivery.message, 'expired'); // [MQTT-3.3.2-5]
      else this.#open(delivery, link);
    }
  }

  acknowledge(
    packetId: number,
    step: 'puback' | 'pubrec' | 'pubcomp',
    reasonCode: number,
  ): boolean {
    const completed = this.inflight.complete(packetId, step);
    if (completed === undefined) return false;
    const outcome = reasonCode >= 0x80 ? 'refused' : 'acknowledged';
    const message = completed.delivery?.message;
    if (message !== undefined) this.#settle(message, outcome, reasonCode);
    if (this.queue.size > 0 || this.inflight.size > this.inflight.used) this.pump();
    return true;
  }

  /** Loses every message that waits or is under way. */
  dropAll(): void {
    const lost = [...this.inflight.clear(), ...this.queue.clear()];
    for (const { message } of lost) this.#drop(message, 'session-ended');
  }

  /** Removes messages, waiting or to be sent again, that the session may no longer have. */
  dropUnless(keeps: (message: RoutedMessage) => boolean): void {
    const passes = ({ message }: Delivery): boolean => keeps(message);
    const lost = [...this.inflight.filter(passes), ...this.queue.filter(passes)];
    for (const { message } of lost) this.#drop(message, 'not-authorized');
  }

  #resend(link: SessionLink): void {
    for (;;) {
      const next = this.inflight.nextResend(link.sendQuota);
      if (next === undefined) return;
      if (next.send === 'pubrel') link.sendPubrel(next.packetId);
      else if (link.deliver(next.delivery, next.packetId, true) !== 'sent') {
        this.#tooLarge(next.packetId, next.delivery);
      }
    }
  }

  #open(delivery: Delivery, link: SessionLink): Handed {
    const { message, qos } = delivery;
    if (link.canReceive !== undefined && !link.canReceive(message.address.name)) {
      return this.#drop(message, 'not-authorized');
    }
    // A session that ends with its connection never sends anything twice.
    const outlives = this.expirySeconds > 0;
    const kept = outlives || message.onDelivery !== undefined ? delivery : undefined;
    if (outlives) message.keep();
    const packetId = this.inflight.open(qos === 2 ? 2 : 1, kept);
    if (link.deliver(delivery, packetId, false) === 'sent') return 'sent';
    return this.#tooLarge(packetId, delivery);
  }

  #tooLarge(packetId: number, { message, qos }: Delivery): Handed {
    this.inflight.complete(packetId, qos === 2 ? 'pubrec' : 'puback');
    return this.#drop(message, 'packet-too-large'); // [MQTT-3.1.2-25]
  }

  #drop(message: RoutedMessage, reason: DropReason): Handed {
    this.#reportDrop(this, message, reason);
    const outcome = reason === 'expired' ? 'expired' : 'dropped';
    this.#settle(message, outcome, ReasonCode.unspecifiedError);
    return 'dropped';
  }

  #settle(message: RoutedMessage, outcome: DeliveryOutcome['outcome'], reasonCode: number): void {
    message.onDelivery?.({
      clientId: this.clientId,
      principalId: this.principalId,
      outcome,
      reasonCode,
    });
  }
}
