import { DomainError } from '../common/domain-error.js';

/** Seconds after which a client may try again. */
const RETRY_AFTER_SECONDS = 5;

/** Postgres does not answer. Nothing was changed; it comes back by itself. */
export class DatabaseAway extends DomainError {
  constructor(cause: unknown) {
    super('unavailable', 'database-away', 'The database does not answer. Try again in a moment.', {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
      cause,
    });
  }
}

/** What Prisma, the operating system and Postgres say when there is no connection to be had. */
const AWAY: ReadonlySet<string> = new Set([
  'P1001', // cannot reach the server
  'P1002', // reached, but timed out
  'P1008', // operation timed out
  'P1017', // server has closed the connection
  'P2024', // no connection of the pool became free
  'P2028', // a transaction could not begin, or lost its connection
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENOTFOUND',
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '53300', // too_many_connections
]);

/** `pg` has no code for these two. */
const AWAY_MESSAGE = /^Connection terminated|^timeout exceeded when trying to connect/;

/** True when an error, or what caused it, is that the database is not there. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && AWAY.has(String(error.code))) return true;
  return AWAY_MESSAGE.test(error.message) || isDatabaseAway(error.cause);
}
