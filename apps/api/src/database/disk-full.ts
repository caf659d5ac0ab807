import { DomainError } from '../common/domain-error.js';

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
/** An error is wrapped a few times at most; a ring of causes must not be walked for ever. */
const MAX_DEPTH = 5;

/** True when an error, or what caused it, is that a disk is full. */
export function isDiskFull(error: unknown, depth = MAX_DEPTH): boolean {
  if (typeof error !== 'object' || error === null || depth === 0) return false;
  // Prisma tells what its driver was told in plain objects: below `cause`, or below `meta` for raw SQL.
  const { code, originalCode, cause, meta, driverAdapterError } = error as Record<string, unknown>;
  if (FULL.has(code) || FULL.has(originalCode)) return true;
  return [cause, meta, driverAdapterError].some((one) => isDiskFull(one, depth - 1));
}
