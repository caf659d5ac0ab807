// What every storage of the broker must do. One that passes may be given to `createBroker`.

import { StoredState } from '@hearth/mqtt-broker';
import type { Change, Storage, StoredDelivery, StoredSession } from '@hearth/mqtt-broker';

/** A storage that can be opened again after it was closed, and after it was not. */
export interface StorageUnderTest {
  open(): Storage;
  /** As a crash would: what was not committed may be gone, everything else must be there. */
  abandon(storage: Storage): Promise<void>;
  dispose(): Promise<void>;
}

const session: StoredSession = {
  key: 'client\u0000principal',
  clientId: 'client',
  principalId: 'principal',
  expirySeconds: 100,
  disconnectedAtMs: undefined,
  will: undefined,
};

const will: StoredSession['will'] = {
  topic: 'will/ü',
  payload: Buffer.from([0, 255, 1]),
  qos: 1,
  retain: true,
  properties: { contentType: 'x', userProperties: [['a', 'b']] },
  delaySeconds: 7,
};

const message = {
  topic: 'a/b',
  payload: Buffer.from('payload'),
  qos: 2,
  retain: false,
  properties: {
    payloadFormatIndicator: 1,
    messageExpiryInterval: 60,
    responseTopic: 'r',
    correlationData: Buffer.from([1, 2, 3]),
    userProperties: [
      ['same', '1'],
      ['same', '2'],
    ],
  },
  receivedAtMs: 1_700_000_000_123,
} as const;

const delivery: StoredDelivery = {
  id: 5,
  key: session.key,
  messageId: 9,
  qos: 2,
  retain: true,
  subscriptionIdentifiers: [1, 268_435_455],
  share: '$share/g/a/#',
  step: 'turn',
  packetId: 0,
};

const subscription = {
  filter: '$share/g/a/#',
  qos: 2,
  noLocal: false,
  retainAsPublished: true,
  identifier: 3,
} as const;

const retained = {
  topic: 'retained/x',
  payload: Buffer.from('kept'),
  qos: 1,
  properties: {},
  storedAtMs: 12,
  publisher: undefined,
} as const;

/** The changes that lead to a state, in an order that any storage may choose. */
function changesOf(state: StoredState): Change[] {
  const changes: Change[] = [];
  for (const [id, message] of state.messages) changes.push({ type: 'message', id, message });
  for (const [key, { session, ...own }] of state.sessions) {
    changes.push({ type: 'session', session });
    for (const subscription of own.subscriptions.values()) {
      changes.push({ type: 'subscription', key, subscription });
    }
    for (const delivery of own.deliveries.values()) changes.push({ type: 'delivery', delivery });
    for (const packetId of own.incoming) changes.push({ type: 'incoming', key, packetId });
  }
  for (const message of state.retained.values()) changes.push({ type: 'retained', message });
  return changes;
}

/** What changes amount to, to be compared. */
function shown(changes: readonly Change[]): string[] {
  const state = new StoredState();
  for (const change of changes) state.apply(change);
  return changesOf(state)
    .map((change) => JSON.stringify(change, ordered))
    .sort();
}

