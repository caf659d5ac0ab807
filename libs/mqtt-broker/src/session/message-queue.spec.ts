import type { RoutedMessage } from '../routing/routed-message.js';
import { MessageQueue } from './message-queue.js';
import type { Delivery } from './session-link.js';

function aDelivery(heldBytes = 10): Delivery & { kept: number } {
  const delivery = {
    kept: 0,
    message: { heldBytes, keep: () => delivery.kept++ } as unknown as RoutedMessage,
    qos: 1 as const,
    retain: false,
    subscriptionIdentifiers: undefined,
    share: undefined,
    recordId: 0,
  };
  return delivery;
}

describe(MessageQueue.name, () => {
  it('is first in, first out, also far beyond its compaction', () => {
    const sut = new MessageQueue(5000, 1_000_000);
    const all = Array.from({ length: 3000 }, () => aDelivery());
    for (const one of all) sut.push(one);
    const out = all.map(() => sut.shift());
    expect(out.every((one, i) => one === all[i])).toBe(true);
    expect(sut.shift()).toBeUndefined();
  });

  it('takes no more than maxQueuedMessages', () => {
    const sut = new MessageQueue(2, 1000);
    expect([sut.push(aDelivery()), sut.push(aDelivery()), sut.push(aDelivery())]).toEqual([
      true,
      true,
      false,
    ]);
    sut.shift();
    expect(sut.push(aDelivery())).toBe(true);
  });

  it('takes no more than maxQueuedBytes', () => {
    const sut = new MessageQueue(100, 25);
    expect(sut.push(aDelivery(20))).toBe(true);
    expect(sut.push(aDelivery(6))).toBe(false);
    expect(sut.push(aDelivery(5))).toBe(true);
    sut.shift();
    expect(sut.push(aDelivery(20))).toBe(true);
  });

  it('makes what waits independent of the receive buffer', () => {
    const delivery = aDelivery();
    new MessageQueue(1, 100).push(delivery);
    expect(delivery.kept).toBe(1);
  });

  it('keeps count when it is filtered', () => {
    const sut = new MessageQueue(10, 100);
    const [one, two, three] = [aDelivery(40), aDelivery(30), aDelivery(30)];
    for (const delivery of [one, two, three]) sut.push(delivery);
    expect(sut.filter((delivery) => delivery === two)).toEqual([one, three]);
    expect(sut.size).toBe(1);
    expect(sut.push(aDelivery(71))).toBe(false);
    expect(sut.push(aDelivery(70))).toBe(true);
  });
});
