// The last connections that were refused and topics that were denied, for whoever wonders why a board
// does not show up. In memory and bounded; the counters tell how many there were in all.

export type RecentRefusal =
  | {
      readonly type: 'connect';
      readonly atMs: number;
      readonly username: string | undefined;
      readonly clientId: string | undefined;
      readonly address: string;
      readonly reason: string;
    }
  | {
      readonly type: 'publish' | 'subscribe' | 'will';
      readonly atMs: number;
      readonly username: string;
      readonly clientId: string;
      readonly topic: string;
    };

/** Refusals kept: a page of them, at most about 200 kB with the longest names. */
const MAX_RECENT_REFUSALS = 100;
/** Characters kept of a name that a stranger chose. */
const MAX_NAME_LENGTH = 128;

export class RecentRefusals {
  readonly #refusals: RecentRefusal[] = [];

  add(refusal: RecentRefusal): void {
    this.#refusals.push(cutNames(refusal));
    if (this.#refusals.length > MAX_RECENT_REFUSALS) this.#refusals.shift();
  }

  /** Newest first. */
  list(): RecentRefusal[] {
    return this.#refusals.toReversed();
  }
}

function cutNames(refusal: RecentRefusal): RecentRefusal {
  const cut = (text: string): string => text.slice(0, MAX_NAME_LENGTH);
  if (refusal.type === 'connect') {
    return {
      ...refusal,
      username: refusal.username && cut(refusal.username),
      clientId: refusal.clientId && cut(refusal.clientId),
    };
  }
  return { ...refusal, clientId: cut(refusal.clientId), topic: cut(refusal.topic) };
}
