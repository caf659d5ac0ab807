import { FakeClock } from '@hearth/testkit';
import { Visitors, visitorOf } from './visitors.js';

describe(visitorOf.name, () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['2001:db8::2:3:4:5:6', '2001:db8:0:2'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['unknown', 'unknown'],
  ])('%s is %s', (address, visitor) => {
    expect(visitorOf(address)).toBe(visitor);
  });
});

describe(Visitors.name, () => {
  const limits = { maxConnectionsPerAddress: 2, maxFailedLoginsPerAddress: 3 };

  it('objects to one connection more than an address may have, until one ends', () => {
    const sut = new Visitors(limits, new FakeClock());
    for (let i = 0; i < 2; i++) sut.enter('192.0.2.1');
    expect(sut.objection('192.0.2.1')).toBeDefined();
    expect(sut.objection('192.0.2.2')).toBeUndefined();
    sut.leave('192.0.2.1');
    expect(sut.objection('192.0.2.1')).toBeUndefined();
  });

  it('objects after too many wrong credentials, and forgets them one by one', () => {
    const clock = new FakeClock();
    const sut = new Visitors(limits, clock);
    for (let i = 0; i < 3; i++) {
      expect(sut.objection('192.0.2.1')).toBeUndefined();
      sut.refused('192.0.2.1', 0x86);
    }
    expect(sut.objection('192.0.2.1')).toBeDefined();
    clock.advance(19_999);
    expect(sut.objection('192.0.2.1')).toBeDefined();
    clock.advance(1);
    expect(sut.objection('192.0.2.1')).toBeUndefined();
    sut.refused('192.0.2.1', 0x87);
    expect(sut.objection('192.0.2.1')).toBeDefined();
  });

  it('does not count connections that end for other reasons', () => {
    const sut = new Visitors(limits, new FakeClock());
    for (let i = 0; i < 10; i++) sut.refused('192.0.2.1', 0x80);
    expect(sut.objection('192.0.2.1')).toBeUndefined();
  });

  it('bounds nothing where the limits are 0', () => {
    const none = { maxConnectionsPerAddress: 0, maxFailedLoginsPerAddress: 0 };
    const sut = new Visitors(none, new FakeClock());
    for (let i = 0; i < 100; i++) {
      sut.enter('192.0.2.1');
      sut.refused('192.0.2.1', 0x86);
    }
    expect(sut.objection('192.0.2.1')).toBeUndefined();
  });
});
