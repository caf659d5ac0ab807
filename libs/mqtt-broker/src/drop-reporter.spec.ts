import { FakeClock } from '@hearth/testkit';
import { Counters } from './counters.js';
import { DropReporter } from './drop-reporter.js';
import { EventHub } from './event-hub.js';
import type { BrokerEvents } from './events.js';

describe(DropReporter.name, () => {
  it('announces the first loss at once and sums up the others of the second', () => {
    const clock = new FakeClock();
    const counters = new Counters();
    const events = new EventHub(() => undefined);
    const heard: BrokerEvents['dropped'][] = [];
    events.on('dropped', (event) => heard.push(event));
    const sut = new DropReporter(clock, events, counters);
    for (const topic of ['a', 'b', 'c']) sut.report('x', topic, 'queue-full');
    sut.report('y', 'a', 'queue-full');
    sut.report('x', 'd', 'expired');
    expect(heard).toEqual([
      { clientId: 'x', topic: 'a', reason: 'queue-full', count: 1 },
      { clientId: 'y', topic: 'a', reason: 'queue-full', count: 1 },
      { clientId: 'x', topic: 'd', reason: 'expired', count: 1 },
    ]);
    clock.advance(1000);
    expect(heard.slice(3)).toEqual([{ clientId: 'x', topic: 'c', reason: 'queue-full', count: 2 }]);
    expect(counters.dropped['queue-full']).toBe(4);
    expect(clock.pending).toBe(0);
    sut.report('x', 'a', 'queue-full');
    expect(heard).toHaveLength(5);
  });
});
