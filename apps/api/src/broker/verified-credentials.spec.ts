import { VerifiedCredentials } from './verified-credentials.js';

const secret = Buffer.from('open sesame');

describe('VerifiedCredentials', () => {
  it('knows a secret again, for that principal and that hash only', () => {
    const sut = new VerifiedCredentials();
    sut.remember('kitchen', 'hash-1', secret);
    expect(sut.has('kitchen', 'hash-1', Buffer.from('open sesame'))).toBe(true);
    expect(sut.has('cellar', 'hash-1', secret)).toBe(false);
    expect(sut.has('kitchen', 'hash-1', Buffer.from('open sesame!'))).toBe(false);
  });

  it('does not know a secret after the stored hash changed', () => {
    const sut = new VerifiedCredentials();
    sut.remember('kitchen', 'hash-1', secret);
    expect(sut.has('kitchen', 'hash-2', secret)).toBe(false);
  });

  it('forgets a principal at once', () => {
    const sut = new VerifiedCredentials();
    sut.remember('kitchen', 'hash-1', secret);
    sut.forget('kitchen');
    expect(sut.has('kitchen', 'hash-1', secret)).toBe(false);
  });

  it('drops the principal used longest ago when it is full', () => {
    const sut = new VerifiedCredentials(2);
    sut.remember('a', 'hash', secret);
    sut.remember('b', 'hash', secret);
    sut.has('a', 'hash', secret);
    sut.remember('c', 'hash', secret);
    expect(['a', 'b', 'c'].map((id) => sut.has(id, 'hash', secret))).toEqual([true, false, true]);
  });

  it('takes __proto__ as a principal like any other', () => {
    const sut = new VerifiedCredentials();
    expect(sut.has('__proto__', 'hash', secret)).toBe(false);
    sut.remember('__proto__', 'hash', secret);
    expect(sut.has('__proto__', 'hash', secret)).toBe(true);
  });
});