function ordered(_key: string, value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A storage with a broker's state before it: what was read and what was written since. */
class Written {
  readonly storage: Storage;
  readonly #state = new StoredState();

  private constructor(storage: Storage) {
    this.storage = storage;
  }

  static async open(storage: Storage): Promise<Written> {
    const written = new Written(storage);
    const state = written.#state;
    for await (const change of storage.open(() => changesOf(state))) state.apply(change);
    return written;
  }

  append(change: Change): void {
    this.#state.apply(change);
    this.storage.append(change);
  }

  get shown(): string[] {
    return shown(changesOf(this.#state));
  }
}

export function describeStorage(make: () => Promise<StorageUnderTest>): void {
  let world: StorageUnderTest;
  const opened: Storage[] = [];

  beforeEach(async () => {
    world = await make();
  });

  afterEach(async () => {
    for (const storage of opened.splice(0)) await storage.close().catch(() => undefined);
    await world.dispose();
  });

  /** Opens the storage, writes the changes, commits them and loses the storage; answers what the next one finds. */
  async function after(...changes: Change[]): Promise<string[]> {
    const first = await Written.open(world.open());
    for (const change of changes) first.append(change);
    await first.storage.commit();
    await world.abandon(first.storage);
    return reopened();
  }

  async function reopened(): Promise<string[]> {
    const storage = world.open();
    opened.push(storage);
    return (await Written.open(storage)).shown;
  }

  it('is empty at first', async () => {
    expect(await after()).toEqual([]);
  });

  it('gives back every field of everything', async () => {
    const all: Change[] = [
      { type: 'session', session: { ...session, disconnectedAtMs: 1_700_000_000_000, will } },
      { type: 'subscription', key: session.key, subscription },
      { type: 'message', id: 9, message },
      { type: 'delivery', delivery },
      { type: 'incoming', key: session.key, packetId: 65_535 },
      { type: 'retained', message: { ...retained, publisher: 'someone\u0000else' } },
    ];
    expect(await after(...all)).toEqual(shown(all));
  });

  it('replaces what comes again', async () => {
    const sent: Change = {
      type: 'delivery',
      delivery: { ...delivery, step: 'pubrec', packetId: 4 },
    };
    const later: Change = { type: 'session', session: { ...session, disconnectedAtMs: 5 } };
    const newer: Change = {
      type: 'retained',
      message: { ...retained, payload: Buffer.from('newer') },
    };
    const found = await after(
      { type: 'session', session },
      { type: 'message', id: 9, message },
      { type: 'delivery', delivery },
      { type: 'retained', message: retained },
      sent,
      later,
      newer,
    );
    expect(found).toEqual(shown([later, { type: 'message', id: 9, message }, sent, newer]));
  });

  it('ends what is ended, and a session with all that is its own', async () => {
    const key = 'other\u0000principal';
    const other: Change = { type: 'session', session: { ...session, key, clientId: 'other' } };
    const found = await after(
      other,
      { type: 'session', session },
      { type: 'subscription', key: session.key, subscription },
      { type: 'message', id: 9, message },
      { type: 'delivery', delivery },
      { type: 'incoming', key: session.key, packetId: 1 },
      { type: 'session-end', key: session.key },
      { type: 'message-end', id: 9 },
      { type: 'subscription', key, subscription },
      { type: 'subscription-end', key, filter: subscription.filter },
      { type: 'message', id: 10, message },
      { type: 'delivery', delivery: { ...delivery, id: 6, key, messageId: 10 } },
      { type: 'delivery-end', key, id: 6 },
      { type: 'message-end', id: 10 },
      { type: 'incoming', key, packetId: 2 },
      { type: 'incoming-end', key, packetId: 2 },
      { type: 'retained', message: retained },
      { type: 'retained-end', topic: retained.topic },
      { type: 'retained-end', topic: 'never/there' },
    );
    expect(found).toEqual(shown([other]));
  });

  it('begins a session anew after its end, in one batch', async () => {
    const found = await after(
      { type: 'session', session },
      { type: 'subscription', key: session.key, subscription },
      { type: 'session-end', key: session.key },
      { type: 'session', session },
    );
    expect(found).toEqual(shown([{ type: 'session', session }]));
  });

  it('answers one promise for a batch, and another for what comes after it', async () => {
    const storage = world.open();
    opened.push(storage);
    await Written.open(storage);
    storage.append({ type: 'session', session });
    const first = storage.commit();
    storage.append({ type: 'incoming', key: session.key, packetId: 1 });
    expect(storage.commit()).toBe(first);
    await first;
    storage.append({ type: 'incoming', key: session.key, packetId: 2 });
    expect(storage.commit()).not.toBe(first);
    await storage.commit();
  });

  it('has everything after an orderly end without a commit asked for', async () => {
    const first = await Written.open(world.open());
    first.append({ type: 'session', session });
    await first.storage.close();
    expect(await reopened()).toEqual(shown([{ type: 'session', session }]));
  });
}
