import type { Session, Subscription } from '../session/session.js';

/** The sessions that share one subscription: each message goes to one of them. [MQTT-4.8.2-4] */
export class SharedGroup {
  readonly members = new Map<Session, Subscription>();
  #turn = 0;

  /** The next member that can take a message now; else one that is connected; else any. */
  pick(): [Session, Subscription] | undefined {
    const members = [...this.members];
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
