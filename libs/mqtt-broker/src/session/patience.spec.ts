import { FakeClock } from '@hearth/testkit';
import { Patience } from './patience.js';

describe(Patience.name, () => {
  it('releases everyone who waits when the receiver caught up', () => {
    const clock = new FakeClock();
    const sut = new Patience(clock, 250);
    const released: string[] = [];
    sut.hold(() => released.push('a'));
    sut.hold(() => released.push('b'));
    expect(released).toEqual([]);
    sut.relieve();
    expect(released).toEqual(['a', 'b']);
    expect(sut.isSpent).toBe(false);
    expect(clock.pending).toBe(0);
  });

  it('is spent when its time is over, until it is renewed', () => {
    const clock = new FakeClock();
    const sut = new Patience(clock, 250);
    const released: string[] = [];
    sut.hold(() => released.push('a'));
    clock.advance(200);
    sut.hold(() => released.push('b'));
    clock.advance(49);
    expect(released).toEqual([]);
    clock.advance(1);
    expect(released).toEqual(['a', 'b']);
    expect(sut.isSpent).toBe(true);
    sut.renew();
    expect(sut.isSpent).toBe(false);
  });
});
