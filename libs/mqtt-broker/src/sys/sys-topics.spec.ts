import { createBroker } from '../create-broker.js';
import { Loads, Maxima, type SysReading, valuesOf } from './sys-topics.js';

const still = createBroker({ listeners: [], sysIntervalSeconds: 0 }).stats();

function reading(stats: Partial<SysReading['stats']>, heapBytes = 0): SysReading {
  return { stats: { ...still, ...stats }, heapBytes };
}

describe(valuesOf.name, () => {
  it('tells the counters under their names', () => {
    const values = Object.fromEntries(
      valuesOf(
        reading(
          {
            sessions: 5,
            connectedClients: 2,
            queuedMessages: 10,
            inflightMessages: 3,
            retainedMessages: 4,
            queuedBytes: 100,
            retainedBytes: 20,
            subscriptions: 9,
            sharedSubscriptions: 1,
            messagesIn: { 0: 1, 1: 2, 2: 3 },
            dropped: { ...still.dropped, expired: 2, 'queue-full': 5 },
            packetsIn: 77,
          },
          1234,
        ),
      ),
    );
    expect(values).toMatchObject({
      'clients/total': 5,
      'clients/active': 2,
      'clients/connected': 2,
      'clients/inactive': 3,
      'clients/disconnected': 3,
      'messages/received': 77,
      'messages/inflight': 3,
      'messages/stored': 17,
      'store/messages/count': 17,
      'store/messages/bytes': 120,
      'subscriptions/count': 8,
      'shared_subscriptions/count': 1,
      'retained messages/count': 4,
      'publish/messages/received': 6,
      'publish/messages/dropped': 7,
      'heap/current': 1234,
    });
  });
});

describe(Maxima.name, () => {
  it('never goes back', () => {
    const sut = new Maxima();
    const seen = [3, 7, 2].map((sessions) =>
      Object.fromEntries(sut.update(reading({ sessions }, sessions * 10))),
    );
    expect(seen.map((values) => values['clients/maximum'])).toEqual([3, 7, 7]);
    expect(seen[2]).toMatchObject({ 'heap/maximum': 70 });
  });
});

describe(Loads.name, () => {
  it('counts from one time to the next, with two decimals', () => {
    const sut = new Loads();
    expect(Object.fromEntries(sut.update(reading({ connects: 60 }), 60))).toMatchObject({
      'load/connections/1min': '37.93',
      'load/connections/15min': '3.87',
      'load/bytes/sent/5min': '0.00',
    });
    expect(Object.fromEntries(sut.update(reading({ connects: 60 }), 60))).toMatchObject({
      'load/connections/1min': '13.95',
    });
  });
});
