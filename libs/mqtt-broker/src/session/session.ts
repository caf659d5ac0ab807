// The state that one client identifier of one principal keeps between connections: subscriptions,
// deliveries under way, received QoS 2 packet identifiers, and messages that wait.

import { ReasonCode } from '../codec/reason-codes.js';
import type { DropReason } from '../events.js';
import type { Clock } from '../clock.js';
import { LateMap } from '../late-map.js';
import type { ResolvedSettings } from '../listener-settings.js';
import type { DeliveryOutcome, QoS } from '../message.js';
import type { RoutedMessage } from '../routing/routed-message.js';
import type { SessionRecord } from '../storage/session-record.js';
import type { DeliveryStep, StoredWill } from '../storage/storage.js';
import type { TopicFilter } from '../topic/topic-filter.js';
import { Inflight, payloadBytes } from './inflight.js';
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

/** What a listener says about the sessions of its clients. */
export type SessionTerms = Pick<
  ResolvedSettings,
  'maxQueuedMessages' | 'maxQueuedBytes' | 'maxInflightBytes' | 'queueQos0' | 'upgradeOutgoingQos'
>;

/** What became of one message at one session. */
export type Handed = 'sent' | 'queued' | 'dropped';

export class Session {
  readonly key: string;
  readonly clientId: string;
  readonly principalId: string;
  readonly subscriptions = new LateMap<string, Subscription>();
  readonly inflight = new Inflight();
  readonly queue: MessageQueue;
  /** QoS 2 packet identifiers received and not yet released; the promise is its acceptance, while open. */
  readonly incoming = new LateMap<number, Promise<void> | undefined>();
  /** Seconds that it outlives a connection. */
  expirySeconds = 0;
  link: SessionLink | undefined = undefined;
  /** When its last connection ended; undefined while it has one. */
  disconnectedAtMs: number | undefined = undefined;
  /** The will that is not published yet, in the form in which it is kept. */
  will: StoredWill | undefined = undefined;
  /** Its pages in the journal; undefined while it ends with its connection, or nothing is kept at all. */
  record: SessionRecord | undefined = undefined;
  #terms: SessionTerms;
  /** With this session, while it is connected and falls behind. */
  readonly patience: Patience;
  /** Deliveries that wait to be durable. */
  #held = 0;
  #isHolding = false;
  readonly #clock: Clock;
  readonly #reportDrop: ReportDrop;

  constructor(
    key: string,
    clientId: string,
    principalId: string,
    terms: SessionTerms,
    ports: { clock: Clock; reportDrop: ReportDrop; patienceMs: number },
  ) {
    this.key = key;
    this.clientId = clientId;
    this.principalId = principalId;
    this.#terms = terms;
    this.queue = new MessageQueue(terms.maxQueuedMessages, terms.maxQueuedBytes);
    this.#clock = ports.clock;
    this.patience = new Patience(ports.clock, ports.patienceMs);
    this.#reportDrop = ports.reportDrop;
  }

  /** What the listener of its latest connection says. */
  get terms(): SessionTerms {
    return this.#terms;
  }

  set terms(terms: SessionTerms) {
    this.#terms = terms;
    this.queue.bound(terms.maxQueuedMessages, terms.maxQueuedBytes);
  }

