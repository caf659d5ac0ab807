import { DomainError } from '../common/domain-error.js';
import { errorChain } from './error-chain.js';

/** Seconds after which a client may try again: somebody has to make room first. */
const RETRY_AFTER_SECONDS = 60;

/** The disk of the database has no room. Nothing was changed; what waits is stored by itself when there is room. */
export class DiskFull extends DomainError {
  constructor(cause: unknown) {
    super('unavailable', 'disk-full', "The disk of Hearth's database is full. Make room on it.", {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
      cause,
    });
  }
}

const FULL: ReadonlySet<unknown> = new Set([
  '53100', // SQLSTATE disk_full
  'ENOSPC',
]);

/** True when an error, or what caused it, is that a disk is full. */
export function isDiskFull(error: unknown): boolean {
  return errorChain(error).some(
    ({ code, originalCode }) => FULL.has(code) || FULL.has(originalCode),
  );
}
