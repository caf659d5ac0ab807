// All sessions: found by who owns them, ended when their time is over.
//
// A session belongs to a principal: the key is client identifier and principal together, so two principals
// that use one client identifier have two sessions, and neither can inherit, take over or block the other's.

import type { Cancel, Clock } from '../clock.js';
import type { Limits } from '../limits.js';
import type { SubscriptionIndex } from '../routing/subscription-index.js';
import type { Journal } from '../storage/journal.js';
import { SessionRecord } from '../storage/session-record.js';
import type { StoredSession, StoredWill } from '../storage/storage.js';
import { type ReportDrop, Session, type SessionTerms } from './session.js';
import type { Delivery } from './session-link.js';

/** A will that its connection left behind. */
export interface LeftWill {
  /** As it is kept while its delay runs. */
  readonly stored: StoredWill;
  readonly publish: () => void;
}

interface DelayedWill extends LeftWill {
  readonly cancel: Cancel;
}

/** Gives a delivery of a shared subscription to another member; `mayWait` allows one that is absent or full. */
export type Redeliver = (delivery: Delivery, from: Session, mayWait: boolean) => boolean;

/** What the registry asks of others. */
export interface RegistryPorts {
  readonly clock: Clock;
  readonly index: SubscriptionIndex;
  readonly journal: Journal;
  readonly reportDrop: ReportDrop;
  readonly redeliver: Redeliver;
  /** Of sessions that had no connection yet in this life of the broker. */
  readonly terms: SessionTerms;
  /** A session's time is over. */
  readonly onExpired: () => void;
}

export class SessionRegistry {
  readonly #sessions = new Map<string, Session>();
  readonly #expiries = new Map<Session, Cancel>();
  readonly #wills = new Map<Session, DelayedWill>();
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #index: SubscriptionIndex;
  readonly #journal: Journal;
  readonly #reportDrop: ReportDrop;
  readonly #redeliver: Redeliver;
  readonly #terms: SessionTerms;
  readonly #onExpired: () => void;

  constructor(limits: Limits, ports: RegistryPorts) {
    this.#limits = limits;
    this.#clock = ports.clock;
    this.#index = ports.index;
    this.#journal = ports.journal;
    this.#reportDrop = ports.reportDrop;
    this.#redeliver = ports.redeliver;
    this.#terms = ports.terms;
    this.#onExpired = ports.onExpired;
  }

  get size(): number {
    return this.#sessions.size;
  }

  all(): Iterable<Session> {
    return this.#sessions.values();
  }

  find(clientId: string, principalId: string): Session | undefined {
    return this.#sessions.get(keyOf(clientId, principalId));
  }

  /** The session with this key. */
  at(key: string): Session | undefined {
    return this.#sessions.get(key);
  }

  /** A new session, or undefined when there are as many as may be. */
  create(clientId: string, principalId: string, terms: SessionTerms): Session | undefined {
    if (this.#sessions.size >= this.#limits.maxSessions) return undefined;
    return this.#make(clientId, principalId, terms);
  }

  #make(clientId: string, principalId: string, terms: SessionTerms): Session {
    const key = keyOf(clientId, principalId);
    const session = new Session(key, clientId, principalId, terms, {
      clock: this.#clock,
      reportDrop: this.#reportDrop,
      patienceMs: this.#limits.receiverPatienceMs,
    });
    this.#sessions.set(key, session);
    return session;
  }

  /** The session has a connection again: what waited for its absence is called off. [MQTT-3.1.3-9] */
  resume(session: Session): void {
    this.#expiries.get(session)?.();
    this.#expiries.delete(session);
    this.#wills.get(session)?.cancel();
    this.#wills.delete(session);
  }

