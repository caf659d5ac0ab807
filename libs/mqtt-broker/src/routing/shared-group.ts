import type { Session, Subscription } from '../session/session.js';

/** The sessions that share one subscription: each message goes to one of them. [MQTT-4.8.2-4] */
export class SharedGroup {
  readonly #members = new Map<Session, Subscription>();
  #list: readonly [Session, Subscription][] | undefined;
  #turn = 0;

  get size(): number {
    return this.#members.size;
  }

  has(session: Session): boolean {
    return this.#members.has(session);
  }

  set(session: Session, subscription: Subscription): void {
    this.#members.set(session, subscription);
    this.#list = undefined;
  }

  delete(session: Session): boolean {
    this.#list = undefined;
    return this.#members.delete(session);
  }

  /** The next member that can take a message now; else one that is connected; else any. */
  pick(): [Session, Subscription] | undefined {
    const members = (this.#list ??= [...this.#members]);
    const count = members.length;
    const start = this.#turn++ % Math.max(count, 1);
    let connected: [Session, Subscription] | undefined;
    for (let i = 0; i < count; i++) {
      const member = members[(start + i) % count];
      if (member === undefined) continue;
      if (member[0].isReady) return member;
      if (member[0].link !== undefined) connected ??= member; // [MQTT-4.8.2-5]
    }
    return connected ?? members[start];
  }
}
