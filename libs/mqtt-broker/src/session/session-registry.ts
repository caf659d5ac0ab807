// All sessions: found by who owns them, ended when their time is over.
//
// A session belongs to a principal: the key is client identifier and principal together, so two principals
// that use one client identifier have two sessions, and neither can inherit, take over or block the other's.

import type { Cancel, Clock } from '../clock.js';
import type { Limits } from '../limits.js';
import type { SubscriptionIndex } from '../routing/subscription-index.js';
import { type ReportDrop, Session } from './session.js';

/** A will whose delay runs. */
interface DelayedWill {
  publish: () => void;
  cancel: Cancel;
}

export class SessionRegistry {
  readonly #sessions = new Map<string, Session>();
  readonly #expiries = new Map<Session, Cancel>();
  readonly #wills = new Map<Session, DelayedWill>();
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #index: SubscriptionIndex;
  readonly #reportDrop: ReportDrop;

  constructor(limits: Limits, clock: Clock, index: SubscriptionIndex, reportDrop: ReportDrop) {
    this.#limits = limits;
    this.#clock = clock;
    this.#index = index;
    this.#reportDrop = reportDrop;
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

  /** A new session, or undefined when there are as many as may be. */
  create(clientId: string, principalId: string): Session | undefined {
    if (this.#sessions.size >= this.#limits.maxSessions) return undefined;
    const key = keyOf(clientId, principalId);
    const session = new Session(key, clientId, principalId, this.#limits, {
      clock: this.#clock,
      reportDrop: this.#reportDrop,
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

  /** The session lost its connection. `will` is published after its delay or with the session's end. [MQTT-3.1.2-8] */
  release(session: Session, will?: { delaySeconds: number; publish: () => void }): void {
    session.link = undefined;
    session.patience.relieve();
    session.patience.renew();
    const ends = session.expirySeconds === 0;
    if (will !== undefined) {
      if (ends || will.delaySeconds === 0) will.publish();
      else this.#delay(session, will.delaySeconds, will.publish);
    }
    if (ends) this.end(session);
    else {
      const expire = (): void => this.end(session);
      this.#expiries.set(session, this.#clock.after(session.expirySeconds * 1000, expire));
    }
  }

  /** Forgets a session that has no connection. Its delayed will is due now. */
  end(session: Session): void {
    if (!this.#sessions.delete(session.key)) return;
    this.#expiries.get(session)?.();
    this.#expiries.delete(session);
    const will = this.#wills.get(session);
    this.#wills.delete(session);
    will?.cancel();
    for (const { filter } of session.subscriptions.values()) this.#index.remove(session, filter);
    session.subscriptions.clear();
    session.dropAll();
    session.incoming.clear();
    will?.publish();
  }

  #delay(session: Session, delaySeconds: number, publish: () => void): void {
    const fire = (): void => {
      this.#wills.delete(session);
      publish();
    };
    this.#wills.set(session, { publish, cancel: this.#clock.after(delaySeconds * 1000, fire) });
  }
}

function keyOf(clientId: string, principalId: string): string {
  // No client identifier has U+0000, so no two pairs share a key.
  return `${clientId}\u0000${principalId}`;
}
