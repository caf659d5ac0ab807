import type { HomeId } from '@hearth/contracts';
import { LiveClient } from './live-client.js';
import { LiveFeed } from './live-feed.js';

const [home, otherHome] = ['home', 'other'] as [HomeId, HomeId];

const reading = (ts: number) => ({
  seriesId: 1,
  deviceId: 'kitchen',
  metric: 'temperature',
  ts,
  value: ts,
});

function aBrowser(frames: Buffer[]) {
  return new LiveClient({
    bufferedAmount: 0,
    send: (frame) => frames.push(frame),
    ping: () => {},
    close: () => {},
    terminate: () => {},
  });
}

describe('LiveFeed', () => {
  it('sends each home its own news, gathered', () => {
    const sut = new LiveFeed();
    const [mine, theirs]: [Buffer[], Buffer[]] = [[], []];
    sut.join(home, aBrowser(mine));
    sut.join(otherHome, aBrowser(theirs));
    for (let ts = 0; ts < 50; ts++) sut.addReading(home, reading(ts));
    sut.addNoticeToAll({ event: 'changed', data: { what: 'home', deviceId: null } });
    sut.flush();
    expect(mine.map((frame) => JSON.parse(frame.toString()))).toEqual([
      { event: 'readings', data: [reading(49)] },
      { event: 'changed', data: { what: 'home', deviceId: null } },
    ]);
    expect(theirs).toHaveLength(1);
  });

  it('encodes once for all browsers of a home', () => {
    const sut = new LiveFeed();
    const [one, two]: [Buffer[], Buffer[]] = [[], []];
    sut.join(home, aBrowser(one));
    sut.join(home, aBrowser(two));
    sut.addReading(home, reading(1));
    sut.flush();
    expect(one[0]).toBe(two[0]);
  });

  it('gathers nothing for a home that nobody looks at', () => {
    const sut = new LiveFeed();
    const browser = aBrowser([]);
    sut.join(home, browser);
    sut.leave(home, browser);
    expect(sut.isWatched).toBe(false);
    sut.addReading(home, reading(1));
    const later: Buffer[] = [];
    sut.join(home, aBrowser(later));
    sut.flush();
    expect(later).toEqual([]);
  });
});
