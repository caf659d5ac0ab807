import type { Session, Subscription } from '../session/session.js';
import { sum, type Terms } from './terms.js';

/** One session's part in a shared subscription. */
export interface Member {
  readonly session: Session;
  readonly subscription: Subscription;
  readonly terms: Terms;
}

/** The sessions that share one subscription: each message goes to one of them. (4.8.2) */
export class SharedGroup {
  readonly #members = new Map<Session, Member>();
  #list: readonly Member[] | undefined;
  #turn = 0;

  get size(): number {
    return this.#members.size;
  }

  has(session: Session): boolean {
    return this.#members.has(session);
  }

  set(session: Session, subscription: Subscription): void {
    this.#members.set(session, { session, subscription, terms: sum([subscription]) });
    this.#list = undefined;
  }

  delete(session: Session): boolean {
    this.#list = undefined;
    return this.#members.delete(session);
  }

  /**
   * The next member, but for `except`, that can take a message now; else one that is connected and has room; else
   * any that has room; else any.
   */
  pick(except?: Session): Member | undefined {
    const members = (this.#list ??= [...this.#members.values()]);
    const count = members.length;
    const start = this.#turn++ % Math.max(count, 1);
    let best: Member | undefined;
    let bestRank = 0;
    for (let i = 0; i < count; i++) {
      const member = members[(start + i) % count];
      if (member === undefined || member.session === except) continue;
      const rank = rankOf(member.session);
      if (rank === READY) return member;
      if (rank > bestRank) {
        best = member;
        bestRank = rank;
      }
    }
    return best;
  }
}

const READY = 4;

/** How well a session can take one more message; at least 1. */
function rankOf({ isReady, link, queue }: Session): number {
  if (isReady) return READY;
  if (!queue.hasRoom) return 1;
  return link === undefined ? 2 : 3;
}
