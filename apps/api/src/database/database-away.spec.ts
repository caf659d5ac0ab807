import { isDatabaseAway } from './database-away.js';

const coded = (code: string) => Object.assign(new Error('x'), { code });

/** What Prisma makes of an SQLSTATE that it has no code for. */
const ofPrisma = (code: string, severity = 'ERROR') =>
  Object.assign(coded('P2039'), {
    meta: {
      driverAdapterError: { cause: { kind: 'postgres', originalCode: code, code, severity } },
    },
  });

describe('isDatabaseAway', () => {
  it.each([
    [coded('P1001'), true],
    [coded('ECONNREFUSED'), true],
    [coded('57P01'), true],
    [coded('08006'), true],
    [coded('25006'), true],
    [ofPrisma('57P03', 'FATAL'), true],
    [Object.assign(coded('55000'), { severity: 'FATAL' }), true],
    [ofPrisma('55000', 'FATAL'), true],
    [new Error('Client has encountered a connection error and is not queryable'), true],
    [Object.assign(coded('55000'), { severity: 'ERROR' }), false],
    [ofPrisma('55000'), false],
    [coded('3D000'), false],
    [coded('57014'), false],
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
