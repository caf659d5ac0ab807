import { DomainError } from '../common/domain-error.js';
import { errorChain, type ErrorLink } from './error-chain.js';

/** Seconds after which a client may try again. */
const RETRY_AFTER_SECONDS = 5;

/** Postgres does not answer, or takes no changes at present. Nothing was changed; it comes back by itself. */
export class DatabaseAway extends DomainError {
  constructor(cause: unknown) {
    super('unavailable', 'database-away', 'The database does not answer. Try again in a moment.', {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
      cause,
    });
  }
}

/**
 * What Prisma, the operating system and Postgres say when there is no connection to be had, or none for changes, and trying
 * again may help. Not 3D000 or 28P01: a database or password that is wrong stays wrong. Not 57014: it ends one statement.
 */
const AWAY: ReadonlySet<unknown> = new Set([
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
  '08000', // connection_exception
  '08001', // sqlclient_unable_to_establish_sqlconnection
  '08003', // connection_does_not_exist
  '08004', // sqlserver_rejected_establishment_of_sqlconnection
  '08006', // connection_failure
  '25006', // read_only_sql_transaction: a standby that has not taken over yet
  '53300', // too_many_connections
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '57P05', // idle_session_timeout
]);

/** Said of many objects; only as the answer to a connection it means that the database takes none at present. */
const NOT_IN_PREREQUISITE_STATE = '55000';

/** `pg` has no code for these. */
const AWAY_MESSAGE =
  /^Connection terminated|^timeout exceeded when trying to connect|^Client (?:has encountered a connection error|was closed) and is not queryable/;

/** True when an error, or what caused it, is that the database is not there. */
export function isDatabaseAway(error: unknown): boolean {
  return errorChain(error).some(isAway);
}

function isAway({ code, originalCode, severity, message }: ErrorLink): boolean {
  if (AWAY.has(code) || AWAY.has(originalCode)) return true;
  if (code === NOT_IN_PREREQUISITE_STATE && severity === 'FATAL') return true;
  return typeof message === 'string' && AWAY_MESSAGE.test(message);
}
