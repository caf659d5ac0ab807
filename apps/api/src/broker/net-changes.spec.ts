import type { Change, StoredDelivery, StoredMessage, StoredSession } from '@hearth/mqtt-broker';
import * as fc from 'fast-check';
import { keyOfOwner, NetChanges, ownerOfKey } from './net-changes.js';

const owner = { clientId: 'board', principalId: 'porch' };
const key = keyOfOwner(owner);

const session: StoredSession = {
  key,
  ...owner,
  expirySeconds: 60,
  disconnectedAtMs: undefined,
  will: undefined,
};
const message: StoredMessage = {
  topic: 't',
  payload: Buffer.from('x'),
  qos: 1,
  retain: false,
  properties: {},
  receivedAtMs: 0,
};
const aDelivery = (id: number, more: Partial<StoredDelivery> = {}): Change => ({
  type: 'delivery',
  delivery: {
    id,
    key,
    messageId: id,
    qos: 1,
    retain: false,
    subscriptionIdentifiers: undefined,
    share: undefined,
    step: 'turn',
    packetId: 0,
    ...more,
  },
});

function rowsOf(changes: readonly Change[], lastKnownDelivery = 0) {
  const sut = new NetChanges(lastKnownDelivery);
  for (const change of changes) sut.add(change);
  return sut.rows();
}

describe(NetChanges.name, () => {
  it('has nothing to write for what begins and ends within one commit', () => {
    const rows = rowsOf([
      { type: 'message', id: 8, message },
      aDelivery(8),
      { type: 'delivery-end', key, id: 8 },
      { type: 'message-end', id: 8 },
    ]);
    expect(rows.isEmpty).toBe(true);
  });

  it('removes what an earlier commit wrote', () => {
    const rows = rowsOf(
      [
        aDelivery(8, { step: 'pubrec', packetId: 3 }),
        { type: 'delivery-end', key, id: 8 },
        { type: 'message-end', id: 8 },
      ],
      8,
    );
    expect(rows).toMatchObject({ endedDeliveries: [8], endedMessages: [8], deliveries: [] });
  });

  it('keeps the last state of each delivery', () => {
    const rows = rowsOf([aDelivery(1), aDelivery(2), aDelivery(1, { step: 'puback' })]);
    expect(rows.deliveries.map(({ delivery: { id, step } }) => [id, step])).toEqual([
      [1, 'puback'],
      [2, 'turn'],
    ]);
  });

  it('forgets what a session had before it ended, and keeps what it has since', () => {
    const rows = rowsOf([
      { type: 'incoming', key, packetId: 1 },
      aDelivery(1),
      { type: 'session-end', key },
      { type: 'session', session },
      { type: 'incoming', key, packetId: 2 },
    ]);
    expect(rows).toMatchObject({
      endedSessions: [owner],
      sessions: [session],
      incoming: [{ ...owner, packetId: 2 }],
      deliveries: [],
    });
  });

  it('names no key twice, in whatever order things come', () => {
    const id = fc.integer({ min: 1, max: 3 });
    const change = fc.oneof(
      id.map((packetId): Change => ({ type: 'incoming', key, packetId })),
      id.map((packetId): Change => ({ type: 'incoming-end', key, packetId })),
      id.map((one): Change => ({ type: 'message', id: one, message })),
      id.map((one): Change => ({ type: 'message-end', id: one })),
      id.map((one) => aDelivery(one)),
      id.map((one): Change => ({ type: 'delivery-end', key, id: one })),
      fc.constant<Change>({ type: 'session', session }),
      fc.constant<Change>({ type: 'session-end', key }),
    );
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const rows = rowsOf(changes, 1);
        const lists = [
          [...rows.incoming, ...rows.endedIncoming].map(({ packetId }) => packetId),
          [...rows.messages.map((one) => one.id), ...rows.endedMessages],
          [...rows.deliveries.map(({ delivery }) => delivery.id), ...rows.endedDeliveries],
        ];
        for (const list of lists) expect(new Set(list).size).toBe(list.length);
      }),
    );
  });
});

describe('the key of a session', () => {
  it('is the client identifier up to its first U+0000, whatever follows', () => {
    expect(ownerOfKey('board\u0000porch\u0000x')).toEqual({
      clientId: 'board',
      principalId: 'porch\u0000x',
    });
  });
});