  /** The session has a connection and an expiry: from now on it is kept, or no longer. */
  keep(session: Session, will: StoredWill | undefined): void {
    session.disconnectedAtMs = undefined;
    session.will = will;
    if (session.expirySeconds === 0) {
      session.record?.end(Array.from(session.deliveries(), ({ delivery }) => delivery));
      session.record = undefined;
    } else if (this.#journal.isOn) {
      session.record ??= new SessionRecord(this.#journal, session.key);
      session.record.session(session);
    }
  }

  /**
   * The session lost its connection. `will` is published after its delay or with the session's end. [MQTT-3.1.2-8]
   * Unless it is `taken-over`, other members of its shared subscriptions get what it has not acknowledged.
   */
  release(session: Session, will?: LeftWill, how: 'lost' | 'taken-over' = 'lost'): void {
    session.link = undefined;
    session.patience.relieve();
    session.patience.renew();
    const ends = session.expirySeconds === 0;
    const waits = !ends && will !== undefined && will.stored.delaySeconds > 0;
    session.disconnectedAtMs = this.#clock.now();
    session.will = waits ? will.stored : undefined;
    if (!ends) session.record?.session(session);
    if (waits) this.#delay(session, will, will.stored.delaySeconds * 1000);
    else will?.publish();
    if (ends) this.end(session);
    else {
      this.#expireAfter(session, session.expirySeconds * 1000);
      if (how === 'lost') session.giveAway((one) => this.#redeliver(one, session, false));
    }
  }

  /** Puts back a session of an earlier life of the broker. It has no connection, and does not age before `age`. */
  restore({ clientId, principalId, ...stored }: StoredSession, nowMs: number): Session {
    const session = this.#make(clientId, principalId, this.#terms);
    session.expirySeconds = stored.expirySeconds;
    session.disconnectedAtMs = stored.disconnectedAtMs ?? nowMs;
    session.will = stored.will;
    session.record = new SessionRecord(this.#journal, session.key);
    return session;
  }

  /** What is left of a restored session's expiry begins to run; the session ends at once when nothing is left. */
  age(session: Session, nowMs: number): void {
    const endedAtMs = session.disconnectedAtMs ?? nowMs;
    const leftMs = endedAtMs + session.expirySeconds * 1000 - nowMs;
    if (leftMs > 0) this.#expireAfter(session, leftMs);
    else this.end(session);
  }

  /** Has a restored session's will published when what is left of its delay is over. */
  restoreWill(session: Session, will: LeftWill, leftMs: number): void {
    this.#delay(session, will, leftMs);
  }

  /** Forgets everything without a word: the broker stops, what is kept stays in the storage. */
  abandon(): void {
    for (const cancel of this.#expiries.values()) cancel();
    for (const { cancel } of this.#wills.values()) cancel();
    this.#expiries.clear();
    this.#wills.clear();
    this.#sessions.clear();
  }

  #expireAfter(session: Session, ms: number): void {
    this.#expiries.set(
      session,
      this.#clock.after(ms, () => {
        this.#onExpired();
        this.end(session); // [MQTT-3.1.2-23] [MQTT-4.1.0-2]
      }),
    );
  }

  /** Forgets a session that has no connection [MQTT-4.1.0-1]. Its delayed will is due now. */
  end(session: Session): void {
    if (!this.#sessions.delete(session.key)) return;
    this.#expiries.get(session)?.();
    this.#expiries.delete(session);
    const will = this.#wills.get(session);
    this.#wills.delete(session);
    will?.cancel();
    for (const { filter } of session.subscriptions.values()) this.#index.remove(session, filter);
    session.subscriptions.clear();
    session.giveAway((one) => this.#redeliver(one, session, true));
    session.dropAll();
    session.incoming.clear();
    will?.publish();
  }

  #delay(session: Session, will: LeftWill, delayMs: number): void {
    const fire = (): void => {
      this.#wills.delete(session);
      session.will = undefined;
      session.record?.session(session);
      will.publish();
    };
    this.#wills.set(session, { ...will, cancel: this.#clock.after(delayMs, fire) });
  }
}

/** The principal that a session's key names. */
export function principalIdOf(key: string): string {
  return key.slice(key.indexOf('\u0000') + 1);
}

function keyOf(clientId: string, principalId: string): string {
  // [MQTT-3.1.3-2]
  // No client identifier has U+0000, so no two pairs share a key.
  return `${clientId}\u0000${principalId}`;
}
