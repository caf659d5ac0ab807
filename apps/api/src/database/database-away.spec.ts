import { isDatabaseAway } from './database-away.js';

const coded = (code: string) => Object.assign(new Error('x'), { code });

describe('isDatabaseAway', () => {
  it.each([
    [coded('P1001'), true],
    [coded('ECONNREFUSED'), true],
    [coded('57P01'), true],
    [new Error('Connection terminated unexpectedly'), true],
    [new Error('query failed', { cause: coded('ECONNRESET') }), true],
    [coded('P2002'), false],
    [coded('42P01'), false],
    [new Error('x'), false],
    ['ECONNREFUSED', false],
  ])('of %s is %s', (error, expected) => {
    expect(isDatabaseAway(error)).toBe(expected);
  });
});