  /** Whether a QoS 1 or 2 message would go out at once. */
  get isReady(): boolean {
    const { link } = this;
    return (
      link !== undefined &&
      this.queue.size === 0 &&
      !this.inflight.isFull(link.sendQuota, this.#terms.maxInflightBytes) &&
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
    // Whether offline sessions get QoS 0 messages, the protocol leaves to us. (3.1.2.11.2)
    if (this.#terms.queueQos0 && (link === undefined || this.queue.hasQos0)) {
      const rest = { retain, subscriptionIdentifiers, share: undefined, recordId: 0 };
      return this.#enqueue({ message, qos: 0, ...rest });
    }
    if (link === undefined) return 'dropped';
    return this.#sendQos0(message, retain, subscriptionIdentifiers, link);
  }

  #sendQos0(
    message: RoutedMessage,
    retain: boolean,
    subscriptionIdentifiers: readonly number[] | undefined,
    link: SessionLink,
  ): Handed {
    if (link.canReceive !== undefined && !link.canReceive(message.address.name)) {
      return this.#drop(message, 'not-authorized');
    }
    const answer = link.deliverQos0(message, retain, subscriptionIdentifiers); // [MQTT-3.3.4-10] [MQTT-4.9.0-3]
    return answer === 'sent' ? 'sent' : this.#drop(message, answer);
  }

  deliver(delivery: Delivery): Handed {
    const { link } = this;
    if (link !== undefined && this.isReady && !this.#isHolding) return this.#open(delivery, link);
    return this.#enqueue(delivery);
  }

  /** Deliveries wait from now on until `release`. */
  hold(): void {
    this.#isHolding = true;
  }

  release(): void {
    this.#isHolding = false;
    if (this.queue.size > 0) this.pump();
  }

  #enqueue(delivery: Delivery): Handed {
    if (!this.queue.push(delivery)) return this.#drop(delivery.message, 'queue-full');
    this.record?.delivery(delivery, 'turn', 0);
    return 'queued';
  }

  /** Sends what the peer's window and the socket have room for, in order. [MQTT-4.6.0-5] [MQTT-4.6.0-6] */
  pump(): void {
    const { link } = this;
    if (link === undefined) return;
    this.#resend(link);
    this.#sendQueued(link);
    if (this.queue.isEasy) this.patience.relieve();
    if (this.queue.size === 0) this.patience.renew();
  }

  #sendQueued(link: SessionLink): void {
    const { maxInflightBytes } = this.#terms;
    while (!this.inflight.isFull(link.sendQuota, maxInflightBytes) && !link.congested) {
      // [MQTT-3.3.4-9] [MQTT-4.9.0-2]
      const delivery = this.queue.shift();
      if (delivery === undefined) return;
      const { message, qos, retain, subscriptionIdentifiers } = delivery;
      if (message.isExpired(this.#clock.now())) {
        this.record?.done(delivery);
        this.#drop(message, 'expired'); // [MQTT-3.3.2-5]
        // Mosquitto numbers messages before they wait: who compares bytes finds the same.
        if (qos > 0) this.inflight.skip();
      } else if (qos === 0) this.#sendQos0(message, retain, subscriptionIdentifiers, link);
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
    const outcome = reasonCode >= 0x80 ? 'refused' : 'acknowledged'; // [MQTT-4.8.2-6]
    if (completed.delivery !== undefined) {
      this.record?.done(completed.delivery);
      this.#settle(completed.delivery.message, outcome, reasonCode);
    }
    if (this.queue.size > 0 || this.inflight.size > this.inflight.used) this.pump();
    return true;
  }

  /** The peer has a QoS 2 message. False for an unknown packet identifier. */
  receivePubrec(packetId: number): boolean {
    const pending = this.inflight.receivePubrec(packetId);
    if (pending?.delivery !== undefined)
      this.record?.delivery(pending.delivery, 'pubcomp', packetId);
    return pending !== undefined;
  }

  /** Does something once all that was recorded so far is durable; at once when nothing has to be. */
  afterCommit(act: () => void): void {
    if (this.record === undefined) act();
    else this.record.afterCommit(act);
  }

  /** What waits or is under way, in order; none of what ends with the connection. */
  *deliveries(): Iterable<{ delivery: Delivery; step: DeliveryStep; packetId: number }> {
    for (const { packetId, delivery, awaiting } of this.inflight.all()) {
      yield { delivery, step: awaiting, packetId };
    }
    for (const delivery of this.queue.all()) yield { delivery, step: 'turn', packetId: 0 };
  }

  /** Puts back a delivery of an earlier life of the broker. */
  restore(delivery: Delivery, step: DeliveryStep, packetId: number): void {
    if (step !== 'turn') this.inflight.restore(packetId, delivery, step);
    else if (!this.queue.push(delivery)) {
      this.record?.done(delivery);
      this.#drop(delivery.message, 'queue-full');
    }
  }

  /** Gives away what a shared subscription brought and the peer has not seen for certain: `move` says whether it could. */
  giveAway(move: (delivery: Delivery) => boolean): void {
    const moved: Delivery[] = [];
    const stays = (delivery: Delivery, step: DeliveryStep): boolean => {
      if (delivery.share === undefined || step === 'pubrec' || !move(delivery)) return true; // [MQTT-4.8.2-4] [MQTT-4.8.2-5]
      moved.push(delivery);
      return false;
    };
    this.inflight.filter(stays);
    this.queue.filter((delivery) => stays(delivery, 'turn'));
    for (const delivery of moved) this.record?.done(delivery);
  }

  /** Loses every message that waits or is under way. */
  dropAll(): void {
    const lost = [...this.inflight.clear(), ...this.queue.clear()];
    this.record?.end(lost);
    this.record = undefined;
    for (const { message } of lost) this.#drop(message, 'session-ended');
  }

  /**
   * Removes messages, waiting or to be sent again, that the session may no longer have. What the present connection
   * has sent stays under way: its packet identifier is in use until the peer acknowledges.
   */
  dropUnless(keeps: (message: RoutedMessage) => boolean): void {
    const passes = ({ message }: Delivery): boolean => keeps(message);
    const sent = this.link === undefined ? 'dropped' : 'kept';
    const lost = [...this.inflight.filter(passes, sent), ...this.queue.filter(passes)];
    for (const delivery of lost) {
      this.record?.done(delivery);
      this.#drop(delivery.message, 'not-authorized');
    }
  }

  #resend(link: SessionLink): void {
    for (;;) {
      const next = this.inflight.nextResend(link.sendQuota, this.#terms.maxInflightBytes);
      if (next === undefined) return;
      const { packetId } = next;
      if (next.send === 'publish')
        this.#sendWhenSafe(next.delivery, packetId, true, link); // [MQTT-3.3.1-1] [MQTT-4.3.3-7]
      else this.afterCommit(() => this.link === link && link.sendPubrel(packetId));
    }
  }

  #open(delivery: Delivery, link: SessionLink): Handed {
    const { message, qos } = delivery;
    if (link.canReceive !== undefined && !link.canReceive(message.address.name)) {
      this.record?.done(delivery);
      return this.#drop(message, 'not-authorized');
    }
    // A session that ends with its connection never sends anything twice.
    const outlives = this.expirySeconds > 0;
    const kept =
      outlives || this.record !== undefined || message.onDelivery !== undefined
        ? delivery
        : undefined;
    if (outlives) message.keep();
    const packetId = this.inflight.open(qos === 2 ? 2 : 1, kept, payloadBytes(delivery));
    this.record?.delivery(delivery, qos === 2 ? 'pubrec' : 'puback', packetId);
    return this.#sendWhenSafe(delivery, packetId, false, link); // [MQTT-3.3.1-3] [MQTT-4.3.2-2] [MQTT-4.3.3-2]
  }

  /**
   * A QoS 2 message that left before its packet identifier is durable could, after a crash, leave again under another
   * one, and be taken for a new message. What comes behind it waits too, and stays behind it.
   */
  #sendWhenSafe(delivery: Delivery, packetId: number, dup: boolean, link: SessionLink): Handed {
    const isSafe = delivery.qos < 2 && this.#held === 0;
    if (isSafe || this.record === undefined) return this.#send(delivery, packetId, dup, link);
    this.#held++;
    this.record.afterCommit(() => {
      this.#held--;
      const isStillDue = this.link === link && this.inflight.holds(packetId, delivery);
      if (isStillDue) this.#send(delivery, packetId, dup, link);
    });
    return 'sent';
  }

  #send(delivery: Delivery, packetId: number, dup: boolean, link: SessionLink): Handed {
    if (link.deliver(delivery, packetId, dup) === 'sent') return 'sent';
    this.inflight.complete(packetId, delivery.qos === 2 ? 'pubrec' : 'puback');
    this.record?.done(delivery);
    return this.#drop(delivery.message, 'packet-too-large'); // [MQTT-3.1.2-25]
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
