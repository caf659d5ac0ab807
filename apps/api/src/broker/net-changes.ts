// What the changes of one commit amount to: most deliveries of a connected client begin and end within one, and are never
// written. Pure.
import type {
  Change,
  StoredDelivery,
  StoredMessage,
  StoredRetained,
  StoredSession,
  StoredSubscription,
} from '@hearth/mqtt-broker';

/** Whose session it is. Postgres' text has no U+0000, which stands between the two in the broker's key. */
export interface Owner {
  readonly clientId: string;
  readonly principalId: string;
}

/** Rows to remove, then rows to put in the place of those with the same key. No key is in a list twice. */
export class NetRows {
  /** Sessions to remove with all that is theirs, before anything else. */
  readonly endedSessions: Owner[] = [];
  readonly endedSubscriptions: (Owner & { filter: string })[] = [];
  readonly endedDeliveries: number[] = [];
  readonly endedIncoming: (Owner & { packetId: number })[] = [];
  readonly endedMessages: number[] = [];
  readonly endedRetained: string[] = [];
  readonly messages: { id: number; message: StoredMessage }[] = [];
  readonly sessions: StoredSession[] = [];
  readonly subscriptions: (Owner & { subscription: StoredSubscription })[] = [];
  readonly deliveries: (Owner & { delivery: StoredDelivery })[] = [];
  readonly incoming: (Owner & { packetId: number })[] = [];
  readonly retained: StoredRetained[] = [];

  get isEmpty(): boolean {
    return Object.values(this).every((rows: readonly unknown[]) => rows.length === 0);
  }
}

/** What a session's changes amount to; an entry that is undefined (or false) is to be removed. */
interface SessionChanges {
  readonly owner: Owner;
  readonly hasEnded: boolean;
  session: StoredSession | undefined;
  readonly subscriptions: Map<string, StoredSubscription | undefined>;
  readonly deliveries: Map<number, StoredDelivery | undefined>;
  readonly incoming: Map<number, boolean>;
}

export class NetChanges {
  readonly #sessions = new Map<string, SessionChanges>();
  readonly #messages = new Map<number, StoredMessage | undefined>();
  readonly #retained = new Map<string, StoredRetained | undefined>();
  readonly #lastKnownDelivery: number;

  /** `lastKnownDelivery`: deliveries with a greater number begin in this commit. */
  constructor(lastKnownDelivery: number) {
    this.#lastKnownDelivery = lastKnownDelivery;
  }

  add(change: Change): void {
    switch (change.type) {
      case 'session':
        this.#of(change.session.key).session = change.session;
        return;
      case 'session-end':
        this.#sessions.set(change.key, changesOf(change.key, true));
        return;
      case 'subscription':
        this.#of(change.key).subscriptions.set(change.subscription.filter, change.subscription);
        return;
      case 'subscription-end':
        this.#of(change.key).subscriptions.set(change.filter, undefined);
        return;
      case 'delivery':
        this.#of(change.delivery.key).deliveries.set(change.delivery.id, change.delivery);
        return;
      case 'delivery-end':
        this.#endDelivery(change.key, change.id);
        return;
      case 'incoming':
      case 'incoming-end':
        this.#of(change.key).incoming.set(change.packetId, change.type === 'incoming');
        return;
      case 'message':
        this.#messages.set(change.id, change.message);
        return;
      case 'message-end':
        this.#endMessage(change.id);
        return;
      case 'retained':
        this.#retained.set(change.message.topic, change.message);
        return;
      case 'retained-end':
        this.#retained.set(change.topic, undefined);
        return;
    }
  }

  rows(): NetRows {
    const rows = new NetRows();
    for (const session of this.#sessions.values()) addSession(rows, session);
    for (const [id, message] of this.#messages) {
      if (message === undefined) rows.endedMessages.push(id);
      else rows.messages.push({ id, message });
    }
    for (const [topic, message] of this.#retained) {
      if (message === undefined) rows.endedRetained.push(topic);
      else rows.retained.push(message);
    }
    return rows;
  }

  #of(key: string): SessionChanges {
    const known = this.#sessions.get(key);
    if (known !== undefined) return known;
    const changes = changesOf(key, false);
    this.#sessions.set(key, changes);
    return changes;
  }

  /** The numbers of deliveries grow: one that begins here is in no table. */
  #endDelivery(key: string, id: number): void {
    const { deliveries } = this.#of(key);
    if (id > this.#lastKnownDelivery) deliveries.delete(id);
    else deliveries.set(id, undefined);
  }

  /** A message is told once, when it begins. */
  #endMessage(id: number): void {
    if (this.#messages.get(id) !== undefined) this.#messages.delete(id);
    else this.#messages.set(id, undefined);
  }
}

function addSession(rows: NetRows, changes: SessionChanges): void {
  const { owner } = changes;
  if (changes.hasEnded) rows.endedSessions.push(owner);
  if (changes.session !== undefined) rows.sessions.push(changes.session);
  for (const [filter, subscription] of changes.subscriptions) {
    if (subscription === undefined) rows.endedSubscriptions.push({ ...owner, filter });
    else rows.subscriptions.push({ ...owner, subscription });
  }
  for (const [id, delivery] of changes.deliveries) {
    if (delivery === undefined) rows.endedDeliveries.push(id);
    else rows.deliveries.push({ ...owner, delivery });
  }
  for (const [packetId, isOpen] of changes.incoming) {
    (isOpen ? rows.incoming : rows.endedIncoming).push({ ...owner, packetId });
  }
}

function changesOf(key: string, hasEnded: boolean): SessionChanges {
  return {
    owner: ownerOfKey(key),
    hasEnded,
    session: undefined,
    subscriptions: new Map(),
    deliveries: new Map(),
    incoming: new Map(),
  };
}

const BETWEEN = '\u0000';

/** Who is behind the broker's key of a session. */
export function ownerOfKey(key: string): Owner {
  // No client identifier has U+0000.
  const at = key.indexOf(BETWEEN);
  return { clientId: key.slice(0, at), principalId: key.slice(at + 1) };
}

export function keyOfOwner({ clientId, principalId }: Owner): string {
  return `${clientId}${BETWEEN}${principalId}`;
}
