import { isDiskFull } from './disk-full.js';

const coded = (code: string) => Object.assign(new Error('x'), { code });

describe('isDiskFull', () => {
  const ring = new Error('x');
  ring.cause = ring;
  it.each([
    [coded('53100'), true],
    [coded('ENOSPC'), true],
    [new Error('query failed', { cause: coded('53100') }), true],
    [new Error('x', { cause: { kind: 'postgres', originalCode: '53100' } }), true],
    [
      Object.assign(coded('P2010'), { meta: { driverAdapterError: { cause: { code: '53100' } } } }),
      true,
    ],
    [coded('53200'), false],
    [coded('ECONNREFUSED'), false],
    [ring, false],
    ['53100', false],
    [undefined, false],
  ])('of %s is %s', (error, expected) => {
    expect(isDiskFull(error)).toBe(expected);
  });
});
